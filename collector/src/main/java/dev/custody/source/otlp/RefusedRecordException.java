package dev.custody.source.otlp;

/** One record of a request is none; the others go on. The message repeats nothing of it. */
final class RefusedRecordException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String message;

  RefusedRecordException(String message) {
    super(message, null, false, false);
    this.message = message;
  }

  @Override
  public String getMessage() {
    return message;
  }
}
