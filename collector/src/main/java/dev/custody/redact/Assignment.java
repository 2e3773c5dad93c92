package dev.custody.redact;

import org.jspecify.annotations.Nullable;

/**
 * A name and its value in text: {@code K=v}, {@code k: v}, {@code "k":"v"} at any depth of
 * escaping, {@code --k v}, {@code "--k", "v"}, {@code <k>v</k>}, {@code ('K', 'v')}.
 *
 * <p>Reading is generous: a value goes on to the next white space or its closing quote, for what is
 * cut off too early stays in the log for ever.
 */
final class Assignment {
  private static final CharSet NAME = CharSet.of("A-Za-z0-9_.-");
  private static final CharSet SPACE = CharSet.of(" \t");
  private static final CharSet CLOSERS = CharSet.of("\"'`]?+[\\");
  private static final CharSet TOKEN = CharSet.of("A-Za-z0-9_-");
  private static final int SHORTEST_TOKEN = 16;
  private static final CharSet OPTION = CharSet.of("a-zA-Z-");
  private static final CharSet OPTION_END = CharSet.of(" \t\r\n=;|&)\"'`\\");
  private static final CharSet QUOTES = CharSet.of("\"'`");
  private static final CharSet OPENERS = CharSet.of("[(");
  private static final CharSet MEMBER = CharSet.of("A-Za-z_");
  private static final CharSet CODE = CharSet.of("A-Za-z_(");
  private static final CharSet TYPE = CharSet.of("A-Za-z.[]<>|?");

  /** A secret access key of letters alone, one in a thousand, has 40. */
  private static final int LONGEST_TYPE = 39;

  private static final CharSet ARN = CharSet.of("a-z0-9:-");
  private static final int LONGEST_ARN_HEAD = 80;
  private static final int FEW = 8;

  /** JSON in JSON in JSON, five deep, puts 31 backslashes before a quote. */
  private static final int DEEPEST_ESCAPE = 32;

  private static final int LONGEST_NAME = 65;
  private static final int DEEPEST_INDENT = 64;
  private static final int LONGEST_VALUE = 4 * 1024;

  /** Between a name and the word {@code value} behind it. */
  private static final CharSet BETWEEN = CharSet.of(" \t\r\n\"'\\,-");

  private static final CharSet BEFORE_NAME = CharSet.of(" \t\"'\\:=");

  /** A name and what it says of its value. */
  private record Name(SecretName says, String text) {}

  private final String text;
  private final SecretPatterns patterns;
  private final KubernetesSecret kubernetes;
  private final Marker marker;
  private final UnquotedValue unquoted;

  Assignment(String text, SecretPatterns patterns) {
    this.text = text;
    this.patterns = patterns;
    this.kubernetes = new KubernetesSecret(text);
    this.marker = patterns.marker();
    this.unquoted = new UnquotedValue(text);
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
    if (separator == ':' && isQualifier(at)) {
      return null;
    }
    if ((separator == '>' && (before != '<' || text.startsWith(" ", at + 1)))
        || (separator == ',' && !isArgument(nameStart) && !isOption(nameStart))
        || (separator == ':' && text.startsWith("PASS", nameStart) && nameEnd == nameStart + 4)
        || (separator == ':' && before == ':' && isInArn(nameStart))) {
      return null;
    }
    Name name = name(nameStart, nameEnd, at);
    int value = separator == ',' ? nextLine(at + 1) : at + 1;
    return name == null || (separator == ',' && isOptionQuoted(value))
        ? null
        : value(name, value, separator, before);
  }

  /** What the name of the value behind {@code separator} is, if it is a secret's. */
  private @Nullable Name name(int start, int end, int separator) {
    SecretName says = SecretName.of(text, start, end);
    if (says.isSecret()) {
      return new Name(says, text.substring(start, end));
    }
    boolean colon = text.charAt(separator) == ':';
    if (colon && kubernetes.isDatum(start, end, separator)) {
      return new Name(SecretName.SECRET, text.substring(start, end));
    }
    if (end - start == 3
        && start > 0
        && text.charAt(start - 1) == ';'
        && text.regionMatches(true, start, "pwd", 0, 3)) {
      return new Name(SecretName.PASSWORD, "pwd"); // Of a connection string.
    }
    boolean value = end - start == 5 && text.regionMatches(true, start, "value", 0, 5);
    return value ? nameBeside(start) : null;
  }

