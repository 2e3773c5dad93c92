package dev.custody.admission;

/** Something that no trusted root vouches for; the message says why. */
public final class UntrustedException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String message;

  /** With what was expected and found. */
  public UntrustedException(String message) {
    super(message);
    this.message = message;
  }

  /** Expected and found. */
  @Override
  public String getMessage() {
    return message;
  }
}
