package dev.custody.redact;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Values that only stand for a secret: variables, types, masks, code that fetches it. */
final class Placeholder {
  /**
   * Nothing shorter is replaced: {@code true}, {@code None}, a digit; and nobody's password, one
   * hopes.
   */
  static final int SHORTEST_SECRET = 6;

  private static final CharSet IDENTIFIER = CharSet.of("A-Za-z0-9_.");
  private static final String TOKEN = "Token";
  private static final Set<String> PAGES =
      Set.of(
          "next",
          "page",
          "continuation",
          "pagination",
          "forward",
          "backward",
          "start",
          "starting",
          "previous",
          "prev");

  private static final CharSet KEY_ID = CharSet.of("A-Z0-9");

  /** What stands between angle brackets; a whole text that happens to have them is none. */
  private static final CharSet NAME = CharSet.of("A-Za-z0-9_ ./|,'-");

  private static final CharSet MASK = CharSet.of("*.xX#_-");
  private static final CharSet PATH = CharSet.of("a-z/_.-");
  private static final int LONGEST_WORD = 64;

  private static final Set<String> WORDS =
      Set.of(
          "string",
          "password",
          "boolean",
          "number",
          "object",
          "undefined",
          "secretstr",
          "optional",
          "required",
          "redacted",
          "[redacted]",
          "[omitted: of a secret]",
          "(sensitive)",
          "(redacted)",
          "hidden",
          "hidden_due_to_security_reasons",
          "enabled",
          "disabled",
          "charsequence",
          "bytearray",
          "varchar",
          "nullptr",
          "unknown",
          "expected",
          "expired",
          "invalid",
          "missing",
          "default");

  private static final List<String> REFERENCES =
      List.of(
          "process.env",
          "os.environ",
          "os.getenv",
          "env.",
          "env[",
          "config.",
          "self.",
          "this.",
          "req.",
          "request.",
          "settings.",
          "secrets.",
          "var.",
          "local.",
          "data.",
          "module.",
          "ctx.",
          "options.",
          "opts.",
          "args.",
          "params.",
          "props.",
          "user.",
          "import.meta",
          "system.getenv",
          "deno.env",
          "arn:",
          "vault:",
          "sops:",
          "string|",
          "optional<",
          "optional[",
          "option<");

  private Placeholder() {}

  static boolean is(String value) {
    if (value.length() < SHORTEST_SECRET || MASK.hasAll(value, 0, value.length())) {
      return true;
    }
    String lower =
        value.substring(0, Math.min(value.length(), LONGEST_WORD)).toLowerCase(Locale.ROOT);
    return WORDS.contains(lower)
        || isVariable(value)
        || isTokensName(value)
        || isPath(value)
        || isKeyId(value)
        || REFERENCES.stream().anyMatch(lower::startsWith)
        || lower.startsWith("your-")
        || lower.startsWith("your_")
        || lower.contains("hidden due to security reasons");
  }

  /** In unquoted text a name followed by a parenthesis or bracket is code. */
  static boolean isCode(String text, int from) {
    int end = IDENTIFIER.runEnd(text, from, from + LONGEST_WORD);
    return end > from
        && end < text.length()
        && (text.charAt(end) == '(' || text.charAt(end) == '[');
  }

  /** {@code SECRET_CHECKS = "/git/secret-checks"}: of words alone, for base64 may begin so, too. */
  private static boolean isPath(String value) {
    return value.charAt(0) == '/' && PATH.hasAll(value, 1, value.length());
  }

  /** An access key id is an identifier wherever it stands. */
  private static boolean isKeyId(String value) {
    return value.length() == 20
        && (value.startsWith("AKIA") || value.startsWith("ASIA"))
        && KEY_ID.hasAll(value, 0, 20);
  }

  /**
   * {@code "output_token": "NextToken"}: how pages are turned. These words and no others: who makes
   * a password up may well end it so.
   */
  private static boolean isTokensName(String value) {
    int end = value.length() - TOKEN.length();
    if (end < 0 || end > LONGEST_WORD || !value.startsWith(TOKEN, end)) {
      return false;
    }
    List<String> words = SecretName.words(value.substring(0, end));
    return !words.isEmpty() && PAGES.containsAll(words);
  }

  private static boolean isVariable(String value) {
    char first = value.charAt(0);
    char last = value.charAt(value.length() - 1);
    if (first == '$') {
      char second = value.charAt(1);
      return second == '('
          || (second == '{' && value.indexOf('}') == value.length() - 1)
          || CharSet.WORD.hasAll(value, 1, value.length());
    }
    int end = value.length() - 1;
    return (first == '<' && last == '>' && NAME.hasAll(value, 1, end))
        || (first == '%' && last == '%' && CharSet.WORD.hasAll(value, 1, end))
        || (value.startsWith("{{") && value.indexOf('}') == end - 1 && last == '}');
  }
}
