package dev.custody.query;

import java.io.Serial;

/** A word or a filter that is not understood. */
public final class QuerySyntaxException extends Exception {
  @Serial private static final long serialVersionUID = 1;

  private final String hint;

  QuerySyntaxException(String message, String hint) {
    super(message);
    this.hint = hint;
  }

  /** What to type instead. */
  public String hint() {
    return hint;
  }
}
