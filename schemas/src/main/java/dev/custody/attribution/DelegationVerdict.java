package dev.custody.attribution;

/** How an action stands to a delegation. */
public enum DelegationVerdict {
  WITHIN,
  OUTSIDE,
  EXPIRED,
  NOT_YET_VALID,
  NONE,
  UNCERTAIN,
  NOT_APPLICABLE
}
