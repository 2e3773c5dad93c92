package dev.custody.accuracy.world;

import java.time.Duration;
import java.time.Instant;

/**
 * How large an organisation is.
 *
 * @param developers how many
 * @param sessionsEach agent sessions of one developer
 * @param stepsEach what one session does
 * @param start when the day begins
 * @param day how long it is
 */
public record Size(int developers, int sessionsEach, int stepsEach, Instant start, Duration day) {
  private static final Instant START = Instant.parse("2026-11-25T07:30:00Z");

  /** About 4,000 acts. */
  public static Size usual() {
    return new Size(24, 3, 14, START, Duration.ofHours(9));
  }

  /** About 700 acts: enough for a test. */
  public static Size small() {
    return new Size(10, 2, 9, START, Duration.ofHours(4));
  }

  /** So many times the developers. */
  public Size times(double factor) {
    int more = (int) Math.max(4, Math.round(developers * factor));
    return new Size(more, sessionsEach, stepsEach, start, day);
  }

  /** The same day, another date. */
  public Size from(Instant otherStart) {
    return new Size(developers, sessionsEach, stepsEach, otherStart, day);
  }
}
