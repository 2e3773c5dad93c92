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
        ValueTest.OfTime,
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

  /**
   * Folded texts of which a value must hold one to pass, each of at least {@link #SHORTEST_PART}
   * characters. Empty where the test makes no such demand.
   */
  default Set<String> heldTexts() {
    return Set.of();
  }

  /** What is shorter is in too many values. */
  int SHORTEST_PART = 3;

  /** More of a text says hardly more. */
  int LONGEST_PART = 32;

  /** The text as a part, none if it is too short for one. */
  static Set<String> part(String text) {
    return text.length() < SHORTEST_PART
        ? Set.of()
        : Set.of(Folding.fold(text.substring(0, Math.min(text.length(), LONGEST_PART))));
  }

  /** Parts of which each test's values have one; none if a test demands none. */
  static Set<String> partsOf(List<Set<String>> demands) {
    Set<String> union = new HashSet<>();
    for (Set<String> parts : demands) {
      if (parts.isEmpty()) {
        return Set.of();
      }
      union.addAll(parts);
    }
    return union;
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

    @Override
    public Set<String> heldTexts() {
      return partsOf(exactTexts.stream().map(ValueTest::part).toList());
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

    @Override
    public Set<String> heldTexts() {
      return partsOf(parts.stream().map(ValueTest::heldTexts).toList());
    }
  }

  /**
   * {@code re}: the pattern is found somewhere in the value. Of a value that is longer than {@code
   * longest} its first and its last half of that many characters are searched, each as if it were
   * the whole: what a rule sees depends on the value alone.
   *
   * @param longest characters of a value that are searched
   */
  record Found(Pattern pattern, int longest) implements ValueTest {
    private static final int MOST_CHARACTERS = 1 << 18;

    // A step is a character seen by an instruction of the compiled pattern.
    private static final double MOST_STEPS = 1 << 26;

    /** Bounds what the pattern may cost by its size, in instructions. */
    static Found of(Pattern pattern, double size) {
      return new Found(pattern, (int) Math.min(MOST_CHARACTERS, MOST_STEPS / Math.max(1.0, size)));
    }

    @Override
    public boolean test(String value, String folded) {
      if (value.length() <= longest) {
        return pattern.matcher(value).find();
      }
      int half = longest / 2;
      return pattern.matcher(value.substring(0, half)).find()
          || pattern.matcher(value.substring(value.length() - half)).find();
    }

    @Override
    public Set<String> heldTexts() {
      return part(RegexText.of(pattern.pattern()));
    }
  }

  /** {@code minute} to {@code year}: the value is a time of which that part passes. */
  record OfTime(TimePart part, ValueTest number) implements ValueTest {
    @Override
    public boolean test(String value, String folded) {
      String told = part.of(value);
      return told != null && number.test(told, told);
    }
  }

  /**
   * {@code lt, lte, gt, gte}, and a part of a time that is equal: the value is a decimal number on
   * that side of the bound.
   */
  record Bound(Side side, BigDecimal bound) implements ValueTest {
    // Longer than any number a log writes; keeps a hostile one from costing anything.
    static final int LONGEST = 48;

    enum Side {
      EQ,
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
          case EQ -> order == 0;
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
