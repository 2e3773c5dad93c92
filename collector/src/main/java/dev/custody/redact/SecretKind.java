package dev.custody.redact;

/**
 * What kind of secret was found. The {@link #id} stands in markers and events: it is part of the
 * format, so an id once given never changes its meaning.
 */
public enum SecretKind {
  AWS_SECRET_KEY("aws-secret-key", Entropy.HIGH),
  AWS_SESSION_TOKEN("aws-session-token", Entropy.HIGH),
  GITHUB_TOKEN("github-token", Entropy.HIGH),
  GITLAB_TOKEN("gitlab-token", Entropy.HIGH),
  SLACK_TOKEN("slack-token", Entropy.HIGH),
  WEBHOOK_URL("webhook-url", Entropy.HIGH),
  STRIPE_KEY("stripe-key", Entropy.HIGH),
  OPENAI_KEY("openai-key", Entropy.HIGH),
  ANTHROPIC_KEY("anthropic-key", Entropy.HIGH),
  GOOGLE_API_KEY("google-api-key", Entropy.HIGH),
  GOOGLE_CLIENT_SECRET("google-client-secret", Entropy.HIGH),
  NPM_TOKEN("npm-token", Entropy.HIGH),
  PYPI_TOKEN("pypi-token", Entropy.HIGH),
  JWT("jwt", Entropy.HIGH),
  PRIVATE_KEY("private-key", Entropy.HIGH),
  AZURE_STORAGE_KEY("azure-storage-key", Entropy.HIGH),
  SENDGRID_KEY("sendgrid-key", Entropy.HIGH),
  TWILIO_KEY("twilio-key", Entropy.HIGH),
  VAULT_TOKEN("vault-token", Entropy.HIGH),
  DIGITALOCEAN_TOKEN("digitalocean-token", Entropy.HIGH),
  HUGGING_FACE_TOKEN("hugging-face-token", Entropy.HIGH),
  DOCKER_TOKEN("docker-token", Entropy.HIGH),
  /** What a {@code Bearer} or {@code Basic} header carries; {@code Basic} holds a password. */
  AUTHORIZATION("authorization", Entropy.LOW),
  URL_PASSWORD("url-password", Entropy.LOW),
  /** Whatever stands under a name like {@code DB_PASSWORD} and has no format of its own. */
  GENERIC_PASSWORD("generic-password", Entropy.LOW);

  /**
   * How hard a secret of a kind is to guess, which decides how far its fingerprint may be compared.
   */
  public enum Entropy {
    /**
     * 80 random bits or more: a guess can't be tested, the fingerprint may be organisation-wide.
     */
    HIGH,
    /**
     * A human may have chosen it: fingerprint under a per-session key that is destroyed afterwards.
     */
    LOW
  }

  private final String id;
  private final Entropy entropy;

  SecretKind(String id, Entropy entropy) {
    this.id = id;
    this.entropy = entropy;
  }

  public String id() {
    return id;
  }

  public Entropy entropy() {
    return entropy;
  }
}
