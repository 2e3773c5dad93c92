package dev.custody.sigma;

import com.google.re2j.Pattern;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What a rule demands of one value, which is text. */
sealed interface ValueTest
    permits TextPattern,
        AddressRange,
        ValueTest.OneOfTexts,
        ValueTest.OneOf,
        ValueTest.Found,
        ValueTest.Bound {

  /** Whether the value passes; it is given as it is, and folded by {@link Folding}. */
  boolean test(String value, String folded);

  /** Whether the value passes. */
  default boolean test(String value) {
    return test(value, Folding.fold(value));
  }

  /**
   * Folded texts of which a value must have one to pass: what the index may look up. Empty where
   * the test makes no such demand. A test that also looks at case may still refuse such a value.
   */
  default Set<String> exactTexts() {
    return Set.of();
  }

  /** The test that passes what any of these passes; equal texts become one look-up. */
  static ValueTest anyOf(List<ValueTest> tests) {
    Set<String> texts = new HashSet<>();
    List<ValueTest> others = new ArrayList<>();
    for (ValueTest test : tests) {
      if (test instanceof TextPattern p && !p.isCased() && p.literal() != null) {
        texts.addAll(p.exactTexts());
      } else {
        others.add(test);
      }
    }
    if (texts.size() == 1) {
      others.addFirst(TextPattern.literal(texts.iterator().next()).ignoringCase());
    } else if (!texts.isEmpty()) {
      others.addFirst(new OneOfTexts(Set.copyOf(texts)));
    }
    return others.size() == 1 ? others.getFirst() : new OneOf(List.copyOf(others));
  }

  /** One of many texts, whatever their case. */
  record OneOfTexts(Set<String> exactTexts) implements ValueTest {
    @Override
    public boolean test(String value, String folded) {
      return exactTexts.contains(folded);
    }
  }

  /** One of several tests. */
  record OneOf(List<ValueTest> parts) implements ValueTest {
    @Override
    public boolean test(String value, String folded) {
      for (int i = 0; i < parts.size(); i++) {
        if (parts.get(i).test(value, folded)) {
          return true;
        }
      }
      return false;
    }

    @Override
    public Set<String> exactTexts() {
      Set<String> union = new HashSet<>();
      for (ValueTest part : parts) {
        Set<String> texts = part.exactTexts();
        if (texts.isEmpty()) {
          return Set.of();
        }
        union.addAll(texts);
      }
      return union;
    }
  }

  /** {@code re}: the pattern is found somewhere in the value. */
  record Found(Pattern pattern) implements ValueTest {
    @Override
    public boolean test(String value, String folded) {
      return pattern.matcher(value).find();
    }
  }

  /** {@code lt, lte, gt, gte}: the value is a decimal number on that side of the bound. */
  record Bound(Side side, BigDecimal bound) implements ValueTest {
    // Longer than any number a log writes; keeps a hostile one from costing anything.
    static final int LONGEST = 48;

    enum Side {
      LT,
      LTE,
      GT,
      GTE
    }

    @Override
    public boolean test(String value, String folded) {
      if (!looksDecimal(value)) {
        return false;
      }
      try {
        int order = new BigDecimal(value).compareTo(bound);
        return switch (side) {
          case LT -> order < 0;
          case LTE -> order <= 0;
          case GT -> order > 0;
          case GTE -> order >= 0;
        };
      } catch (NumberFormatException notANumber) {
        return false;
      }
    }

    private static boolean looksDecimal(String value) {
      return !value.isEmpty()
          && value.length() <= LONGEST
          && value.chars().allMatch(c -> (c >= '0' && c <= '9') || "+-.eE".indexOf(c) >= 0);
    }
  }
}
