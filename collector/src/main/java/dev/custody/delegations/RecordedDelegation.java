package dev.custody.delegations;

import dev.custody.delegation.DelegationChain;
import dev.custody.event.Body;
import dev.custody.identity.Delegation;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A delegation as this collector recorded it.
 *
 * @param chain what is delegated, hop by hop, verified
 * @param granted the token, who signed it, and what stands above it
 * @param recordedAt when it was recorded; it allows nothing that was done before
 * @param revokedAt when the first revocation of it, or of what it was handed on from, was recorded;
 *     null without any
 * @param sessionEndedAt when the session ended that it is for; null before, and for any session
 */
public record RecordedDelegation(
    DelegationChain chain,
    Body.DelegationGranted granted,
    Instant recordedAt,
    @Nullable Instant revokedAt,
    @Nullable Instant sessionEndedAt) {
  /** The last hop: what it comes to. */
  public Delegation delegation() {
    return chain.effective();
  }

  /** Its id. */
  public String id() {
    return delegation().id();
  }

  /** When it ends by itself, or with its session. */
  public Instant end() {
    Instant ended = sessionEndedAt;
    Instant expires = delegation().expiresAt();
    return ended != null && ended.isBefore(expires) ? ended : expires;
  }

  /** Whether it may be presented in {@code session}. */
  public boolean isFor(String session) {
    String bound = delegation().session();
    return bound == null || bound.equals(session);
  }

  /** Whether it allows anything at {@code moment}. */
  public boolean inForceAt(Instant moment) {
    Instant revoked = revokedAt;
    return !moment.isBefore(delegation().notBefore())
        && moment.isBefore(end())
        && !moment.isBefore(recordedAt)
        && (revoked == null || moment.isBefore(revoked));
  }
}
