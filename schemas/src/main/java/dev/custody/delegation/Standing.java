package dev.custody.delegation;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** How a delegation that is recorded stands to a moment. */
public enum Standing {
  IN_FORCE,
  /** Too near to its start, its end or its revocation for clocks to tell. */
  AT_A_BOUNDARY,
  REVOKED,
  ENDED,
  NOT_BEGUN;

  /** Clocks may differ by this much. */
  public static final Duration SKEW = Duration.ofSeconds(5);

  /**
   * How one stands to {@code moment}.
   *
   * @param from its start, inclusive
   * @param until its end, exclusive: by itself, or with its session
   * @param revoked when its revocation was recorded; null for none
   */
  public static Standing at(
      Instant moment, Instant from, Instant until, @Nullable Instant revoked) {
    if (revoked != null && !moment.isBefore(revoked.plus(SKEW))) {
      // What ended first says why.
      return revoked.isBefore(until) ? REVOKED : ENDED;
    }
    if (isNear(from, moment)
        || isNear(until, moment)
        || (revoked != null && isNear(revoked, moment))) {
      return AT_A_BOUNDARY;
    }
    if (moment.isBefore(from)) {
      return NOT_BEGUN;
    }
    return moment.isBefore(until) ? IN_FORCE : ENDED;
  }

  /** Whether clocks may differ about what came first. */
  public static boolean isNear(Instant boundary, Instant moment) {
    return Duration.between(boundary, moment).abs().compareTo(SKEW) < 0;
  }
}
