package dev.custody.cli;

/** What the process tells its caller; fixed in {@code docs/cli-json.md}. */
final class ExitCode {
  /** Something was found; or what was asked for is intact, or done. */
  static final int FOUND = 0;

  /** Nothing was found; or it is not intact. */
  static final int NOTHING_FOUND = 1;

  /** The command could not run: wrong use, or something that it needs is missing. */
  static final int COULD_NOT_RUN = 2;

  private ExitCode() {}
}
