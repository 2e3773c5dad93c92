package dev.custody.sigma;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A text that is in everything that a regular expression finds: the longest run of plain ASCII
 * characters that stand in it by themselves. Where that is not plain to see there is none, which is
 * always right.
 */
final class RegexText {
  private static final Pattern QUANTIFIER =
      Pattern.compile("(?:[*+?]|\\{[0-9]{1,4}(?:,[0-9]{0,4})?\\})\\??");

  private final String regex;
  private String longest = "";
  private final StringBuilder run = new StringBuilder();

  private RegexText(String regex) {
    this.regex = regex;
  }

  /** The text; empty if none is known. */
  static String of(String regex) {
    RegexText text = new RegexText(regex);
    return text.read() ? text.longest : "";
  }

  /** Whether the expression is understood, as one sequence. */
  private boolean read() {
    int at = 0;
    while (at < regex.length()) {
      char c = regex.charAt(at);
      switch (c) {
        case '|' -> {
          return false; // Either side is enough.
        }
        case '[', '(' -> {
          end();
          at = closing(at);
          if (at < 0) {
            return false;
          }
          at = afterQuantifier(at);
        }
        case '\\' -> {
          if (at + 1 == regex.length()) {
            return false;
          }
          char escaped = regex.charAt(at + 1);
          if (Character.isLetterOrDigit(escaped)) {
            if ("dDwWsSbBAz".indexOf(escaped) < 0) {
              return false; // Of several characters, or a quotation.
            }
            end();
            at = afterQuantifier(at + 2);
          } else {
            at = plain(escaped, at + 2);
          }
        }
        case '.', '^', '$' -> {
          end();
          at = afterQuantifier(at + 1);
        }
        case '*', '+', '?', '{', '}' -> {
          return false;
        }
        default -> at = plain(c, at + 1);
      }
    }
    end();
    return true;
  }

  /** Takes a character in, unless it may be missing. */
  private int plain(char c, int next) {
    int after = afterQuantifier(next);
    boolean stays = after == next || regex.charAt(next) == '+';
    if (stays && c < 128) {
      run.append(c);
    }
    if (after != next || c >= 128) {
      end();
    }
    return after;
  }

  private void end() {
    if (run.length() > longest.length()) {
      longest = run.toString();
    }
    run.setLength(0);
  }

  private int afterQuantifier(int from) {
    Matcher quantifier = QUANTIFIER.matcher(regex).region(from, regex.length());
    return quantifier.lookingAt() ? quantifier.end() : from;
  }

  /** Behind the class or group that opens at {@code from}; -1 if it is not plain where it ends. */
  private int closing(int from) {
    if (regex.startsWith("(?", from) && !regex.startsWith("(?:", from)) {
      return -1; // Flags may change what follows.
    }
    int depth = 0;
    boolean inClass = false;
    for (int at = from; at < regex.length(); at++) {
      char c = regex.charAt(at);
      if (c == '\\') {
        if (at + 1 < regex.length() && regex.charAt(at + 1) == 'Q') {
          return -1;
        }
        at++;
      } else if (inClass) {
        if (c == '[') {
          return -1; // A named class.
        }
        inClass = c != ']';
        if (!inClass && depth == 0) {
          return at + 1;
        }
      } else if (c == '[') {
        inClass = true;
        at = skipFirst(at);
      } else if (c == '(') {
        depth++;
      } else if (c == ')' && --depth == 0) {
        return at + 1;
      }
    }
    return -1;
  }

  /** A bracket that comes first in a class is a member. */
  private int skipFirst(int open) {
    int at = regex.startsWith("^", open + 1) ? open + 1 : open;
    return regex.startsWith("]", at + 1) ? at + 1 : at;
  }
}
