package dev.custody.http;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One line and one count a refusal; the lines are limited, so that nobody fills the disk with them,
 * and hold no control characters, so that nobody forges one.
 */
final class RefusalLog {
  private static final int LINES = 20;
  private static final long PERIOD_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final int LINE_CHARS = 300;
  private static final Logger LOG = LoggerFactory.getLogger(RefusalLog.class);

  private final MeterRegistry meters;
  private final LongAdder refused = new LongAdder();

  // Guarded by this.
  private long periodStart = System.nanoTime();
  private int lines;
  private long unsaid;

  RefusalLog(MeterRegistry meters) {
    this.meters = meters;
  }

  long refused() {
    return refused.sum();
  }

  void add(String method, String path, Refusal refusal) {
    refused.increment();
    Counter.builder("custody.refused")
        .description("requests refused since start")
        .tag("status", Integer.toString(refusal.status()))
        .register(meters)
        .increment();
    String line =
        neutral("%s %s: %d %s".formatted(method, path, refusal.status(), refusal.reason()));
    long skipped = mayWrite();
    if (skipped > 0) {
      LOG.warn("refused {} ({} more were refused before)", line, skipped);
    } else if (skipped == 0) {
      LOG.warn("refused {}", line);
    }
  }

  /** How many lines were left out before this one, or -1 when this one is left out as well. */
  private synchronized long mayWrite() {
    long now = System.nanoTime();
    if (now - periodStart >= PERIOD_NANOS) {
      periodStart = now;
      lines = 0;
    }
    if (lines == LINES) {
      unsaid++;
      return -1;
    }
    lines++;
    long before = unsaid;
    unsaid = 0;
    return before;
  }

  /** {@code text} shortened, without control or formatting characters. */
  static String neutral(String text) {
    StringBuilder clean = new StringBuilder();
    text.codePoints()
        .limit(LINE_CHARS)
        .map(c -> isHarmless(c) ? c : '\ufffd')
        .forEach(clean::appendCodePoint);
    return clean.toString();
  }

  private static boolean isHarmless(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED ->
          false;
      default -> true;
    };
  }
}
