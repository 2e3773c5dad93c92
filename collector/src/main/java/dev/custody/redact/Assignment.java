package dev.custody.redact;

import org.jspecify.annotations.Nullable;

/**
 * A name and its value in text: {@code K=v}, {@code k: v}, {@code "k":"v"} at any depth of
 * escaping, {@code --k v}, {@code <k>v</k>}, {@code ('K', 'v')}.
 *
 * <p>Reading is generous: a value goes on to the next white space or its closing quote, for what is
 * cut off too early stays in the log for ever.
 */
final class Assignment {
  private static final CharSet NAME = CharSet.of("A-Za-z0-9_.-");
  private static final CharSet SPACE = CharSet.of(" \t");
  private static final CharSet CLOSERS = CharSet.of("\"'`]?+[\\");
  private static final CharSet QUOTES = CharSet.of("\"'`");
  private static final CharSet ESCAPED = CharSet.of("nrtu\"'`\\");
  private static final CharSet TRAILING = CharSet.of(",;.:");
  private static final String OPENING_BRACKETS = "([{<";
  private static final String CLOSING_BRACKETS = ")]}>";
  private static final CharSet OPENERS = CharSet.of("[(");
  private static final CharSet TYPE = CharSet.of("A-Za-z.[]<>|?");
  private static final CharSet ARN = CharSet.of("a-z0-9:-");
  private static final int LONGEST_ARN_HEAD = 80;
  private static final int FEW = 8;

  /** JSON in JSON in JSON, five deep, puts 31 backslashes before a quote. */
  private static final int DEEPEST_ESCAPE = 32;

  private static final int LONGEST_NAME = 65;
  private static final int LONGEST_VALUE = 4 * 1024;
  private static final int AWS_SECRET_KEY_LENGTH = 40;
  private static final int SHORTEST_SESSION_TOKEN = 100;
  private static final int SHORTEST_AZURE_KEY = 40;
  private static final CharSet ENCODED = CharSet.of("A-Za-z0-9+/=%_-");

  private final String text;

  Assignment(String text) {
    this.text = text;
  }

  /** The secret whose name stands before the separator at {@code at}. */
  @Nullable Span around(int at) {
    char separator = text.charAt(at);
    int nameEnd = at;
    if (separator != '>') {
      nameEnd = backOver(SPACE, nameEnd);
      int unquoted = backOver(CLOSERS, nameEnd);
      if (separator == ',' && (unquoted == nameEnd || !QUOTES.has(text.charAt(nameEnd - 1)))) {
        return null;
      }
      nameEnd = unquoted;
    }
    int nameStart = nameStart(nameEnd);
    if (nameStart == nameEnd) {
      return null;
    }
    char before = nameStart > 0 ? text.charAt(nameStart - 1) : '\0';
    if ((separator == '>' && before != '<')
        || (separator == ',' && !isArgument(nameStart))
        || (separator == ':' && before == ':' && isInArn(nameStart))) {
      return null;
    }
    SecretName name = SecretName.of(text, nameStart, nameEnd);
    return name.isSecret() ? value(name, at + 1, separator, before) : null;
  }

  /** The secret after an option {@code --name value}; {@code at} is its first dash. */
  @Nullable Span option(int at) {
    int nameEnd = NAME.runEnd(text, at + 2, at + 2 + LONGEST_NAME);
    int value = SPACE.runEnd(text, nameEnd, nameEnd + FEW);
    if (value == nameEnd || value >= text.length() || text.charAt(value) == '-') {
      return null;
    }
    SecretName name = SecretName.of(text, at + 2, nameEnd);
    return name.isSecret() ? value(name, value, ' ', ' ') : null;
  }

  private int backOver(CharSet set, int from) {
    int at = from;
    while (at > 0 && from - at < DEEPEST_ESCAPE && set.has(text.charAt(at - 1))) {
      at--;
    }
    return at;
  }

  private int nameStart(int nameEnd) {
    int start = nameEnd;
    while (start > 0 && nameEnd - start < LONGEST_NAME && NAME.has(text.charAt(start - 1))) {
      start--;
    }
    boolean escape = start > 0 && start < nameEnd && text.charAt(start - 1) == '\\';
    return escape && "nrt".indexOf(text.charAt(start)) >= 0 ? start + 1 : start;
  }

  /** Whether the quoted name is a call's argument: {@code define( 'DB_PASSWORD', ...)}. */
  private boolean isArgument(int nameStart) {
    int at = backOver(SPACE, backOver(CLOSERS, nameStart));
    return at > 0 && text.charAt(at - 1) == '(';
  }

  private boolean isInArn(int nameStart) {
    int start = nameStart;
    while (start > 0 && nameStart - start < LONGEST_ARN_HEAD && ARN.has(text.charAt(start - 1))) {
      start--;
    }
    return text.startsWith("arn:", start);
  }

  private @Nullable Span value(SecretName name, int from, char separator, char before) {
    int at = from;
    while (at < text.length()
        && at - from < 3
        && (text.charAt(at) == '=' || text.charAt(at) == '>')) {
      at++; // The rest of :=, => and ==.
    }
    at = OPENERS.runEnd(text, SPACE.runEnd(text, at, at + FEW), at + 2 * FEW);
    if (at > 0 && Marker.endAt(text, at - 1) >= 0) {
      at--;
    }
    at = SPACE.runEnd(text, at, at + FEW);
    int unmarked = Marker.endOfAll(text, at);
    if (unmarked > at) {
      // Only what touches a marker belongs to its value.
      return separator == ',' ? null : unquoted(name, unmarked, separator, before);
    }
    if (name == SecretName.AUTHORIZATION) {
      return new Credential(text).after(at);
    }
    int quote = at;
    while (quote < text.length() && quote - at < DEEPEST_ESCAPE && text.charAt(quote) == '\\') {
      quote++;
    }
    boolean quoted = quote < text.length() && QUOTES.has(text.charAt(quote));
    if (quoted) {
      return quoted(name, quote, quote - at, separator);
    }
    return separator == ',' ? null : unquoted(name, at, separator, before);
  }

