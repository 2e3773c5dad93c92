package dev.custody.shell;

/** A place in a text. Behind the end there are only NULs. */
final class Cursor {
  /** Longest {@code ((...))}; a longer one is read as commands. */
  private static final int LONGEST_ARITHMETIC = 1024;

  private final String text;
  private int at;

  Cursor(String text) {
    this.text = text;
  }

  boolean atEnd() {
    return at >= text.length();
  }

  int position() {
    return at;
  }

  void jump(int position) {
    at = Math.min(position, text.length());
  }

  void end() {
    at = text.length();
  }

  char peek() {
    return peek(0);
  }

  char peek(int ahead) {
    return at + ahead < text.length() ? text.charAt(at + ahead) : 0;
  }

  /** The character here; only where there is one. */
  char next() {
    return text.charAt(at++);
  }

  void skip(int characters) {
    jump(at + characters);
  }

  boolean looksAt(String ahead) {
    return text.startsWith(ahead, at);
  }

  String from(int start) {
    return text.substring(start, at);
  }

  /** The text up to {@code end}, which is skipped. */
  String until(char end) {
    int found = text.indexOf(end, at);
    int stop = found < 0 ? text.length() : found;
    String passed = text.substring(at, stop);
    jump(stop + 1);
    return passed;
  }

  String takeWhile(String characters) {
    int start = at;
    while (!atEnd() && characters.indexOf(peek()) >= 0) {
      at++;
    }
    return from(start);
  }

  /** The end of the line here, not counting line ends in quotes; the text's end if none. */
  int lineEnd() {
    char quote = 0;
    int end = at;
    while (end < text.length()) {
      char c = text.charAt(end);
      if (c == '\\' && quote != '\'') {
        end++;
      } else if (quote == 0 && (c == '\'' || c == '"')) {
        quote = c;
      } else if (c == quote) {
        quote = 0;
      } else if (c == '\n' && quote == 0) {
        return end;
      }
      end++;
    }
    return quote == 0 ? text.length() : Math.max(at, text.indexOf('\n', at));
  }

  /** The next line from {@code position} on, without its end. */
  String line(int position) {
    int end = text.indexOf('\n', position);
    return text.substring(position, end < 0 ? text.length() : end);
  }

  String between(int start, int end) {
    return text.substring(start, Math.min(end, text.length()));
  }

  int length() {
    return text.length();
  }

  /** Skips {@code ((...))} when that is what stands here; stays otherwise. */
  boolean arithmetic() {
    int open = 0;
    int limit = Math.min(text.length(), at + LONGEST_ARITHMETIC);
    for (int i = at; i < limit; i++) {
      char c = text.charAt(i);
      open += c == '(' ? 1 : c == ')' ? -1 : 0;
      if (open == 1 && c == ')') {
        if (i + 1 < limit && text.charAt(i + 1) == ')') {
          jump(i + 2);
          return true;
        }
        return false;
      }
    }
    return false;
  }
}
