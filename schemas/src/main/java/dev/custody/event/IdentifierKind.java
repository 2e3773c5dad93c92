package dev.custody.event;

/** What is identified. */
public enum IdentifierKind {
  AWS_ACCESS_KEY_ID,
  AWS_ROLE_SESSION,
  AWS_SOURCE_IDENTITY,
  PRINCIPAL,
  USER_AGENT_TAG,
  SOURCE_ADDRESS,
  GIT_COMMIT,
  SECRET_FINGERPRINT
}
