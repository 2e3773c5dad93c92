package dev.custody.redact;

import java.util.List;

/** Where a value without quotes ends, and whether it is code instead. */
final class UnquotedValue {
  private static final CharSet SPACE = CharSet.of(" \t");
  private static final CharSet QUOTES = CharSet.of("\"'`");
  private static final CharSet ESCAPED = CharSet.of("nrtu\"'`\\");
  private static final CharSet TRAILING = CharSet.of(",;.:");
  private static final String OPENING_BRACKETS = "([{<";
  private static final String CLOSING_BRACKETS = ")]}>";
  private static final List<String> WORD_DIFF = List.of("+}", "-]");
  private static final CharSet OPENERS = CharSet.of("[(");
  private static final CharSet REFERENCE = CharSet.of("A-Za-z_.");
  private static final CharSet AFTER_REFERENCE = CharSet.of(";),");
  private static final int LONGEST = 4 * 1024;

  /** A secret access key of letters alone, one in a thousand, has 40. */
  private static final int LONGEST_REFERENCE = 39;

  private final String text;

  UnquotedValue(String text) {
    this.text = text;
  }

  /** The end without the signs that belong to the text around the value. */
  int trimmedEnd(int start, int from) {
    int end = from;
    for (String closing : WORD_DIFF) {
      end -= text.startsWith(closing, end - 2) && end - 2 > start ? 2 : 0;
    }
    while (end > start && isTrailing(start, end - 1)) {
      end--;
    }
    return end;
  }

  /** A name without digits that code assigns or compares: {@code token = nextToken;}. */
  boolean isReference(int start, int end, char separator) {
    int back = start;
    while (back > 0 && OPENERS.has(text.charAt(back - 1))) {
      back--;
    }
    while (back > 0 && SPACE.has(text.charAt(back - 1))) {
      back--;
    }
    boolean spaced = back > 1 && text.charAt(back - 1) == separator && text.charAt(back - 2) == ' ';
    int word = REFERENCE.runEnd(text, start, end);
    if (!spaced || word == start || word - start > LONGEST_REFERENCE) {
      return false;
    }
    int after = SPACE.runEnd(text, word, word + 2);
    return after < text.length()
        && (AFTER_REFERENCE.has(text.charAt(after))
            || text.startsWith("!=", after)
            || text.startsWith("==", after)
            || text.startsWith("&&", after)
            || text.startsWith("||", after));
  }

  /**
   * Whether a sign at a value's end belongs to the text around it: a bracket does if it was not
   * opened inside.
   */
  private boolean isTrailing(int start, int at) {
    char c = text.charAt(at);
    int pair = CLOSING_BRACKETS.indexOf(c);
    return pair < 0 ? TRAILING.has(c) : text.indexOf(OPENING_BRACKETS.charAt(pair), start, at) < 0;
  }

  int end(int start, char separator, char before) {
    char delimiter =
        switch (before) {
          case ';', '&', ',' -> before;
          case '?' -> '&';
          default -> separator == '>' ? '<' : ' ';
        };
    int limit = Math.min(text.length(), start + LONGEST);
    int at = start;
    while (at < limit) {
      char c = text.charAt(at);
      boolean escape = c == '\\' && (at + 1 == text.length() || ESCAPED.has(text.charAt(at + 1)));
      boolean template = c == '<' && separator == '>';
      if (c <= ' ' || c == delimiter || QUOTES.has(c) || escape || template) {
        break;
      }
      at++;
    }
    return at;
  }
}
