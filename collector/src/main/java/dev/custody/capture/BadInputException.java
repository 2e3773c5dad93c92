package dev.custody.capture;

/**
 * A source sent what is no record of its kind; the message says what, where, expected and found.
 */
public final class BadInputException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String message;

  /** With what is wrong. */
  public BadInputException(String message) {
    super(message);
    this.message = message;
  }

  /** Expected and found. */
  @Override
  public String getMessage() {
    return message;
  }
}
