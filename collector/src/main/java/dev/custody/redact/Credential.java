package dev.custody.redact;

import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Secrets of requests: the value of an {@code Authorization} header, and the password in a URL. */
final class Credential {
  private static final Set<String> SCHEMES =
      Set.of(
          "bearer",
          "basic",
          "token",
          "bot",
          "apikey",
          "api-key",
          "key",
          "digest",
          "negotiate",
          "splunk",
          "sso-key");
  private static final CharSet SPACE = CharSet.of(" \t");
  private static final CharSet BACKSLASH = CharSet.of("\\");
  private static final CharSet QUOTES = CharSet.of("\"'`");
  private static final CharSet SCHEME = CharSet.of("A-Za-z-");
  private static final CharSet END = CharSet.of("\"'`\\<>");
  private static final int LONGEST = 16 * 1024;
  private static final int LONGEST_USERINFO = 512;
  private static final int SHORTEST_BARE = 16;

  private final String text;
  private final SecretPatterns patterns;
  private final Marker marker;

  Credential(String text, SecretPatterns patterns) {
    this.text = text;
    this.patterns = patterns;
    this.marker = patterns.marker();
  }

  /**
   * The credential of a header whose value begins at {@code from}. A signature of AWS is none: it
   * names a key id.
   */
  @Nullable Span after(int from) {
    int start = SPACE.runEnd(text, from, from + 8);
    int quote = BACKSLASH.runEnd(text, start, start + 32);
    if (quote < text.length() && QUOTES.has(text.charAt(quote))) {
      start = quote + 1;
    } else if (quote > start) {
      return null; // An escaped line break: the header is empty.
    }
    int schemeEnd = SCHEME.runEnd(text, start, start + 16);
    int credential = SPACE.runEnd(text, schemeEnd, schemeEnd + 8);
    boolean scheme =
        credential > schemeEnd
            && SCHEMES.contains(text.substring(start, schemeEnd).toLowerCase(Locale.ROOT));
    int at = marker.endOfAll(text, scheme ? credential : start);
    int end = end(at, LONGEST);
    while (end > at && ",;)}]".indexOf(text.charAt(end - 1)) >= 0) {
      end--;
    }
    Span known = at < end ? patterns.at(text, at) : null;
    if (known != null && known.start() == at && known.end() >= end) {
      return known;
    }
    String value = text.substring(at, end);
    boolean secret =
        !Placeholder.is(value) && !value.startsWith("--") && (scheme || isBareSecret(value));
    return secret && marker.endAt(text, at) < 0
        ? new Span(SecretKind.AUTHORIZATION, at, end)
        : null;
  }

  private static boolean isBareSecret(String value) {
    return value.length() >= SHORTEST_BARE
        && !value.startsWith("AWS4-HMAC")
        && !Placeholder.isCode(value, 0)
        && value.chars().anyMatch(Character::isDigit);
  }

  /**
   * The password of {@code scheme://user:password@host}; {@code colon} is the one of the scheme.
   */
  @Nullable Span inUrl(int colon) {
    int from = colon + 3;
    int end = end(from, LONGEST_USERINFO);
    int at = userinfoEnd(from, end);
    if (at < 0) {
      return null;
    }
    int separator = text.indexOf(':', from, at);
    int start = separator < 0 ? from : separator + 1;
    String value = text.substring(start, at);
    if (marker.endOfAll(text, start) == at || isStandIn(value)) {
      return null;
    }
    if (separator < 0 && !isTokenAlone(value)) {
      return null;
    }
    Span known = patterns.at(text, start);
    return known != null && known.start() == start && known.end() >= at
        ? known
        : new Span(SecretKind.URL_PASSWORD, start, at);
  }

  /**
   * The password of a line {@code host:port:database:user:password}, as PostgreSQL's password file
   * has it; {@code colon} is the one before the port.
   */
  @Nullable Span inPasswordFile(int colon) {
    int port = CharSet.DIGIT.runEnd(text, colon + 1, colon + 7);
    int after = text.startsWith("*", colon + 1) ? colon + 2 : port;
    boolean any = after != port;
    if ((!any && (port < colon + 5 || port > colon + 6)) || !text.startsWith(":", after)) {
      return null;
    }
    int line = lineStart(colon);
    int end = line < 0 ? -1 : end(line, LONGEST_USERINFO);
    if (end <= after) {
      return null;
    }
    int user = text.indexOf(':', after + 1, end);
    int password = user < 0 ? -1 : text.indexOf(':', user + 1, end);
    boolean last = password > user + 1 && text.indexOf(':', password + 1, end) < 0;
    if (!last || end - password <= 3 || marker.endAt(text, password + 1) == end) {
      return null;
    }
    return new Span(SecretKind.GENERIC_PASSWORD, password + 1, end);
  }

  /** The begin of the line whose first word ends at {@code colon} and has no other, or -1. */
  private int lineStart(int colon) {
    int line = colon;
    while (line > 0
        && colon - line < LONGEST_USERINFO
        && text.charAt(line - 1) > ' '
        && text.charAt(line - 1) != ':') {
      line--;
    }
    boolean begins = line == 0 || "\n\r\t".indexOf(text.charAt(line - 1)) >= 0;
    return begins && line < colon ? line : -1;
  }

  /**
   * Where the userinfo ends, or -1. A password may hold an unencoded slash, at-sign or number sign,
   * which is no valid URL but common; a number after the first colon is a port.
   */
  private int userinfoEnd(int from, int end) {
    int slash = from;
    while (slash < end && "/?#".indexOf(text.charAt(slash)) < 0) {
      slash++;
    }
    int at = lastAt(from, slash);
    if (at >= 0) {
      return at;
    }
    int separator = text.indexOf(':', from, slash);
    if (separator < 0 || CharSet.DIGIT.hasAll(text, separator + 1, slash)) {
      return -1;
    }
    int late = lastAt(from, end);
    return late > separator ? late : -1;
  }

  private int lastAt(int from, int to) {
    int at = to - 1;
    while (at >= from && text.charAt(at) != '@') {
      at--;
    }
    return at >= from ? at : -1;
  }

  private static boolean isStandIn(String value) {
    // Short ones are replaced too: only here does the form itself say that it is a password.
    return value.isEmpty()
        || "%s".equals(value)
        || (value.length() >= 2 && value.charAt(0) == '$')
        || (value.length() >= Placeholder.SHORTEST_SECRET && Placeholder.is(value))
        || value.chars().allMatch(c -> c == '*');
  }

  private static boolean isTokenAlone(String value) {
    return value.length() >= 20
        && CharSet.BASE64URL.hasAll(value, 0, value.length())
        && value.chars().anyMatch(Character::isDigit);
  }

  private int end(int from, int longest) {
    int limit = Math.min(text.length(), from + longest);
    int at = Math.min(from, limit);
    while (at < limit && text.charAt(at) > ' ' && !END.has(text.charAt(at))) {
      at++;
    }
    return at;
  }
}
