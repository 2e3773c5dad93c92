package dev.custody.evidence;

/** No bundle can be made; the message says what stands against it. */
public final class EvidenceException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String hint;

  /**
   * What stands against it.
   *
   * @param hint the next step
   */
  public EvidenceException(String message, String hint) {
    super(message);
    this.hint = hint;
  }

  /** The next step. */
  public String hint() {
    return hint;
  }
}
