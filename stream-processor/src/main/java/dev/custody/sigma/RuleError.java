package dev.custody.sigma;

/**
 * A rule file or a document in it that can't be loaded: {@code rules/x.yml:12: what is wrong, and
 * what was expected}.
 *
 * <p>Where a whole set is demanded, all errors but the first are {@linkplain #getSuppressed()
 * suppressed} in the one that is thrown, in the order of files and lines.
 */
public final class RuleError extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String file;
  private final int line;
  private final String problem;

  RuleError(String file, int line, String problem) {
    super(file + (line > 0 ? ":" + line : "") + ": " + problem);
    this.file = file;
    this.line = line;
    this.problem = problem;
  }

  /** The file or directory at fault, as it was named to the loader. */
  public String file() {
    return file;
  }

  /** What is wrong, and what was expected; the message without file and line. */
  public String problem() {
    return problem;
  }

  /** The line, from 1; 0 where the fault is the file as a whole. */
  public int line() {
    return line;
  }
}
