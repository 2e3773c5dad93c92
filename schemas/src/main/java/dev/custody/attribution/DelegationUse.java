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
 */
public record DelegationUse(
    DelegationVerdict verdict,
    @Nullable String id,
    @Nullable String grantor,
    List<String> scope,
    @Nullable Instant expiresAt,
    @Nullable EventId grantedIn,
    String reason) {
  public DelegationUse {
    scope = List.copyOf(scope);
  }
}
