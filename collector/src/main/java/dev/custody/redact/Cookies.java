package dev.custody.redact;

import org.jspecify.annotations.Nullable;

/** The values of {@code Cookie} and {@code Set-Cookie} headers. */
final class Cookies {
  private static final CharSet NAME = CharSet.of("A-Za-z0-9_.-");
  private static final CharSet SPACE = CharSet.of(" \t");
  private static final int LONGEST_NAME = 128;
  private static final int LONGEST = 16 * 1024;

  private final String text;
  private final Marker marker;

  Cookies(String text, Marker marker) {
    this.text = text;
    this.marker = marker;
  }

  /**
   * From the first value that is one to the end of the header that begins at {@code from}. What a
   * {@code Set-Cookie} says behind its value stays.
   */
  @Nullable Span after(int from, boolean set) {
    int at = SPACE.runEnd(text, from, from + 8);
    while (at < text.length() && at - from < 40 && "\"'\\".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    int end = end(at);
    for (int pairs = 0; pairs < 256; pairs++) {
      int name = NAME.runEnd(text, at, Math.min(end, at + LONGEST_NAME));
      if (name == at || name >= end || text.charAt(name) != '=') {
        return null;
      }
      int stop = text.indexOf(';', name);
      stop = stop < 0 || stop > end ? end : stop;
      int value = marker.endOfAll(text, name + 1);
      if (value < stop && !Placeholder.is(text.substring(value, stop))) {
        return new Span(SecretKind.COOKIE, value, set ? stop : end);
      }
      if (set || stop >= end) {
        return null;
      }
      at = SPACE.runEnd(text, stop + 1, end);
    }
    return null;
  }

  private int end(int from) {
    int limit = Math.min(text.length(), from + LONGEST);
    int at = Math.min(from, limit);
    while (at < limit && !endsAt(at)) {
      at++;
    }
    while (at > from && (text.charAt(at - 1) == ' ' || text.charAt(at - 1) == ';')) {
      at--;
    }
    return at;
  }

  private boolean endsAt(int at) {
    char c = text.charAt(at);
    return c < ' ' || "\"'`\\<>".indexOf(c) >= 0 || (c == ' ' && !isBetweenCookies(at));
  }

  private boolean isBetweenCookies(int space) {
    int name = NAME.runEnd(text, space + 1, space + 1 + LONGEST_NAME);
    return space > 0
        && text.charAt(space - 1) == ';'
        && name > space + 1
        && text.startsWith("=", name);
  }
}
