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
  SECRET_FINGERPRINT,
  /** The tag that Custody gave one agent session: {@code custody-} and 20 hex digits. */
  SESSION_TAG,
  /** A work tree on a machine: {@code host:directory} of the main work tree. */
  REPOSITORY,
  /** A token as GitHub's audit log names it: base64 of its SHA-256 ({@code hashed_token}). */
  GITHUB_TOKEN,
  /**
   * A credential as the Kubernetes API server names it ({@code JTI=...}, {@code X509SHA256=...}).
   */
  KUBERNETES_CREDENTIAL,
  /** A session as git-ai's notes name it. */
  GIT_AI_SESSION,
  /**
   * What a file holds: 20 hex digits that only the organisation's key makes of it, the same for the
   * same content wherever it lies.
   */
  FILE_CONTENT
}
