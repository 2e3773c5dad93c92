package dev.custody.attribution;

/** What speaks against a candidate, or should not be. */
public enum Concern {
  /** The credential had ended by itself. */
  AFTER_EXPIRY,
  /** The credential had been revoked. */
  AFTER_REVOCATION,
  /** The session that the credential was issued to had ended. */
  AFTER_SESSION_END,
  /** The credential was used from another address than where it was asked for. */
  OTHER_ADDRESS,
  /** Another session has come to know the credential as well. */
  OTHER_HOLDER,
  /** The record carries the tag of another session. */
  CONFLICTING_TAG,
  /** An agent's credential or tag, and no tool call of the agent at that time. */
  NO_TOOL_CALL
}
