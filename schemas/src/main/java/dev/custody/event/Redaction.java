package dev.custody.event;

/**
 * One secret that was replaced before signing.
 *
 * @param kind kind of secret
 * @param fingerprint keyed fingerprint, never a plain digest
 * @param location where it stood in the source record, a JSON pointer
 */
public record Redaction(String kind, String fingerprint, String location) {}
