package dev.custody.cli;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** A command could not do its work; {@link Main} reports it in two lines. */
public final class CouldNotRunException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  private final String hint;

  /**
   * A failure.
   *
   * @param message what, where, expected and found; one line, lower case
   * @param hint the next step
   */
  public CouldNotRunException(String message, String hint, @Nullable Throwable cause) {
    super(message, cause);
    this.hint = hint;
  }

  /** The next step. */
  public String hint() {
    return hint;
  }
}
