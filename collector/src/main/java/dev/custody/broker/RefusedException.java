package dev.custody.broker;

/** No credential is given; the message says why in one line, without any secret. */
public final class RefusedException extends Exception {
  private static final long serialVersionUID = 1L;

  private final Kind kind;
  private final String reason;

  /** What refuses. */
  public enum Kind {
    /** The delegation, or that there is none. */
    DELEGATION(403),
    /** What the collector knows of the session, or how it is configured. */
    CONFIGURATION(403),
    /** This collector has no broker. */
    NO_BROKER(404),
    /** The cloud provider. */
    PROVIDER(502);

    private final int status;

    Kind(int status) {
      this.status = status;
    }
  }

  /** With what refuses, and why. */
  public RefusedException(Kind kind, String reason) {
    super(reason, null, false, false);
    this.kind = kind;
    this.reason = reason;
  }

  /** What refuses. */
  public Kind kind() {
    return kind;
  }

  /** HTTP status. */
  public int status() {
    return kind.status;
  }

  /** Why. */
  @Override
  public String getMessage() {
    return reason;
  }
}
