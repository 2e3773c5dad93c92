package dev.custody.redact;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Passwords that commands take after an option of one letter: {@code curl -u user:password}. */
final class CommandOption {
  private static final CharSet QUOTES = CharSet.of("\"'");
  private static final CharSet BEFORE = CharSet.of(" \t\n\"'");
  private static final CharSet LETTERS = CharSet.of("A-Za-z");
  private static final int REACH = 512;
  private static final int LONGEST = 256;

  /** So many letters may share a dash: {@code curl -sSLu user:password}. */
  private static final int MOST_LETTERS = 8;

  /** What else begins with one dash where {@code curl} has its {@code u} behind other letters. */
  private static final String FIRST_LETTERS = "sSkLfvi";

  private static final String CURL = "curl ";
  private static final List<String> CURLS_USERS = List.of("--user", "--proxy-user");

  /**
   * One way to give a password.
   *
   * @param attached whether the value follows without a space
   * @param user whether it is {@code user:password}
   */
  private record Option(String program, char letter, boolean attached, boolean user) {
    /** Where its value begins if it is the option whose dash is at {@code at}, else -1. */
    int value(String text, int at) {
      if (attached) {
        boolean here = text.charAt(at + 1) == letter && text.charAt(at + 2) > ' ';
        return here ? at + 2 : -1;
      }
      int most = program.equals(CURL) ? MOST_LETTERS : 1;
      int end = LETTERS.runEnd(text, at + 1, at + 1 + most);
      boolean here =
          end > at + 1
              && end + 1 < text.length()
              && text.charAt(end - 1) == letter
              && text.charAt(end) == ' ';
      return here ? end + 1 : -1;
    }
  }

  private static final List<Option> OPTIONS =
      List.of(
          new Option(CURL, 'u', false, true),
          new Option(CURL, 'u', true, true),
          new Option("wget ", 'u', false, true),
          new Option("http ", 'a', false, true),
          new Option("mysql", 'p', true, false),
          new Option("mariadb", 'p', true, false),
          new Option("sshpass ", 'p', false, false),
          new Option("sshpass ", 'p', true, false),
          new Option("login ", 'p', false, false),
          new Option("redis-cli ", 'a', false, false),
          new Option("mongosh ", 'p', false, false),
          new Option("ldap", 'w', false, false),
          new Option("smbclient ", 'U', false, true));

  private final String text;
  private final Marker marker;

  CommandOption(String text, Marker marker) {
    this.text = text;
    this.marker = marker;
  }

  static boolean mayBeginWith(char letter) {
    return letter == 'u'
        || letter == 'p'
        || letter == 'a'
        || letter == 'w'
        || letter == 'U'
        || FIRST_LETTERS.indexOf(letter) >= 0;
  }

  /** The password of the option whose dash is at {@code at}. */
  @Nullable Span at(int at) {
    if (at == 0 || !BEFORE.has(text.charAt(at - 1)) || at + 3 >= text.length()) {
      return null;
    }
    for (Option option : OPTIONS) {
      int value = option.value(text, at);
      if (value >= 0 && isOf(option.program, at)) {
        return value(value, option.user);
      }
    }
    return null;
  }

  /** The same of {@code curl --user user:password}; {@code at} is the first dash. */
  @Nullable Span named(int at) {
    for (String name : CURLS_USERS) {
      int end = at + name.length();
      boolean here =
          text.startsWith(name, at)
              && end + 1 < text.length()
              && (text.charAt(end) == ' ' || text.charAt(end) == '=');
      if (here && isOf(CURL, at)) {
        return value(end + 1, true);
      }
    }
    return null;
  }

  /** Whether the command that {@code at} stands in is {@code program}'s. */
  private boolean isOf(String program, int at) {
    String before = text.substring(Math.max(0, at - REACH), at);
    int from = before.lastIndexOf(program);
    if (from < 0) {
      return false;
    }
    for (int line = before.indexOf('\n', from); line >= 0; line = before.indexOf('\n', line + 1)) {
      int last = before.charAt(line - 1) == '\r' ? line - 2 : line - 1;
      if (before.charAt(last) != '\\') {
        return false;
      }
    }
    return true;
  }

  private @Nullable Span value(int from, boolean user) {
    int start = from;
    while (start < text.length() && start - from < 8 && text.charAt(start) == '\\') {
      start++;
    }
    boolean quoted = start < text.length() && QUOTES.has(text.charAt(start));
    char quote = quoted ? text.charAt(start) : ' ';
    start = quoted ? start + 1 : from;
    int end = end(start, quote);
    if (quoted && !text.startsWith(String.valueOf(quote), end) && !text.startsWith("\\", end)) {
      end = end(start, ' '); // Never closed: no more than a word.
    }
    if (user) {
      int colon = text.indexOf(':', start, end);
      int percent = colon < 0 ? text.indexOf('%', start, end) : colon;
      if (percent < 0) {
        return null;
      }
      start = percent + 1;
    }
    String value = text.substring(start, Math.max(start, end));
    boolean stand = value.length() >= Placeholder.SHORTEST_SECRET && Placeholder.is(value);
    if (stand
        || value.startsWith(user ? PrivateKeyBlock.BEGIN : "--")
        || end - start < 3
        || marker.endOfAll(text, start) == end
        || text.charAt(start) == '$'
        || (end - start < 6 && CharSet.DIGIT.hasAll(text, start, end))) {
      return null;
    }
    return new Span(SecretKind.GENERIC_PASSWORD, start, end);
  }

  private int end(int from, char stop) {
    int end = from;
    while (end < text.length()
        && end - from < LONGEST
        && text.charAt(end) != stop
        && text.charAt(end) >= ' '
        && "\"'\\".indexOf(text.charAt(end)) < 0) {
      end++;
    }
    return end;
  }
}