  private @Nullable Span quoted(SecretName name, int quote, int depth, char separator) {
    int start = Marker.endOfAll(text, quote + 1);
    int end = beforeName(start, closing(quote, depth, start));
    int after = SPACE.runEnd(text, Math.min(text.length(), end + depth + 1), end + depth + 1 + FEW);
    boolean colon = separator == ':' && after < text.length() && text.charAt(after) == ':';
    if (colon && SecretName.of(text, start, end).isSecret()) {
      return null; // The next name, not a value.
    }
    return judge(name, start, end);
  }

  /** A quote after another secret's name opens that one's value: this one was never closed. */
  private int beforeName(int start, int end) {
    int separator = backOver(SPACE, end) - 1;
    if (separator <= start || (text.charAt(separator) != ':' && text.charAt(separator) != '=')) {
      return end;
    }
    int nameEnd = backOver(CLOSERS, backOver(SPACE, separator));
    int name = Math.max(start, nameStart(nameEnd));
    return name < nameEnd && SecretName.of(text, name, nameEnd).isSecret() ? name : end;
  }

  /**
   * The closing quote: the first that is escaped no deeper than the opening one. Without any, the
   * line's end.
   */
  private int closing(int quote, int depth, int start) {
    char q = text.charAt(quote);
    int limit = Math.min(text.length(), start + LONGEST_VALUE);
    int backslashes = 0;
    for (int at = start; at < limit; at++) {
      char c = text.charAt(at);
      if (c == '\\') {
        backslashes++;
        continue;
      }
      if (c == q && (backslashes <= depth || (depth == 0 && backslashes % 2 == 0))) {
        return at - Math.min(depth, backslashes);
      }
      if (c == '\n' || c == '\r') {
        return at;
      }
      backslashes = 0;
    }
    return limit;
  }

  private @Nullable Span unquoted(SecretName name, int start, char separator, char before) {
    if (text.startsWith("$(", start) || Placeholder.isCode(text, start)) {
      return null; // Before its end is sought: code nests.
    }
    int end = unquotedEnd(start, separator, before);
    int after = SPACE.runEnd(text, end, end + FEW);
    boolean assigned = after < text.length() && text.charAt(after) == '=' && after > end;
    if (assigned && separator == ':' && TYPE.hasAll(text, start, end)) {
      return value(name, after + 1, '=', before); // The type stood between: password: str = "..."
    }
    boolean colon = end > start && text.charAt(end - 1) == ':';
    boolean isName =
        (colon || assigned) && SecretName.of(text, start, colon ? end - 1 : end).isSecret();
    if (isName || text.startsWith("--", start)) {
      return null; // The next name or option, not a value.
    }
    while (end > start && isTrailing(start, end - 1)) {
      end--;
    }
    return judge(name, start, end);
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

  private int unquotedEnd(int start, char separator, char before) {
    char delimiter =
        switch (before) {
          case ';', '&', ',' -> before;
          case '?' -> '&';
          default -> separator == '>' ? '<' : ' ';
        };
    int limit = Math.min(text.length(), start + LONGEST_VALUE);
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

  private @Nullable Span judge(SecretName name, int start, int end) {
    if (start >= text.length() || end <= start) {
      return null;
    }
    Span known = TokenFormat.at(text, start);
    if (known != null && known.start() == start && known.end() >= end) {
      return known;
    }
    int block =
        text.indexOf(PrivateKeyBlock.BEGIN, start, Math.min(text.length(), end + FEW + FEW));
    int stop = block >= 0 && block < end ? block : end;
    String value = text.substring(start, stop);
    if (Placeholder.is(value)) {
      return null;
    }
    SecretKind kind = kind(name, value);
    return kind == null ? null : new Span(kind, start, stop);
  }

  /**
   * The kind of a value under a secret's name; null if the name turns out to be of something else.
   */
  static @Nullable SecretKind kind(SecretName name, String value) {
    int length = value.length();
    return switch (name) {
      case PLAIN -> null;
      case AWS_SECRET_KEY ->
          length == AWS_SECRET_KEY_LENGTH && CharSet.BASE64.hasAll(value, 0, length)
              ? SecretKind.AWS_SECRET_KEY
              : SecretKind.GENERIC_PASSWORD;
      case AWS_SESSION_TOKEN ->
          length >= SHORTEST_SESSION_TOKEN && ENCODED.hasAll(value, 0, length)
              ? SecretKind.AWS_SESSION_TOKEN
              : SecretKind.GENERIC_PASSWORD;
      case AZURE_STORAGE_KEY ->
          length >= SHORTEST_AZURE_KEY && ENCODED.hasAll(value, 0, length)
              ? SecretKind.AZURE_STORAGE_KEY
              : SecretKind.GENERIC_PASSWORD;
      case AUTHORIZATION -> SecretKind.AUTHORIZATION;
      case PASSWORD, SECRET -> SecretKind.GENERIC_PASSWORD;
      case SECRET_ID -> isUuid(value) ? SecretKind.GENERIC_PASSWORD : null;
    };
  }

  private static boolean isUuid(String value) {
    return value.length() == 36
        && CharSet.of("0-9A-Fa-f-").hasAll(value, 0, 36)
        && value.charAt(8) == '-'
        && value.charAt(23) == '-';
  }
}
