package dev.custody.enforce;

import java.time.Duration;
import java.util.Locale;

/**
 * What is answered to an agent before a tool runs ({@code docs/enforcement.md}).
 *
 * @param mode whether a call is ever denied
 * @param requireDelegation whether a call without any delegation counts as one out of scope
 * @param undecided what is answered in {@code enforce} when there is no decision in time
 * @param deadline how long a decision may take, 1 ms to 10 s
 */
public record Policy(Mode mode, boolean requireDelegation, Undecided undecided, Duration deadline) {
  /** How long a decision may take when nobody says otherwise. */
  public static final Duration DEADLINE = Duration.ofSeconds(1);

  /** Longest that may be configured: agents give up on a hook by themselves. */
  public static final Duration LONGEST_DEADLINE = Duration.ofSeconds(10);

  /** Where nothing is configured: everything goes on, and is recorded. */
  public static final Policy OBSERVE = new Policy(Mode.OBSERVE, false, Undecided.PROCEED, DEADLINE);

  /**
   * Checks.
   *
   * @throws IllegalArgumentException when the deadline is out of its range
   */
  public Policy {
    if (deadline.toMillis() < 1 || deadline.compareTo(LONGEST_DEADLINE) > 0) {
      throw new IllegalArgumentException(
          "deadlineMillis: expected 1 to %d, found %d"
              .formatted(LONGEST_DEADLINE.toMillis(), deadline.toMillis()));
    }
  }

  /** Whether a call is ever denied. */
  public enum Mode {
    /** Never: what would have been decided is recorded. */
    OBSERVE,
    /** A call that is out of scope is. */
    ENFORCE;

    /** As it is written in a policy and in events. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** What is answered without a decision. */
  public enum Undecided {
    PROCEED,
    DENY
  }
}
