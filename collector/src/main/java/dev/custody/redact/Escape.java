package dev.custody.redact;

/** One character, as it is or as JSON and URLs escape it. */
final class Escape {
  private static final int HEX = 16;

  private Escape() {}

  /** The end of the member of {@code set} that begins at {@code at}, escaped or not, or -1. */
  static int endOfMember(String text, int at, CharSet set) {
    if (at >= text.length()) {
      return -1;
    }
    char c = text.charAt(at);
    if (set.has(c)) {
      return at + 1;
    }
    if (c == '%') {
      int value = hex(text, at + 1, 2);
      return value > 0 && set.has((char) value) ? at + 3 : -1;
    }
    if (c != '\\') {
      return -1;
    }
    int last = at;
    while (last < text.length() - 1 && last - at < 8 && text.charAt(last + 1) == '\\') {
      last++;
    }
    if (text.startsWith("/", last + 1) && set.has('/')) {
      return last + 2;
    }
    int value = text.startsWith("u00", last + 1) ? hex(text, last + 4, 2) : -1;
    return value > 0 && set.has((char) value) ? last + 6 : -1;
  }

  /** The number that {@code digits} hexadecimal digits say, or -1. */
  static int hex(String text, int from, int digits) {
    if (from + digits > text.length()) {
      return -1;
    }
    int value = 0;
    for (int i = from; i < from + digits; i++) {
      int digit = text.charAt(i) < 128 ? Character.digit(text.charAt(i), HEX) : -1;
      if (digit < 0) {
        return -1;
      }
      value = value * HEX + digit;
    }
    return value;
  }
}
