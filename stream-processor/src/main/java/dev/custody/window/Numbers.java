package dev.custody.window;

import dev.custody.sigma.Bounds;
import dev.custody.sigma.Bounds.Operator;
import dev.custody.sigma.Correlation;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Sums, averages, percentiles and shares, exactly. */
final class Numbers {
  private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

  private final Spec spec;
  private final Bounds lower;
  private final Bounds upper;

  Numbers(Spec spec) {
    this.spec = spec;
    boolean ends = spec.type() == Correlation.Type.VALUE_SUM;
    this.upper = only(spec.bounds(), ends);
    this.lower = without(spec.bounds(), upper);
  }

  private static Bounds only(Bounds bounds, boolean ends) {
    Map<Operator, BigDecimal> upper = new EnumMap<>(Operator.class);
    bounds
        .comparisons()
        .forEach((operator, number) -> {
          if (ends && (operator == Operator.LT || operator == Operator.LTE)) {
            upper.put(operator, number);
          }
        });
    return new Bounds(upper);
  }

  private static Bounds without(Bounds bounds, Bounds upper) {
    Map<Operator, BigDecimal> rest = new EnumMap<>(Operator.class);
    bounds
        .comparisons()
        .forEach((operator, number) -> {
          if (!upper.comparisons().containsKey(operator)) {
            rest.put(operator, number);
          }
        });
    return new Bounds(rest);
  }

  /** {@link Judge#wait} of the last member of {@code window}, which is in all {@code ahead}. */
  long wait(List<Entry> window, Supplier<List<List<Entry>>> ahead) {
    List<Entry> before = window.subList(0, window.size() - 1);
    Entry last = window.getLast();
    if (!holds(lower, window, last) || (!before.isEmpty() && holds(lower, before, last))) {
      return Judge.NO;
    }
    if (!upper.comparisons().isEmpty()) {
      return ahead.get().stream().allMatch(w -> holds(upper, w, last))
          ? spec.span() + spec.grace()
          : Judge.NO;
    }
    boolean onlyMore =
        spec.type() == Correlation.Type.VALUE_SUM
            && lower.isLowerOnly()
            && window.stream().allMatch(m -> m.number().signum() >= 0);
    return onlyMore ? 0 : spec.grace();
  }

  private boolean holds(Bounds bounds, List<Entry> window, Entry last) {
    return switch (spec.type()) {
      case VALUE_SUM -> bounds.hold(sum(window), 1);
      case VALUE_AVG -> bounds.hold(sum(window), window.size());
      default -> {
        Integer percentile = spec.percentile();
        yield percentile == null
            ? share(bounds, window, last)
            : bounds.hold(percentile(window, percentile), 1);
      }
    };
  }

  private static BigDecimal sum(List<Entry> window) {
    BigDecimal sum = BigDecimal.ZERO;
    for (Entry member : window) {
      sum = sum.add(member.number());
    }
    return sum;
  }

  // Of a value that is not there no share is asked.
  private static boolean share(Bounds bounds, List<Entry> window, Entry last) {
    long same = window.stream().filter(m -> m.value() == last.value()).count();
    return same > 0 && bounds.hold(HUNDRED.multiply(BigDecimal.valueOf(same)), window.size());
  }

  /** Between two numbers on the straight line, as PERCENTILE_CONT of SQL. */
  static BigDecimal percentile(List<Entry> window, int percentile) {
    List<BigDecimal> sorted = new ArrayList<>();
    window.forEach(member -> sorted.add(member.number()));
    sorted.sort(null);
    long hundredths = (long) percentile * (sorted.size() - 1);
    BigDecimal below = sorted.get((int) (hundredths / 100));
    if (hundredths % 100 == 0) {
      return below;
    }
    BigDecimal above = sorted.get((int) (hundredths / 100) + 1);
    return below.add(above.subtract(below).multiply(BigDecimal.valueOf(hundredths % 100, 2)));
  }
}
