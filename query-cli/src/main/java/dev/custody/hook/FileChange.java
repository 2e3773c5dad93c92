package dev.custody.hook;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One file as it is and as it shall be.
 *
 * @param file its path, links followed
 * @param before null while there is none
 * @param after null when it is to go
 * @param mode permission bits that it shall have
 * @param keep what becomes of the copy of the original
 * @param original that copy; null when there was no file
 */
public record FileChange(
    Path file,
    @Nullable String before,
    @Nullable String after,
    String mode,
    Keep keep,
    @Nullable String original) {
  static final String PRIVATE = "rw-------";
  static final String PROGRAM = "rwxr-xr-x";

  /** What becomes of the copy of the original. */
  enum Keep {
    /** There is none, and none is made. */
    NOTHING,
    /** It is what the uninstall puts back. */
    ORIGINAL,
    /** The uninstall has put it back. */
    FORGET
  }

  /** A file of our own. */
  static FileChange own(Path file, @Nullable String before, @Nullable String after, String mode) {
    return new FileChange(file, before, after, mode, Keep.NOTHING, null);
  }

  /** Whether there is anything to do. */
  public boolean isChange() {
    return !Objects.equals(before, after) || hasLostItsBit();
  }

  /** What it shall be is there, and cannot be run. */
  private boolean hasLostItsBit() {
    return mode.equals(PROGRAM) && after != null && Files.exists(file) && !Files.isExecutable(file);
  }

  /** What is taken away and what is added, as a unified diff. */
  public String diff() {
    return Objects.equals(before, after)
        ? " %s: cannot be run, its mode becomes %s\n".formatted(file, mode)
        : UnifiedDiff.of(file.toString(), before, after);
  }
}
