package dev.custody.sigma;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Text with wildcards (rules specification, "String Wildcard" and "Escape Character"): {@code *} is
 * any run of characters, {@code ?} any one, a backslash escapes both and itself. Matches the whole
 * value.
 *
 * <p>A pattern is a list of UTF-16 units and markers. Worst-case cost is the product of the lengths
 * of pattern and value: the matcher goes back to the last {@code *} only.
 */
final class TextPattern implements ValueTest {
  private static final int ANY = -1;
  private static final int ONE = -2;
  private static final int DASH = -3;

  /** Modifiers appendix, {@code windash}: hyphen, slash, en dash, em dash, horizontal bar. */
  private static final String DASHES = "-/\u2013\u2014\u2015";

  private final int[] units;
  private final boolean cased;

  /** The text between an optional first and last {@code *}, if that is all literal. */
  private final @Nullable String core;

  private final boolean anyBefore;
  private final boolean anyAfter;

  private TextPattern(int[] pattern, boolean cased) {
    this.units =
        IntStream.range(0, pattern.length)
            .filter(i -> keep(pattern, i))
            .map(i -> fold(pattern[i], cased))
            .toArray();
    this.cased = cased;
    this.anyBefore = units.length > 0 && units[0] == ANY;
    this.anyAfter = units.length > 0 && units[units.length - 1] == ANY;
    this.core =
        text(
            units,
            anyBefore ? 1 : 0,
            Math.max(anyBefore ? 1 : 0, units.length - (anyAfter ? 1 : 0)));
  }

  // A run of '*' means what one '*' means.
  private static boolean keep(int[] pattern, int i) {
    return i == 0 || pattern[i] != ANY || pattern[i - 1] != ANY;
  }

  private static int fold(int unit, boolean cased) {
    return unit < 0 || cased ? unit : Folding.fold((char) unit);
  }

  /** Reads a value as the specification escapes it. */
  static TextPattern parse(String value) {
    IntStream.Builder units = IntStream.builder();
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '\\' && i + 1 < value.length() && "\\*?".indexOf(value.charAt(i + 1)) >= 0) {
        units.add(value.charAt(++i));
      } else {
        units.add(c == '*' ? ANY : c == '?' ? ONE : c);
      }
    }
    return new TextPattern(units.build().toArray(), true);
  }

  /** Exactly this text, without wildcards. */
  static TextPattern literal(String text) {
    return new TextPattern(text.chars().toArray(), true);
  }

  /** With {@code *} before and after, as asked ({@code contains, startswith, endswith}). */
  TextPattern within(boolean before, boolean after) {
    IntStream any = IntStream.of(ANY);
    IntStream open = before ? IntStream.concat(any, Arrays.stream(units)) : Arrays.stream(units);
    return new TextPattern(
        (after ? IntStream.concat(open, IntStream.of(ANY)) : open).toArray(), cased);
  }

  /** With every dash standing for any dash: all permutations at once ({@code windash}). */
  TextPattern anyDash() {
    return new TextPattern(
        Arrays.stream(units).map(u -> u >= 0 && isDash((char) u) ? DASH : u).toArray(), cased);
  }

  /** The pattern that ignores case, which is what rules mean without {@code cased}. */
  TextPattern ignoringCase() {
    return new TextPattern(units, false);
  }

  /** The text, if there is no wildcard in it. */
  @Nullable String literal() {
    return text(units, 0, units.length);
  }

  boolean isCased() {
    return cased;
  }

  private static @Nullable String text(int[] units, int from, int to) {
    StringBuilder text = new StringBuilder(to - from);
    for (int i = from; i < to; i++) {
      if (units[i] < 0) {
        return null;
      }
      text.append((char) units[i]);
    }
    return text.toString();
  }

  @Override
  public Set<String> exactTexts() {
    String literal = literal();
    return literal == null ? Set.of() : Set.of(Folding.fold(literal));
  }

  @Override
  public Set<String> heldTexts() {
    String longest = "";
    for (int from = 0, at = 0; at <= units.length; at++) {
      if (at == units.length || units[at] < 0) {
        String run = text(units, from, at);
        longest = run != null && run.length() > longest.length() ? run : longest;
        from = at + 1;
      }
    }
    return ValueTest.part(longest);
  }

  @Override
  public boolean test(String value, String folded) {
    String text = cased ? value : folded;
    if (core == null) {
      return glob(text);
    }
    if (anyBefore) {
      return anyAfter ? text.contains(core) : text.endsWith(core);
    }
    return anyAfter ? text.startsWith(core) : text.equals(core);
  }

  private boolean glob(String value) {
    int at = 0;
    int unit = 0;
    int star = -1;
    int resume = 0;
    while (at < value.length()) {
      int width = unit < units.length ? width(units[unit], value, at) : 0;
      if (unit < units.length && units[unit] == ANY) {
        star = unit++;
        resume = at;
      } else if (width > 0) {
        unit++;
        at += width;
      } else if (star >= 0) {
        unit = star + 1;
        at = ++resume;
      } else {
        return false;
      }
    }
    return unit == units.length || (unit == units.length - 1 && units[unit] == ANY);
  }

  /** How many units of the value this one takes; 0 if it does not fit. */
  private static int width(int unit, String value, int at) {
    char c = value.charAt(at);
    return switch (unit) {
      case ANY -> 0;
      case ONE -> Character.charCount(value.codePointAt(at));
      case DASH -> isDash(c) ? 1 : 0;
      default -> c == unit ? 1 : 0;
    };
  }

  private static boolean isDash(char c) {
    return DASHES.indexOf(c) >= 0;
  }
}
