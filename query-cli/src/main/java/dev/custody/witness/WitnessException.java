package dev.custody.witness;

/** A witness cannot start, or cannot be asked at all; the message ends with the next step. */
public final class WitnessException extends Exception {
  private static final long serialVersionUID = 1L;

  WitnessException(String message) {
    super(message);
  }

  WitnessException(String message, Throwable cause) {
    super(message, cause);
  }
}
