package dev.custody.identity;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * That a human registers or retires an agent; on the wire a JSON Web Token signed with the human's
 * key.
 *
 * @param id the token's {@code jti}: {@code agt-} and 12 to 60 lower-case hex digits
 * @param kind what is stated
 * @param human who states it
 * @param agent of whom; one without a task stands for all its tasks
 * @param issuedAt when, whole seconds; of several statements on one agent the newest counts
 */
public record AgentStatement(String id, Kind kind, String human, AgentId agent, Instant issuedAt) {
  private static final int MAX_HUMAN_CHARS = 256;

  /**
   * Checks.
   *
   * @throws IllegalArgumentException naming the part that is wrong
   */
  public AgentStatement {
    issuedAt = issuedAt.truncatedTo(ChronoUnit.SECONDS);
    if (!id.matches("agt-[0-9a-f]{12,60}")) {
      throw new IllegalArgumentException("not the id of a statement on an agent: '" + id + "'");
    }
    if (human.isBlank() || human.length() > MAX_HUMAN_CHARS) {
      throw new IllegalArgumentException(
          "a human is named by 1 to " + MAX_HUMAN_CHARS + " characters");
    }
  }

  /** What is stated. */
  public enum Kind {
    /** The agent is expected from then on. */
    REGISTER("register"),
    /** The agent is expected no more. */
    RETIRE("retire");

    private final String word;

    Kind(String word) {
      this.word = word;
    }

    /** As it stands in a token. */
    public String word() {
      return word;
    }

    /**
     * The kind that {@code word} stands for.
     *
     * @throws IllegalArgumentException for another word
     */
    public static Kind of(String word) {
      for (Kind kind : values()) {
        if (kind.word.equals(word)) {
          return kind;
        }
      }
      throw new IllegalArgumentException("expected register or retire, found '" + word + "'");
    }
  }
}
