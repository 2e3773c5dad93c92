package dev.custody.redact;

/**
 * A keyed pseudo-random function of a secret, as 4 to 32 lower-case hexadecimal digits. The caller
 * owns the keys: one of the organisation for kinds of {@link SecretKind.Entropy#HIGH}, one of the
 * session for the others.
 */
@FunctionalInterface
public interface Fingerprint {
  String of(SecretKind kind, String secret);
}
