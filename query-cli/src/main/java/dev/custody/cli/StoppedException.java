package dev.custody.cli;

import java.io.IOException;

/** Reading ends, because what was read could not be delivered. */
final class StoppedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private StoppedException(Exception cause) {
    super(cause);
  }

  /** What may fail. */
  @FunctionalInterface
  interface Step {
    void run() throws IOException, InterruptedException;
  }

  static void unless(Step step) {
    try {
      step.run();
    } catch (IOException | InterruptedException e) {
      throw new StoppedException(e);
    }
  }

  /** What failed, to be thrown where that is foreseen. */
  IOException rethrown() throws InterruptedException {
    if (getCause() instanceof InterruptedException interrupted) {
      throw interrupted;
    }
    return getCause() instanceof IOException io ? io : new IOException(getCause());
  }
}
