package dev.custody.event;

/**
 * Something public that links records of different sources.
 *
 * @param kind what is identified
 * @param value the identifier as the source wrote it
 */
public record Identifier(IdentifierKind kind, String value) {}
