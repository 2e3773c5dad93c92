package dev.custody.enforce;

/** A policy that cannot be used; the message says what, where, expected and found. */
public final class PolicyException extends Exception {
  private static final long serialVersionUID = 1L;

  /** With what is wrong. */
  PolicyException(String message) {
    super(message);
  }
}
