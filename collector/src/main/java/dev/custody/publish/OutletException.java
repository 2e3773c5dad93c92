package dev.custody.publish;

/** Nothing can be published at the moment; the message says why. */
public final class OutletException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String message;

  /** With the reason and its cause. */
  public OutletException(String message, Throwable cause) {
    super(message, cause);
    this.message = message;
  }

  /** With the reason. */
  public OutletException(String message) {
    super(message);
    this.message = message;
  }

  /** Why. */
  @Override
  public String getMessage() {
    return message;
  }
}
