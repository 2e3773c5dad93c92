package dev.custody.redact;

import java.util.List;

/**
 * What kind of secret was found. The {@link #id} stands in markers and events: it is part of the
 * format, so an id once given never changes its meaning.
 *
 * <p>Most kinds are declared in {@code secrets.conf}; those here are found by code, by a name or a
 * place rather than by a form.
 *
 * @param id lower-case letters and dashes
 * @param entropy how hard it is to guess
 */
public record SecretKind(String id, Entropy entropy) {
  static final SecretKind AWS_SECRET_KEY = new SecretKind("aws-secret-key", Entropy.HIGH);
  static final SecretKind AWS_SESSION_TOKEN = new SecretKind("aws-session-token", Entropy.HIGH);
  static final SecretKind AZURE_STORAGE_KEY = new SecretKind("azure-storage-key", Entropy.HIGH);

  /** What a {@code Bearer} or {@code Basic} header carries; {@code Basic} holds a password. */
  static final SecretKind AUTHORIZATION = new SecretKind("authorization", Entropy.LOW);

  static final SecretKind COOKIE = new SecretKind("cookie", Entropy.LOW);
  static final SecretKind URL_PASSWORD = new SecretKind("url-password", Entropy.LOW);

  /** Whatever stands under a name like {@code DB_PASSWORD} and has no format of its own. */
  static final SecretKind GENERIC_PASSWORD = new SecretKind("generic-password", Entropy.LOW);

  /** What looks random and stands beside a word such as {@code key}: how long it is, not whose. */
  static final SecretKind RANDOM_SECRET = new SecretKind("random-secret", Entropy.LOW);

  /** The kinds that need no declaration. */
  static final List<SecretKind> FOUND_BY_CODE =
      List.of(
          AWS_SECRET_KEY,
          AWS_SESSION_TOKEN,
          AZURE_STORAGE_KEY,
          AUTHORIZATION,
          COOKIE,
          URL_PASSWORD,
          GENERIC_PASSWORD,
          RANDOM_SECRET);

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
}
