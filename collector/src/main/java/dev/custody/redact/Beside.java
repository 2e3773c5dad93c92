package dev.custody.redact;

import org.jspecify.annotations.Nullable;

/**
 * A secret beside a word, without a sign between them: {@code the token is ...}, {@code PASSWORD
 * '...'}, {@code login x password y}.
 */
final class Beside {
  private static final CharSet VALUE = CharSet.of("A-Za-z0-9+/=_.~-");
  private static final CharSet SPACE = CharSet.of(" \t");
  private static final CharSet NAME = CharSet.of("A-Za-z0-9_");
  private static final CharSet CLOSERS = CharSet.of(" \t\"'`\\]");
  private static final CharSet SIGNS = CharSet.of("=:>");
  private static final CharSet ENCODED = CharSet.of("A-Za-z0-9+/_-");
  private static final int SHORTEST = 20;
  private static final int LONGEST = 256;
  private static final int LONGEST_PASSWORD = 4096;
  private static final int REACH = 40;
  private static final int LOGIN_REACH = 200;

  private final String text;
  private final Marker marker;

  Beside(String text, Marker marker) {
    this.text = text;
    this.marker = marker;
  }

  /** Whether the inside of a word that is looked for may be here: {@code ok} of token. */
  static boolean mayBeIn(char first, char second) {
    return switch (first) {
      case 'o', 'O' -> second == 'k' || second == 'K';
      case 'c', 'C' -> second == 'r' || second == 'R';
      case 's', 'S' -> second == 'w' || second == 'W';
      case 'e', 'E' -> second == 'y' || second == 'Y';
      default -> false;
    };
  }

  /** The secret beside the word that has {@code at} in its inside. */
  @Nullable Span of(int at) {
    int end =
        switch (text.charAt(at)) {
          case 'o', 'O' -> word(at - 1, "token");
          case 'c', 'C' -> Math.max(word(at - 2, "secret"), word(at, "credential"));
          case 's', 'S' -> word(at - 3, "password");
          default -> word(at - 1, "key");
        };
    if (end < 0) {
      return null;
    }
    boolean password = text.charAt(at) == 's' || text.charAt(at) == 'S';
    Span span = password ? password(at - 3, end) : null;
    return span != null ? span : random(end);
  }

  private int word(int from, String word) {
    return CharSet.startsWith(text, from, word) ? from + word.length() : -1;
  }

  private @Nullable Span random(int from) {
    int limit = Math.min(text.length(), from + REACH);
    int at = NAME.runEnd(text, from, limit);
    int sign = CLOSERS.runEnd(text, at, limit);
    if (sign < text.length() && SIGNS.has(text.charAt(sign))) {
      return null; // An assignment, which is judged as such.
    }
    while (at < limit) {
      char c = text.charAt(at);
      if (c == '\n' || c == '\r' || c == '[') {
        return null;
      }
      int end = VALUE.runEnd(text, at, at + LONGEST + 1);
      boolean code = end < text.length() && text.charAt(end) == '(';
      int stop = end;
      while (stop > at && text.charAt(stop - 1) == '.') {
        stop--;
      }
      if (stop - at >= SHORTEST && stop - at <= LONGEST) {
        boolean print = text.startsWith("SHA256:", at - "SHA256:".length()); // Of ssh: public.
        boolean escape = isEscape(at - 1) || isEscape(end); // Judged when it is unwrapped.
        return !code && !print && !escape && Randomness.of(text, at, stop)
            ? span(start(from, at), stop)
            : null;
      }
      at = end + 1;
    }
    return null;
  }

  private @Nullable Span span(int start, int stop) {
    if (start > 0 && text.charAt(start - 1) == '%' && Escape.hex(text, start, 2) > 0) {
      return null; // It goes on before the escape: judged when it is unwrapped.
    }
    boolean escape = start > 0 && text.charAt(start - 1) == '\\';
    return new Span(SecretKind.RANDOM_SECRET, escape ? start + 1 : start, stop);
  }

  /**
   * Where the random text from {@code at} on begins. What touches the word may be one text with it:
   * chance spells {@code key} in a longer secret, as no name has it.
   */
  private int start(int word, int at) {
    int end = NAME.runEnd(text, word, at + 1);
    if (end < at) {
      return at; // Something stands between.
    }
    int name = word;
    while (name > 0 && word - name < LONGEST && NAME.has(text.charAt(name - 1))) {
      name--;
    }
    if (!Randomness.isMixed(text, name, end)) {
      return at;
    }
    int start = name;
    while (start > 0 && at - start < LONGEST && ENCODED.has(text.charAt(start - 1))) {
      start--;
    }
    return start;
  }

  private boolean isEscape(int at) {
    return at >= 0 && at < text.length() && (text.charAt(at) == '%' || text.charAt(at) == '\\');
  }

  /** {@code PASSWORD 'x'} of SQL, {@code password x} of a netrc file. */
  private @Nullable Span password(int word, int end) {
    int at = SPACE.runEnd(text, end, end + 8);
    if (at < text.length() && text.charAt(at) == '(') {
      at++;
    }
    if (at == end || at >= text.length()) {
      return null;
    }
    char quote = text.charAt(at);
    if (quote == '\'') {
      return value(
          at + 1, text.indexOf('\'', at + 1, Math.min(text.length(), at + LONGEST_PASSWORD)));
    }
    int stop = at;
    while (stop < text.length()
        && stop - at < LONGEST_PASSWORD
        && text.charAt(stop) > ' '
        && "\"\\".indexOf(text.charAt(stop)) < 0) {
      stop++;
    }
    return isNetrc(word) ? value(at, stop) : null;
  }

  private boolean isNetrc(int word) {
    String before = text.substring(Math.max(0, word - LOGIN_REACH), word);
    int login = before.lastIndexOf("login ");
    return login >= 0 && (before.contains("machine ") || before.contains("default "));
  }

  private @Nullable Span value(int from, int to) {
    if (to <= from || marker.endOfAll(text, from) == to) {
      return null;
    }
    boolean option = text.startsWith("--", from) || text.charAt(to - 1) == '(';
    return option || Placeholder.is(text.substring(from, to)) || text.charAt(from) == '['
        ? null
        : new Span(SecretKind.GENERIC_PASSWORD, from, to);
  }
}
