package dev.custody.redact;

/** Where in a text a secret stands. */
record Span(SecretKind kind, int start, int end) {}
