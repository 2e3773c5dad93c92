package dev.custody.redact;

/**
 * A set of ASCII characters, written as in a regular expression's class: {@code A-Za-z0-9_}; a last
 * '-' is itself.
 */
final class CharSet {
  private static final int SIZE = 128;
  static final CharSet ALNUM = of("A-Za-z0-9");
  static final CharSet DIGIT = of("0-9");
  static final CharSet WORD = of("A-Za-z0-9_");
  static final CharSet BASE64 = of("A-Za-z0-9+/");
  static final CharSet BASE64URL = of("A-Za-z0-9_-");

  private final boolean[] member = new boolean[SIZE];

  private CharSet() {}

  static CharSet of(String ranges) {
    CharSet set = new CharSet();
    for (int i = 0; i < ranges.length(); i++) {
      char first = ranges.charAt(i);
      char last = first;
      if (i + 2 < ranges.length() && ranges.charAt(i + 1) == '-') {
        last = ranges.charAt(i + 2);
        i += 2;
      }
      for (char c = first; c <= last; c++) {
        set.member[c] = true;
      }
    }
    return set;
  }

  /** Whether {@code lower}, of ASCII, is at {@code at}, in whatever case its letters are. */
  static boolean startsWith(String text, int at, String lower) {
    int length = lower.length();
    if (at < 0 || at + length > text.length()) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      char c = text.charAt(at + i);
      char expected = lower.charAt(i);
      if (c != expected && (c != expected - 32 || expected < 'a' || expected > 'z')) {
        return false;
      }
    }
    return true;
  }

  boolean has(char c) {
    return c < SIZE && member[c];
  }

  /** Where the run of members that begins at {@code from} ends. */
  int runEnd(String text, int from) {
    return runEnd(text, from, text.length());
  }

  int runEnd(String text, int from, int limit) {
    int bound = Math.min(limit, text.length());
    int end = from;
    while (end < bound && has(text.charAt(end))) {
      end++;
    }
    return end;
  }

  boolean hasAll(String text, int from, int to) {
    return runEnd(text, from, to) == to;
  }

  boolean isIn(String text, int from, int to) {
    for (int at = from; at < to; at++) {
      if (has(text.charAt(at))) {
        return true;
      }
    }
    return false;
  }
}
