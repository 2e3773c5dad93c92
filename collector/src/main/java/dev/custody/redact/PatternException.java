package dev.custody.redact;

/** A file of patterns that is not as expected: where, and what was expected. */
public final class PatternException extends Exception {
  PatternException(String file, int line, String defect) {
    super("%s:%d: %s; try: docs/redaction.md".formatted(file, line, defect));
  }
}
