package dev.custody.redact;

/**
 * Where a word begins in text that may be escaped: after a line break, a Unicode escape, {@code
 * %3D} or a colour code.
 */
final class Boundary {
  private static final CharSet HEX = CharSet.of("0-9A-Fa-f");
  private static final CharSet CONTROL_ESCAPE = CharSet.of("nrtbf");
  private static final CharSet COLOUR = CharSet.of("0-9;");
  private static final int LONGEST_COLOUR = 24;

  private Boundary() {}

  static boolean wordStartsAt(String text, int at) {
    return at == 0 || !CharSet.ALNUM.has(text.charAt(at - 1)) || escapeEndsAt(text, at);
  }

  /** Whether the letter or digit before {@code at} belongs to an escape, not to a word. */
  static boolean escapeEndsAt(String text, int at) {
    char last = text.charAt(at - 1);
    if (at >= 2 && text.charAt(at - 2) == '\\') {
      return CONTROL_ESCAPE.has(last);
    }
    if (at >= 3 && text.charAt(at - 3) == '%' && HEX.hasAll(text, at - 2, at)) {
      return true;
    }
    if (at >= 6 && text.startsWith("\\u", at - 6) && HEX.hasAll(text, at - 4, at)) {
      return true;
    }
    return last == 'm' && colourEndsAt(text, at - 1);
  }

  private static boolean colourEndsAt(String text, int m) {
    int start = m;
    while (start > 0 && m - start < LONGEST_COLOUR && COLOUR.has(text.charAt(start - 1))) {
      start--;
    }
    return start >= 2
        && text.charAt(start - 1) == '['
        && (text.charAt(start - 2) == '\u001b'
            || text.regionMatches(true, start - 7, "\\u001b", 0, 6)
            || text.regionMatches(true, start - 5, "\\x1b", 0, 4)
            || text.startsWith("\\033", Math.max(0, start - 5))
            || text.startsWith("\\e", Math.max(0, start - 3)));
  }
}
