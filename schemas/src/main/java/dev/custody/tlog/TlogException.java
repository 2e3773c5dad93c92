package dev.custody.tlog;

/** A tile, bundle, proof or policy that cannot be accepted; the message tells what and where. */
public final class TlogException extends Exception {
  private static final long serialVersionUID = 1L;

  TlogException(String message) {
    super(message);
  }

  TlogException(String message, Throwable cause) {
    super(message, cause);
  }
}
