package dev.custody.identity;

import dev.custody.digest.Digest;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a human lets an agent do, until when; on the wire a signed JSON Web Token. A human's own
 * grant is signed with their key; a hop, by which an agent hands on a part of it to a sub-agent, by
 * the collector that vouches for the agent.
 *
 * @param id the token's {@code jti}; 8 to 64 characters that AWS takes as a source identity
 * @param signer the token's {@code iss}: the human, or the SPIFFE ID of the collector
 * @param grantor the token's {@code sub}: the human, at every hop
 * @param actors the token's {@code act} (RFC 8693, section 4.1): the delegate first, then whoever
 *     handed on to it; 1 to {@link #MAX_ACTORS}. The first may stand above the ids of several
 *     agents
 * @param scope what is allowed
 * @param issuedAt when it was made
 * @param notBefore start, inclusive, whole seconds
 * @param expiresAt end, exclusive, whole seconds
 * @param purpose why, in the grantor's words; may be empty
 * @param maxDepth how many further hops there may be below this one; 0 for none
 * @param session the only agent session that it is for; null for any
 * @param parent of a hop: SHA-256 of its parent's compact token
 */
public record Delegation(
    String id,
    String signer,
    String grantor,
    List<SpiffeId> actors,
    Scope scope,
    Instant issuedAt,
    Instant notBefore,
    Instant expiresAt,
    String purpose,
    int maxDepth,
    @Nullable String session,
    @Nullable Digest parent) {
  /** Most hops of a chain, the human's own grant among them. */
  public static final int MAX_ACTORS = 8;

  private static final Pattern ID = Pattern.compile("[\\w+=,.@-]{8,64}");
  private static final Pattern SESSION = Pattern.compile("[\\x21-\\x7e]{1,256}");
  private static final int MAX_HUMAN_CHARS = 256;
  private static final int MAX_PURPOSE_CHARS = 4096;

  /**
   * Checks.
   *
   * @throws IllegalArgumentException naming the part that is wrong
   */
  public Delegation {
    actors = List.copyOf(actors);
    issuedAt = issuedAt.truncatedTo(ChronoUnit.SECONDS);
    notBefore = notBefore.truncatedTo(ChronoUnit.SECONDS);
    expiresAt = expiresAt.truncatedTo(ChronoUnit.SECONDS);
    checkId("delegation", id);
    checkName("signer", signer, SpiffeId.MAX_BYTES);
    checkName("grantor", grantor, MAX_HUMAN_CHARS);
    if (actors.isEmpty() || actors.size() > MAX_ACTORS) {
      throw new IllegalArgumentException(
          "expected 1 to %d actors, found %d".formatted(MAX_ACTORS, actors.size()));
    }
    if (!notBefore.isBefore(expiresAt)) {
      throw new IllegalArgumentException(
          "expires at " + expiresAt + ", not after its start " + notBefore);
    }
    if (purpose.length() > MAX_PURPOSE_CHARS) {
      throw new IllegalArgumentException(
          "expected a purpose of at most %d characters, found %d"
              .formatted(MAX_PURPOSE_CHARS, purpose.length()));
    }
    if (maxDepth < 0 || maxDepth > 8) {
      throw new IllegalArgumentException("expected a depth of 0 to 8, found " + maxDepth);
    }
    if (session != null && !SESSION.matcher(session).matches()) {
      throw new IllegalArgumentException(
          "expected a session of 1 to 256 printable characters, found '" + session + "'");
    }
  }

  /** A human's own grant, for any session. */
  public Delegation(
      String id,
      String grantor,
      SpiffeId delegate,
      Scope scope,
      Instant issuedAt,
      Instant notBefore,
      Instant expiresAt,
      String purpose,
      int maxDepth) {
    this(
        id,
        grantor,
        grantor,
        List.of(delegate),
        scope,
        issuedAt,
        notBefore,
        expiresAt,
        purpose,
        maxDepth,
        null,
        null);
  }

  private static void checkId(String what, String id) {
    if (!ID.matcher(id).matches()) {
      throw new IllegalArgumentException("not a " + what + " id: '" + id + "'");
    }
  }

  private static void checkName(String what, String name, int most) {
    if (name.isBlank() || name.length() > most) {
      throw new IllegalArgumentException("a %s has 1 to %d characters".formatted(what, most));
    }
  }

  /** The agent that may act, or an id above those of several agents. */
  public SpiffeId delegate() {
    return actors.getFirst();
  }

  /** Whether an agent handed it on, rather than the human granting it. */
  public boolean isHop() {
    return parent != null;
  }

  /** Whether {@code moment} is within its validity. */
  public boolean validAt(Instant moment) {
    return !moment.isBefore(notBefore) && moment.isBefore(expiresAt);
  }

  /** What a hop commits to: SHA-256 of its parent's compact token, as ASCII. */
  public static Digest commitment(String token) {
    return Digest.sha256(token.getBytes(StandardCharsets.US_ASCII));
  }

  /**
   * A human's word that a delegation holds no longer; on the wire a signed JSON Web Token. It
   * counts from when it was recorded.
   *
   * @param id the token's {@code jti}
   * @param grantor the token's {@code iss}: the human who granted it
   * @param delegation which
   * @param issuedAt when it was signed, whole seconds
   * @param reason why; may be empty
   */
  public record Revocation(
      String id, String grantor, String delegation, Instant issuedAt, String reason) {
    /**
     * Checks.
     *
     * @throws IllegalArgumentException naming the part that is wrong
     */
    public Revocation {
      issuedAt = issuedAt.truncatedTo(ChronoUnit.SECONDS);
      checkId("revocation", id);
      checkName("grantor", grantor, MAX_HUMAN_CHARS);
      checkId("delegation", delegation);
      if (reason.length() > MAX_PURPOSE_CHARS) {
        throw new IllegalArgumentException(
            "expected a reason of at most %d characters, found %d"
                .formatted(MAX_PURPOSE_CHARS, reason.length()));
      }
    }
  }
}
