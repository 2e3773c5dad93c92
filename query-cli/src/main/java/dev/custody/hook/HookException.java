package dev.custody.hook;

import java.io.Serial;

/** A file is not touched; the message says which, and why. */
public final class HookException extends Exception {
  @Serial private static final long serialVersionUID = 1;

  private final String hint;

  /**
   * A refusal.
   *
   * @param message which file, where, expected and found
   * @param hint the next step
   */
  public HookException(String message, String hint) {
    super(message);
    this.hint = hint;
  }

  /** The next step. */
  public String hint() {
    return hint;
  }
}
