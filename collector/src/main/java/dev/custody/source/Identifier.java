package dev.custody.source;

/** A name that two independent observers may both report, and that links what they saw. */
public record Identifier(Kind kind, String value) {
  /** What the value names. */
  public enum Kind {
    /** {@code AKIA...} of a user, {@code ASIA...} of a session. */
    AWS_ACCESS_KEY_ID,
    /** {@code Role/Session} where the role is known, else the session's name alone. */
    AWS_ROLE_SESSION,
    AWS_SOURCE_IDENTITY
  }
}
