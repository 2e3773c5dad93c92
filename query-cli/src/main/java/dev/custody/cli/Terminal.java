package dev.custody.cli;

import java.io.PrintStream;

/**
 * Where an answer for people goes: colours only on a terminal, and nothing from outside that could
 * act on one.
 */
final class Terminal {
  private static final char ESCAPE = '\u001b';

  private final PrintStream out;
  private final boolean colours;
  private final boolean lines;

  /**
   * A place to write to.
   *
   * @param colours whether it shows colours
   * @param lines whether it shows line drawing and other characters beyond ASCII
   */
  Terminal(PrintStream out, boolean colours, boolean lines) {
    this.out = out;
    this.colours = colours;
    this.lines = lines;
  }

  /** What marks a text. */
  enum Style {
    STRONG("1"),
    FAINT("2"),
    GOOD("32"),
    FAIR("36"),
    WEAK("33"),
    BAD("31");

    private final String code;

    Style(String code) {
      this.code = code;
    }
  }

  /** Writes a line; its parts from outside went through {@link #clean}. */
  void line(String text) {
    out.print(lines ? text : ascii(text));
    out.print('\n');
  }

  void flush() {
    out.flush();
  }

  String styled(Style style, String text) {
    return colours && !text.isEmpty()
        ? ESCAPE + "[" + style.code + "m" + text + ESCAPE + "[0m"
        : text;
  }

  /**
   * {@code text} on one line, with everything that could act on a terminal or deceive its reader
   * made visible: control characters, escapes, line separators, bidirectional overrides, characters
   * without a width, halves of surrogate pairs.
   */
  static String clean(String text) {
    StringBuilder clean = new StringBuilder(text.length());
    text.codePoints().forEach(c -> append(clean, c));
    return clean.toString().strip();
  }

  private static void append(StringBuilder to, int c) {
    if (c == '\n' || c == '\r' || c == '\t') {
      if (!to.isEmpty() && to.charAt(to.length() - 1) != ' ') {
        to.append(' ');
      }
    } else if (isHarmless(c)) {
      to.appendCodePoint(c);
    } else {
      to.append("<U+%04X>".formatted(c));
    }
  }

  private static boolean isHarmless(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }

  /** {@code text} clean, and cut to {@code most} characters. */
  static String clean(String text, int most) {
    String clean = clean(text.length() > 8 * most ? text.substring(0, 8 * most) : text);
    if (clean.codePointCount(0, clean.length()) <= most) {
      return clean;
    }
    return clean.substring(0, clean.offsetByCodePoints(0, most - 1)).strip() + "…";
  }

  private static String ascii(String text) {
    String drawn =
        text.replace("├─", "|-")
            .replace("└─", "`-")
            .replace('│', '|')
            .replace("…", "...")
            .replace("→", "->");
    StringBuilder ascii = new StringBuilder();
    drawn.codePoints().forEach(c -> ascii.append(c < 0x7f ? String.valueOf((char) c) : "?"));
    return ascii.toString();
  }
}
