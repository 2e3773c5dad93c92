package dev.custody.attribute;

import dev.custody.event.EventId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A delegation that was granted, as recorded.
 *
 * @param id delegation id
 * @param grantor human
 * @param delegate SPIFFE ID
 * @param authorizationDetails scope, RFC 9396 JSON
 * @param issuedAt when it was made
 * @param notBefore start, inclusive
 * @param expiresAt end, exclusive
 * @param grantedIn the event
 * @param observedAt when it was recorded
 * @param signer the human, or the SPIFFE ID of the collector that signed the last hop
 * @param session the only agent session it is for; null for any
 * @param maxDepth how many further hops there may be
 * @param ancestors ids of what it was handed on from, the human's own grant first
 * @param chain the hops in words, the human's first; empty when there is but one
 * @param families families of local actions that some hop above judges: {@code tool:}, {@code git:}
 * @param token SHA-256 of the compact token, hex
 */
public record Grant(
    String id,
    String grantor,
    String delegate,
    String authorizationDetails,
    Instant issuedAt,
    Instant notBefore,
    Instant expiresAt,
    EventId grantedIn,
    Instant observedAt,
    String signer,
    @Nullable String session,
    int maxDepth,
    List<String> ancestors,
    List<String> chain,
    List<String> families,
    String token) {
  /** Copies. */
  public Grant {
    ancestors = List.copyOf(ancestors);
    chain = List.copyOf(chain);
    families = List.copyOf(families);
  }

  /** Whether an agent handed it on, rather than the human granting it. */
  public boolean isHop() {
    return !ancestors.isEmpty();
  }
}
