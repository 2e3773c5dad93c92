package dev.custody.attribution;

/** How an action stands to a delegation. */
public enum DelegationVerdict {
  WITHIN,
  OUTSIDE,
  EXPIRED,
  NOT_YET_VALID,
  NONE,
  UNCERTAIN,
  NOT_APPLICABLE,
  REVOKED,
  /** An id was presented that no recorded delegation of this human has. */
  UNKNOWN;

  /** What decided, as the record of a decision names it. */
  public String rule() {
    return switch (this) {
      case WITHIN, OUTSIDE, NOT_APPLICABLE -> "delegation-scope";
      case EXPIRED -> "delegation-expired";
      case NOT_YET_VALID -> "delegation-not-yet-valid";
      case REVOKED -> "delegation-revoked";
      case UNKNOWN -> "delegation-unknown";
      case UNCERTAIN -> "delegation-boundary";
      case NONE -> "no-delegation";
    };
  }
}
