package dev.custody.window;

import dev.custody.sigma.Bounds;
import dev.custody.sigma.Bounds.Operator;
import dev.custody.sigma.Correlation;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is asked of every group of one correlation, in milliseconds, bits and whole numbers. */
public final class Spec {
  /** Cells of observation time within which two members may be in one window. */
  private static final int REACH = 4;

  static final long UNBOUNDED = Long.MAX_VALUE;

  private final Correlation.Type type;
  private final long span;
  private final long grace;
  private final Bounds bounds;
  private final @Nullable Integer percentile;
  private final List<Range> ranges = new ArrayList<>();
  private final boolean prunes;
  private int present;
  private int absentBefore;
  private int absentAfter;
  private final boolean looksAhead;
  private final long cellWidth;

  /** Over how many windows members have a say: their own, and those ahead of upper ends. */
  private final int steps;

  /** Whole numbers from {@code low} to {@code high}, both included. */
  record Range(long low, long high) {}

  private Spec(Correlation correlation, Duration grace, boolean withdrawable) {
    this.type = correlation.type();
    this.span = correlation.timespan().toMillis();
    this.grace = grace.toMillis();
    this.bounds = correlation.bounds();
    this.percentile = correlation.percentile();
    slots(correlation);
    if (counts()) {
      ranges(bounds.comparisons());
    }
    boolean upperEnds = ranges.stream().anyMatch(r -> r.high != UNBOUNDED);
    this.prunes =
        !withdrawable
            && (type == Correlation.Type.EVENT_COUNT
                || type == Correlation.Type.VALUE_COUNT
                || type == Correlation.Type.TEMPORAL)
            && !upperEnds;
    this.looksAhead =
        absentAfter != 0
            || upperEnds
            || (type == Correlation.Type.VALUE_SUM
                && (bounds.comparisons().containsKey(Operator.LT)
                    || bounds.comparisons().containsKey(Operator.LTE)));
    this.cellWidth = Math.max(1, Math.ceilDiv(span + this.grace, (long) REACH));
    this.steps = upperEnds || (!counts() && looksAhead) ? 2 : 1;
  }

  /**
   * What {@code correlation} asks.
   *
   * @param grace how much later than the newest one a member may come, and how long is waited
   *     before something is told that a member could undo
   * @param withdrawable whether members can be taken back, so that none may be left out that adds
   *     nothing now
   */
  public static Spec of(Correlation correlation, Duration grace, boolean withdrawable) {
    return new Spec(correlation, grace, withdrawable);
  }

  private void slots(Correlation correlation) {
    List<String> rules = correlation.rules();
    boolean ordered = type == Correlation.Type.TEMPORAL_ORDERED;
    boolean seen = false;
    for (int slot = 0; slot < rules.size(); slot++) {
      boolean absent = correlation.absent().contains(rules.get(slot));
      seen |= !absent;
      present |= absent ? 0 : 1 << slot;
      absentBefore |= absent && (!ordered || !seen) ? 1 << slot : 0;
      absentAfter |= absent && (!ordered || seen) ? 1 << slot : 0;
    }
  }

  private void ranges(Map<Operator, BigDecimal> comparisons) {
    long low = 1;
    long high = UNBOUNDED;
    for (Map.Entry<Operator, BigDecimal> comparison : comparisons.entrySet()) {
      long number = comparison.getValue().longValueExact();
      switch (comparison.getKey()) {
        case GT -> low = Math.max(low, number + 1);
        case GTE -> low = Math.max(low, number);
        case LT -> high = number - 1;
        case LTE -> high = number;
        case EQ -> {
          low = number;
          high = number;
        }
        case NEQ -> {
          if (number > 1) {
            ranges.add(new Range(1, number - 1));
          }
          low = number + 1;
        }
      }
    }
    ranges.add(new Range(low, high));
  }

  /** Whether it is about a whole number: of events, values or rules. */
  boolean counts() {
    return type == Correlation.Type.EVENT_COUNT
        || type == Correlation.Type.VALUE_COUNT
        || type.isTemporal();
  }

  /** Whether members have numbers. */
  boolean hasNumbers() {
    return type == Correlation.Type.VALUE_SUM
        || type == Correlation.Type.VALUE_AVG
        || (type == Correlation.Type.VALUE_PERCENTILE && percentile != null);
  }

  /** Whether members have digests of values. */
  boolean hasValues() {
    return type.hasFields() && !hasNumbers();
  }

  Correlation.Type type() {
    return type;
  }

  /** The timespan, in milliseconds. */
  long span() {
    return span;
  }

  /** The grace, in milliseconds. */
  long grace() {
    return grace;
  }

  Bounds bounds() {
    return bounds;
  }

  @Nullable Integer percentile() {
    return percentile;
  }

  List<Range> ranges() {
    return ranges;
  }

  boolean isPresent(int slot) {
    return (present >>> slot & 1) == 1;
  }

  /** Slots that must not be in a window, as bits. */
  int absentBefore() {
    return absentBefore;
  }

  /** Slots that must not follow within a timespan, as bits. */
  int absentAfter() {
    return absentAfter;
  }

  /** Whether what comes within a timespan behind a member has a say in it. */
  boolean looksAhead() {
    return looksAhead;
  }

  /** Whether something may have to wait before it is told. */
  boolean waits() {
    return looksAhead || absentBefore != 0 || !counts();
  }

  /** How long after its observation a member has to wait at most. */
  long longestWait() {
    return grace + (looksAhead ? span : 0);
  }

  /** Whether members are left out that add nothing. */
  boolean prunes() {
    return prunes;
  }

  /** Of one value in one cell, how many are kept at each end. */
  int keptAtEachEnd() {
    return type == Correlation.Type.EVENT_COUNT ? Math.toIntExact(ranges.getFirst().low) : 1;
  }

  /** The cell of observation time. */
  long observationCell(long observedAt) {
    return Math.floorDiv(observedAt, cellWidth);
  }

  /** Whether members that were observed then may be in one window. */
  boolean near(long observedAt, long other) {
    return nearCells(observationCell(observedAt), observationCell(other));
  }

  /** The same of two cells of observation time. */
  boolean nearCells(long cell, long other) {
    return Math.abs(cell - other) <= REACH;
  }

  /** Whether a member that was observed then may have a say in what the other completes. */
  boolean hasSay(long observedAt, long other) {
    return Math.abs(observationCell(observedAt) - observationCell(other)) <= (long) REACH * steps;
  }

  /**
   * How long after its observation a member may have a say: one that comes a grace late has a say
   * in what others complete, and they have windows of their own.
   */
  long retention() {
    return 2L * steps * (REACH + 1) * cellWidth + grace;
  }
}