  /** {@code name: X} before {@code value: ...}, as lists of variables have it. */
  private @Nullable Name nameBeside(int value) {
    int end = backOver(BETWEEN, value);
    int start = nameStart(end);
    int sign = backOver(BEFORE_NAME, start);
    boolean named =
        sign < start
            && sign >= 4
            && start < end
            && (text.regionMatches(true, sign - 4, "name", 0, 4)
                || text.regionMatches(true, sign - 3, "key", 0, 3));
    SecretName says = named ? SecretName.of(text, start, end) : SecretName.PLAIN;
    return says.isSecret() ? new Name(says, text.substring(start, end)) : null;
  }

  /** The secret after an option {@code --name value}; {@code at} is its first dash. */
  @Nullable Span option(int at) {
    int nameEnd = NAME.runEnd(text, at + 2, at + 2 + LONGEST_NAME);
    int value = SPACE.runEnd(text, nameEnd, nameEnd + FEW);
    value = value == nameEnd ? nextItem(nameEnd) : value;
    if (value == nameEnd
        || value >= text.length()
        || (text.charAt(value) == '-' && !isDashedToken(value))) {
      return null;
    }
    SecretName says = SecretName.of(text, at + 2, nameEnd);
    return says.isSecret()
        ? value(new Name(says, text.substring(at + 2, nameEnd)), value, ' ', ' ')
        : null;
  }

  /** {@code - --name}, whose value is the next item of the list. */
  private int nextItem(int nameEnd) {
    int item = nextLine(QUOTES.runEnd(text, nameEnd, nameEnd + 1));
    return text.startsWith("- ", item) ? item + 2 : nameEnd;
  }

