package dev.custody.signing;

/** A key cannot be used; the message says which, why and what to do. */
public final class KeyException extends Exception {
  private static final long serialVersionUID = 1L;

  KeyException(String message) {
    super(message);
  }

  KeyException(String message, Throwable cause) {
    super(message, cause);
  }

  /** One that another failure caused. */
  public static KeyException because(String message, Throwable cause) {
    return new KeyException(message, cause);
  }
}
