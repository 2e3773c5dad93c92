package dev.custody.redact;

/**
 * A secret that was replaced.
 *
 * @param location where it stood: the name that the caller gave the text, or the JSON pointer in
 *     the redacted tree
 */
public record Finding(SecretKind kind, String fingerprint, String location) {}
