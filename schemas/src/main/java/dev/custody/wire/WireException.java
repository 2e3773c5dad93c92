package dev.custody.wire;

/** Bytes that are not what the format says; the message tells what was expected and found. */
public final class WireException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String message;

  WireException(String message) {
    super(message);
    this.message = message;
  }

  WireException(String message, Throwable cause) {
    super(message, cause);
    this.message = message;
  }

  /** Expected and found. */
  @Override
  public String getMessage() {
    return message;
  }
}
