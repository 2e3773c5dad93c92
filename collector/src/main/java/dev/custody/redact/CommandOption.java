package dev.custody.redact;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Passwords that commands take after an option of one letter: {@code curl -u user:password}. */
final class CommandOption {
  private static final CharSet QUOTES = CharSet.of("\"'");
  private static final int REACH = 256;
  private static final int LONGEST = 256;

  /**
   * One way to give a password.
   *
   * @param attached whether the value follows without a space
   * @param user whether it is {@code user:password}
   */
  private record Option(String program, char letter, boolean attached, boolean user) {}

  private static final List<Option> OPTIONS =
      List.of(
          new Option("curl ", 'u', false, true),
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
    return letter == 'u' || letter == 'p' || letter == 'a' || letter == 'w' || letter == 'U';
  }

  /** The password of the option whose dash is at {@code at}. */
  @Nullable Span at(int at) {
    boolean begins = at > 0 && (text.charAt(at - 1) == ' ' || text.charAt(at - 1) == '"');
    if (!begins || at + 3 >= text.length()) {
      return null;
    }
    boolean attached = text.charAt(at + 2) != ' ';
    for (Option option : OPTIONS) {
      if (option.letter == text.charAt(at + 1) && option.attached == attached) {
        String before = text.substring(Math.max(0, at - REACH), at);
        int program = before.lastIndexOf(option.program);
        if (program >= 0 && before.indexOf('\n', program) < 0) {
          return value(attached ? at + 2 : at + 3, option.user);
        }
      }
    }
    return null;
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
        || value.startsWith("--")
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
