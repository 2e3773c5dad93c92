package dev.custody.topic;

/** The topics are not as they must be; the message says which, and what to do. */
public final class TopicException extends Exception {
  private static final long serialVersionUID = 1L;

  TopicException(String message) {
    super(message);
  }

  TopicException(String message, Throwable cause) {
    super(message, cause);
  }
}
