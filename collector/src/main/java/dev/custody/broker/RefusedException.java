package dev.custody.broker;

import dev.custody.attribution.DelegationVerdict;

/** No credential is given; the message says why in one line, without any secret. */
public final class RefusedException extends Exception {
  private static final long serialVersionUID = 1L;

  private final Kind kind;
  private final DelegationVerdict verdict;
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

  /** What refuses, and why, where no delegation is spoken of. */
  public RefusedException(Kind kind, String reason) {
    this(kind, DelegationVerdict.NOT_APPLICABLE, reason);
  }

  /** The delegation refuses: how the request stands to it, and why. */
  public RefusedException(DelegationVerdict verdict, String reason) {
    this(Kind.DELEGATION, verdict, reason);
  }

  private RefusedException(Kind kind, DelegationVerdict verdict, String reason) {
    super(reason, null, false, false);
    this.kind = kind;
    this.verdict = verdict;
    this.reason = reason;
  }

  /** How the request stands to the delegation; {@code NOT_APPLICABLE} where none refuses. */
  public DelegationVerdict verdict() {
    return verdict;
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
