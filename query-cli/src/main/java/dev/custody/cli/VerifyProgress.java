package dev.custody.cli;

import dev.custody.audit.RecordSource;

/** How far the reading of a log is. */
final class VerifyProgress implements AutoCloseable {
  private static final long STEPS = 1_000;

  private final RecordSource source;
  private final ProgressDisplay display = new ProgressDisplay("verifying", "%", STEPS / 100, false);

  VerifyProgress(RecordSource source) {
    this.source = source;
  }

  void tick() {
    display.at(Math.round(source.progress() * STEPS), STEPS);
  }

  @Override
  public void close() {
    display.close();
  }
}
