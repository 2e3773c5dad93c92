package dev.custody.capture;

/** What was observed could not be made durable; the message says why and what to do. */
public final class CaptureException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String message;

  /** With the reason. */
  public CaptureException(String message) {
    super(message);
    this.message = message;
  }

  /** With the reason and its cause. */
  public CaptureException(String message, Throwable cause) {
    super(message, cause);
    this.message = message;
  }

  /** Why, and what to do. */
  @Override
  public String getMessage() {
    return message;
  }
}
