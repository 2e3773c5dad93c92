package dev.custody.source.otlp;

/** A request holds more than is looked at; the message says of what, and the limit. */
public final class TooMuchException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String message;

  TooMuchException(String message) {
    super(message, null, false, false);
    this.message = message;
  }

  /** Limit and found. */
  @Override
  public String getMessage() {
    return message;
  }
}
