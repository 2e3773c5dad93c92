package dev.custody.http;

import dev.custody.digest.Bytes;
import org.jspecify.annotations.Nullable;

/** A request that is not served; the message is all that its sender gets to see. */
final class Refusal extends Exception {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String reason;
  private final transient @Nullable Form form;

  /**
   * How a protocol wants to be told.
   *
   * @param type media type
   * @param body the reason, in that type
   * @param retryAfter seconds after which to try again; 0 for never
   */
  record Form(String type, Bytes body, int retryAfter) {}

  /**
   * With a status and a sentence.
   *
   * @param status HTTP status, 400 or above
   */
  Refusal(int status, String reason) {
    this(status, reason, null);
  }

  /** The same, told in a form of its own. */
  Refusal(int status, String reason, @Nullable Form form) {
    super(reason, null, false, false);
    this.status = status;
    this.reason = reason;
    this.form = form;
  }

  int status() {
    return status;
  }

  String reason() {
    return reason;
  }

  /** Null where our own form will do. */
  @Nullable Form form() {
    return form;
  }
}