  /** Behind the end of the line and the indentation, if the line ends at {@code at}. */
  private int nextLine(int at) {
    int end = text.startsWith("\r\n", at) ? at + 1 : at;
    return text.startsWith("\n", end) ? SPACE.runEnd(text, end + 1, end + 1 + DEEPEST_INDENT) : at;
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

  /** Whether it is an option's, whose value is the next of an array: {@code "--password", "x"}. */
  private boolean isOption(int nameStart) {
    return text.startsWith("--", nameStart);
  }

  /**
   * A token in URL-safe base64 that begins with a dash: long, and with a digit, or behind one dash
   * with capitals in its middle, unlike options.
   */
  private boolean isDashedToken(int from) {
    int end = TOKEN.runEnd(text, from, from + LONGEST_VALUE);
    boolean whole = end == text.length() || text.charAt(end) <= ' ' || QUOTES.has(text.charAt(end));
    boolean isMixed =
        text.startsWith("--", from)
            ? CharSet.DIGIT.isIn(text, from, end)
            : Randomness.isMixed(text, from, end);
    return whole && end - from >= SHORTEST_TOKEN && isMixed;
  }

  /**
   * Whether no value begins at {@code from} but, behind a space, the next option. A token in
   * URL-safe base64 may begin with dashes, too.
   */
  private boolean isNextOption(int from) {
    if (!text.startsWith("--", from) || from == 0 || !SPACE.has(text.charAt(from - 1))) {
      return false;
    }
    int end = OPTION.runEnd(text, from + 2, from + 2 + LONGEST_NAME);
    return end == text.length() || OPTION_END.has(text.charAt(end));
  }

  private boolean isOptionQuoted(int from) {
    return isOption(CLOSERS.runEnd(text, SPACE.runEnd(text, from, from + FEW), from + 2 * FEW));
  }

  /** {@code Token::value}, as code names members; a password that follows so has a digit. */
  private boolean isQualifier(int at) {
    int member = text.startsWith("::", at) ? at + 2 : at + 1;
    boolean second = at > 0 && text.charAt(at - 1) == ':';
    int end = MEMBER.runEnd(text, member, member + LONGEST_NAME);
    return (second || member == at + 2)
        && end > member
        && (end == text.length() || !CharSet.ALNUM.has(text.charAt(end)));
  }

  private boolean isInArn(int nameStart) {
    int start = nameStart;
    while (start > 0 && nameStart - start < LONGEST_ARN_HEAD && ARN.has(text.charAt(start - 1))) {
      start--;
    }
    return text.startsWith("arn:", start);
  }

  private @Nullable Span value(Name name, int from, char separator, char before) {
    int at = from;
    while (at < text.length()
        && at - from < 3
        && (text.charAt(at) == '=' || text.charAt(at) == '>')) {
      at++; // The rest of :=, => and ==.
    }
    at = OPENERS.runEnd(text, SPACE.runEnd(text, at, at + FEW), at + 2 * FEW);
    if (at > 0 && marker.endAt(text, at - 1) >= 0) {
      at--;
    }
    at = SPACE.runEnd(text, at, at + FEW);
    if (text.startsWith("{+", at) || text.startsWith("[-", at - 1)) {
      at = text.charAt(at) == '{' ? at + 2 : at + 1; // git diff --word-diff
    }
    int unmarked = marker.endOfAll(text, at);
    if (unmarked > at) {
      // Only what touches a marker belongs to its value.
      return separator == ',' ? null : unquoted(name, unmarked, separator, before);
    }
    if (name.says() == SecretName.AUTHORIZATION) {
      return new Credential(text, patterns).after(at);
    }
    if (name.says() == SecretName.COOKIE || name.says() == SecretName.SET_COOKIE) {
      return new Cookies(text, marker).after(at, name.says() == SecretName.SET_COOKIE);
    }
    int quote = at;
    while (quote < text.length() && quote - at < DEEPEST_ESCAPE && text.charAt(quote) == '\\') {
      quote++;
    }
    boolean quoted = quote < text.length() && QUOTES.has(text.charAt(quote));
    if (quoted) {
      return quoted(name, quote, quote - at);
    }
    return separator == ',' ? null : unquoted(name, at, separator, before);
  }

  private @Nullable Span quoted(Name name, int quote, int depth) {
    int start = marker.endOfAll(text, quote + 1);
    if (isConcatenation(quote)) {
      return null;
    }
    return judge(name, start, closing(quote, depth, start));
  }

  /** {@code "Token: " + token}: the quote closes what the name stands in, and code follows. */
  private boolean isConcatenation(int quote) {
    int sign = quote + 2;
    return text.startsWith(" + ", quote + 1)
        && sign + 2 < text.length()
        && CODE.has(text.charAt(sign + 2));
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

  private @Nullable Span unquoted(Name name, int start, char separator, char before) {
    if (text.startsWith("$(", start) || Placeholder.isCode(text, start)) {
      return null; // Before its end is sought: code nests.
    }
    int end = unquoted.end(start, separator, before);
    int after = SPACE.runEnd(text, end, end + FEW);
    boolean assigned = after < text.length() && text.charAt(after) == '=' && after > end;
    if (assigned
        && separator == ':'
        && end - start <= LONGEST_TYPE
        && TYPE.hasAll(text, start, end)) {
      return value(name, after + 1, '=', before); // The type stood between: password: str = "..."
    }
    if (unquoted.isReference(start, end, separator)) {
      return null;
    }
    if (isNextOption(start)) {
      return null;
    }
    boolean whole = end - start < LONGEST_VALUE;
    return judge(name, start, whole ? unquoted.trimmedEnd(start, end) : end);
  }

  private @Nullable Span judge(Name name, int start, int end) {
    if (start >= text.length() || end <= start) {
      return null;
    }
    Span known = patterns.at(text, start);
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
    SecretKind kind = NamedValue.kind(patterns, name.says(), name.text(), value);
    return kind == null ? null : new Span(kind, start, wordEnd(start, stop));
  }

  /** What is longer than is looked at when a secret is sought goes on as a secret to its end. */
  private int wordEnd(int start, int from) {
    int end = from;
    while (end - start >= LONGEST_VALUE
        && end < text.length()
        && text.charAt(end) > ' '
        && text.charAt(end) != '\\'
        && !QUOTES.has(text.charAt(end))) {
      end++;
    }
    return end;
  }
}
