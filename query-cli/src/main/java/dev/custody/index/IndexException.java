package dev.custody.index;

import java.io.Serial;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The index cannot be read or written. */
public final class IndexException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  private final String hint;

  IndexException(String message, String hint, @Nullable Throwable cause) {
    super(message, cause);
    this.hint = hint;
  }

  static IndexException failed(String doing, Path directory, Throwable cause) {
    return new IndexException(
        "%s the index %s failed: %s".formatted(doing, directory, cause),
        "the index can be rebuilt: stop Custody, delete " + directory + ", start it again",
        cause);
  }

  /** What to do about it. */
  public String hint() {
    return hint;
  }
}
