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
  UNKNOWN
}
