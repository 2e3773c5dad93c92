package dev.custody.sigma;

import java.math.BigDecimal;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/**
 * What a correlation demands of its number: one comparison, or a range of two (correlations
 * specification, "Condition").
 *
 * @param comparisons operators with the number on their right; one, or a lower and an upper end
 */
public record Bounds(Map<Operator, BigDecimal> comparisons) {
  /** Comparisons, named in files by their names in lower case. */
  public enum Operator {
    GT,
    GTE,
    LT,
    LTE,
    EQ,
    NEQ;

    String written() {
      return name().toLowerCase(Locale.ROOT);
    }

    private boolean holds(int comparison) {
      return switch (this) {
        case GT -> comparison > 0;
        case GTE -> comparison >= 0;
        case LT -> comparison < 0;
        case LTE -> comparison <= 0;
        case EQ -> comparison == 0;
        case NEQ -> comparison != 0;
      };
    }

    boolean isLower() {
      return this == GT || this == GTE;
    }

    boolean isUpper() {
      return this == LT || this == LTE;
    }
  }

  /** Copies. */
  public Bounds {
    comparisons = Map.copyOf(comparisons);
  }

  /** At least {@code least}. */
  static Bounds atLeast(long least) {
    return new Bounds(Map.of(Operator.GTE, BigDecimal.valueOf(least)));
  }

  /** Whether {@code value} fulfils all comparisons. */
  public boolean hold(BigDecimal value) {
    return hold(value, 1);
  }

  /** Whether {@code value}, divided by {@code divisor}, fulfils all comparisons, exactly. */
  public boolean hold(BigDecimal value, long divisor) {
    return comparisons.entrySet().stream()
        .allMatch(c ->
            c.getKey().holds(value.compareTo(c.getValue().multiply(BigDecimal.valueOf(divisor)))));
  }

  /** Whether more can never undo what holds: there are lower ends only. */
  public boolean isLowerOnly() {
    return comparisons.keySet().stream().allMatch(Operator::isLower);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    new EnumMap<>(comparisons)
        .forEach((operator, value) ->
            text.append(text.isEmpty() ? "" : ", ")
                .append(operator.written())
                .append(": ")
                .append(value.toPlainString()));
    return text.toString();
  }
}
