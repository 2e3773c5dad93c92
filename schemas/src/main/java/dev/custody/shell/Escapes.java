package dev.custody.shell;

/** What a backslash stands for in {@code $'...'}. */
final class Escapes {
  private static final String NAMES = "abefnrtv\\'\"?";
  private static final String VALUES = "\u0007\b\u001b\f\n\r\t\u000b\\'\"?";

  private Escapes() {}

  /** The text of {@code $'...'} behind its opening quote; the closing one is skipped. */
  static String ansi(Cursor in) {
    StringBuilder text = new StringBuilder();
    while (!in.atEnd() && in.peek() != '\'') {
      char c = in.next();
      if (c == '\\' && !in.atEnd()) {
        escaped(in, text);
      } else {
        text.append(c);
      }
    }
    in.skip(1);
    return text.toString();
  }

  private static void escaped(Cursor in, StringBuilder text) {
    char c = in.next();
    int named = NAMES.indexOf(c);
    if (named >= 0) {
      text.append(VALUES.charAt(named));
    } else if (c == 'x') {
      number(in, 16, 2, text);
    } else if (c == 'u') {
      number(in, 16, 4, text);
    } else if (c == 'U') {
      number(in, 16, 8, text);
    } else if (c == 'c' && !in.atEnd()) {
      text.append((char) (in.next() & 0x1f));
    } else if (Character.digit(c, 8) >= 0) {
      in.jump(in.position() - 1);
      number(in, 8, 3, text);
    } else {
      text.append('\\').append(c);
    }
  }

  private static void number(Cursor in, int radix, int digits, StringBuilder text) {
    long value = 0;
    for (int i = 0; i < digits && Character.digit(in.peek(), radix) >= 0; i++) {
      value = value * radix + Character.digit(in.next(), radix);
    }
    if (Character.isValidCodePoint((int) Math.min(value, Integer.MAX_VALUE))) {
      text.appendCodePoint((int) value);
    }
  }
}
