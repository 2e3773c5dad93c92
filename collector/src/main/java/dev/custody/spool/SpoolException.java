package dev.custody.spool;

/** The spool cannot be used, or could not be written; the message says why and what to do. */
public final class SpoolException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String message;

  SpoolException(String message) {
    super(message);
    this.message = message;
  }

  SpoolException(String message, Throwable cause) {
    super(message, cause);
    this.message = message;
  }

  /** Why, and what to do. */
  @Override
  public String getMessage() {
    return message;
  }
}
