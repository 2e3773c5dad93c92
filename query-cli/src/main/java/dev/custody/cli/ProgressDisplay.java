package dev.custody.cli;

import java.time.Duration;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarConsumer;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/**
 * A bar on standard error with the time that is left, on a terminal only, once it takes longer than
 * a moment.
 */
final class ProgressDisplay implements AutoCloseable {
  private static final Duration MOMENT = Duration.ofSeconds(1);

  private final String task;
  private final String unit;
  private final long unitSize;
  private final boolean rate;
  private final boolean shown;
  private final Duration moment;
  private final @Nullable ProgressBarConsumer out;
  private final long began = System.nanoTime();
  private @Nullable ProgressBar bar;

  /**
   * Shows nothing yet.
   *
   * @param unit what is counted, {@code unitSize} steps each
   * @param rate whether it shows how many of them are done in a second
   */
  ProgressDisplay(String task, String unit, long unitSize, boolean rate) {
    this(task, unit, unitSize, rate, isTerminal(), MOMENT, null);
  }

  /**
   * The same.
   *
   * @param shown whether somebody looks at it
   * @param moment what is shorter shows no bar
   * @param out where it is drawn; null for standard error
   */
  ProgressDisplay(
      String task,
      String unit,
      long unitSize,
      boolean rate,
      boolean shown,
      Duration moment,
      @Nullable ProgressBarConsumer out) {
    this.shown = shown;
    this.moment = moment;
    this.out = out;
    this.task = task;
    this.unit = unit;
    this.unitSize = unitSize;
    this.rate = rate;
  }

  // It is null in Java 25 again, where no terminal is.
  @SuppressWarnings("SystemConsoleNull")
  private static boolean isTerminal() {
    return System.console() != null && System.console().isTerminal();
  }

  /**
   * So far it went.
   *
   * @param most where it ends; negative when nobody knows
   */
  void at(long done, long most) {
    if (bar == null && shown && System.nanoTime() - began > moment.toNanos()) {
      ProgressBarBuilder builder =
          new ProgressBarBuilder()
              .setTaskName(task)
              .setInitialMax(most)
              .setUnit(unit, unitSize)
              .setStyle(ProgressBarStyle.ASCII)
              .setUpdateIntervalMillis(500)
              .clearDisplayOnFinish();
      if (out != null) {
        builder.setConsumer(out);
      }
      bar = (rate ? builder.showSpeed() : builder).build();
    }
    if (bar != null) {
      bar.maxHint(most);
      bar.stepTo(done);
    }
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }
}
