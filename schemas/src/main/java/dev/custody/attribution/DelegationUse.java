package dev.custody.attribution;

import dev.custody.event.EventId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The delegation an action was done under.
 *
 * @param verdict verdict
 * @param id delegation
 * @param grantor human who signed it
 * @param scope its scope, in words
 * @param expiresAt its end
 * @param grantedIn the event that granted it
 * @param reason why
 * @param chain the hops in words, the human's first; empty when there is but one
 */
public record DelegationUse(
    DelegationVerdict verdict,
    @Nullable String id,
    @Nullable String grantor,
    List<String> scope,
    @Nullable Instant expiresAt,
    @Nullable EventId grantedIn,
    String reason,
    List<String> chain) {
  public DelegationUse {
    scope = List.copyOf(scope);
    chain = List.copyOf(chain);
  }

  /** The use of a delegation of one hop, or of none. */
  public DelegationUse(
      DelegationVerdict verdict,
      @Nullable String id,
      @Nullable String grantor,
      List<String> scope,
      @Nullable Instant expiresAt,
      @Nullable EventId grantedIn,
      String reason) {
    this(verdict, id, grantor, scope, expiresAt, grantedIn, reason, List.of());
  }
}
