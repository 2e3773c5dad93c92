package dev.custody.identity;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * What a human lets an agent do, until when; on the wire a JSON Web Token signed with the human's
 * key.
 *
 * @param id the token's {@code jti}; 8 to 64 characters that AWS takes as a source identity
 * @param grantor the human
 * @param delegate the agent, or an id above those of several agents
 * @param scope what is allowed
 * @param issuedAt when it was made
 * @param notBefore start, inclusive, whole seconds
 * @param expiresAt end, exclusive, whole seconds
 * @param purpose why, in the grantor's words; may be empty
 * @param maxDepth how many further hops the delegate may delegate; 0 for none
 */
public record Delegation(
    String id,
    String grantor,
    SpiffeId delegate,
    Scope scope,
    Instant issuedAt,
    Instant notBefore,
    Instant expiresAt,
    String purpose,
    int maxDepth) {
  /**
   * Checks.
   *
   * @throws IllegalArgumentException naming the part that is wrong
   */
  public Delegation {
    issuedAt = issuedAt.truncatedTo(ChronoUnit.SECONDS);
    notBefore = notBefore.truncatedTo(ChronoUnit.SECONDS);
    expiresAt = expiresAt.truncatedTo(ChronoUnit.SECONDS);
    if (!id.matches("[\\w+=,.@-]{8,64}")) {
      throw new IllegalArgumentException("not a delegation id: '" + id + "'");
    }
    if (grantor.isBlank() || grantor.length() > 256) {
      throw new IllegalArgumentException("a grantor has 1 to 256 characters");
    }
    if (!notBefore.isBefore(expiresAt)) {
      throw new IllegalArgumentException(
          "expires at " + expiresAt + ", not after its start " + notBefore);
    }
    if (maxDepth < 0 || maxDepth > 8) {
      throw new IllegalArgumentException("expected a depth of 0 to 8, found " + maxDepth);
    }
  }

  /** Whether {@code moment} is within its validity. */
  public boolean validAt(Instant moment) {
    return !moment.isBefore(notBefore) && moment.isBefore(expiresAt);
  }
}
