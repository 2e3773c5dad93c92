package dev.custody.collector;

/** The collector does not start; the message says why and what to do. */
public final class CollectorException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String message;

  CollectorException(String message, Throwable cause) {
    super(message, cause);
    this.message = message;
  }

  CollectorException(String message) {
    super(message);
    this.message = message;
  }

  /** Why, and what to do. */
  @Override
  public String getMessage() {
    return message;
  }
}
