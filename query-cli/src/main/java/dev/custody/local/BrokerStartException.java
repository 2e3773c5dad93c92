package dev.custody.local;

/** The embedded broker could not start; the message ends with what to do about it. */
public final class BrokerStartException extends RuntimeException {
  BrokerStartException(String message) {
    super(message);
  }

  BrokerStartException(String message, Throwable cause) {
    super(message, cause);
  }
}
