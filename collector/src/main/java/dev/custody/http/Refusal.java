package dev.custody.http;

/** A request that is not served; the message is all that its sender gets to see. */
final class Refusal extends Exception {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String reason;

  /**
   * With a status and a sentence.
   *
   * @param status HTTP status, 400 or above
   */
  Refusal(int status, String reason) {
    super(reason, null, false, false);
    this.status = status;
    this.reason = reason;
  }

  int status() {
    return status;
  }

  String reason() {
    return reason;
  }
}
