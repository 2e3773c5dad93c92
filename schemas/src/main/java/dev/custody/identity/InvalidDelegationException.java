package dev.custody.identity;

/** A delegation that cannot be relied on; the defect says why, the message what was found. */
public final class InvalidDelegationException extends Exception {
  private static final long serialVersionUID = 1L;

  private final DelegationDefect defect;

  /** With what is wrong: expected and found. */
  public InvalidDelegationException(DelegationDefect defect, String message) {
    super(message);
    this.defect = defect;
  }

  /** With what is wrong and what found it. */
  public InvalidDelegationException(DelegationDefect defect, String message, Throwable cause) {
    super(message, cause);
    this.defect = defect;
  }

  /** What is wrong, for programs. */
  public DelegationDefect defect() {
    return defect;
  }
}
