package dev.custody.identity;

/** A delegation that cannot be relied on; the message says why. */
public final class InvalidDelegationException extends Exception {
  private static final long serialVersionUID = 1L;

  /** With what is wrong. */
  public InvalidDelegationException(String message) {
    super(message);
  }

  /** With what is wrong and what found it. */
  public InvalidDelegationException(String message, Throwable cause) {
    super(message, cause);
  }
}
