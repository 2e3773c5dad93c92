package dev.custody.cli;

import dev.custody.audit.RecordSource;
import java.time.Duration;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** A bar on standard error, on a terminal only, once it takes longer than a moment. */
final class VerifyProgress implements AutoCloseable {
  private static final Duration MOMENT = Duration.ofSeconds(1);
  private static final long STEPS = 1_000;

  private final RecordSource source;
  private final boolean terminal = isTerminal();
  private final long began = System.nanoTime();
  private @Nullable ProgressBar bar;

  VerifyProgress(RecordSource source) {
    this.source = source;
  }

  // It is null in Java 25 again, where no terminal is.
  @SuppressWarnings("SystemConsoleNull")
  private static boolean isTerminal() {
    return System.console() != null && System.console().isTerminal();
  }

  void tick() {
    if (bar == null && terminal && System.nanoTime() - began > MOMENT.toNanos()) {
      bar =
          new ProgressBarBuilder()
              .setTaskName("verifying")
              .setInitialMax(STEPS)
              .setUnit("%", STEPS / 100)
              .setStyle(ProgressBarStyle.ASCII)
              .clearDisplayOnFinish()
              .build();
    }
    if (bar != null) {
      bar.stepTo(Math.round(source.progress() * STEPS));
    }
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }
}
