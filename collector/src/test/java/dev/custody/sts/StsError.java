package dev.custody.sts;

/** What STS answers when it does not let somebody. */
final class StsError extends Exception {
  private static final long serialVersionUID = 1L;

  final int status;
  final String code;

  StsError(int status, String code, String message) {
    super(message);
    this.status = status;
    this.code = code;
  }

  static StsError invalid(String message) {
    return new StsError(400, "ValidationError", message);
  }
}
