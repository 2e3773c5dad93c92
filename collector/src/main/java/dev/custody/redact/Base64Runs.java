package dev.custody.redact;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * The runs of base64 in a text that decode to text. It looks at every twentieth character only,
 * until one may be inside of a run.
 */
final class Base64Runs {
  /** A run, and what it decodes to. */
  record Run(int start, int end, String text) {}

  private static final CharSet MEMBERS = CharSet.of("A-Za-z0-9+/_-");
  private static final CharSet PADDING = CharSet.of("=");
  private static final CharSet SPACE = CharSet.of(" \t\r\n>|+-");

  /** Fifteen characters of text: no token and nearly no password with its name is shorter. */
  private static final int SHORTEST = 20;

  /** Lines of at least so many characters may be one run. */
  private static final int SHORTEST_LINE = 60;

  private static final int LONGEST = 1 << 20;
  private static final int LONGEST_GAP = 32;
  private static final int LOOK = 24;
  private static final int MOST_STARTS = 4;

  private final String text;
  private int at;

  Base64Runs(String text) {
    this.text = text;
  }

  /** The next run that decodes to text. */
  @Nullable Run next() {
    while (at + SHORTEST <= text.length()) {
      int start = backToStart(at + SHORTEST - 1);
      if (start > at) {
        at = start;
        continue;
      }
      int end = MEMBERS.runEnd(text, at + SHORTEST);
      Run run = decoded(at, end);
      at = run == null ? end : run.end();
      if (run != null) {
        return run;
      }
    }
    return null;
  }

  private int backToStart(int from) {
    int start = from + 1;
    while (start > at && MEMBERS.has(text.charAt(start - 1))) {
      start--;
    }
    return start;
  }

  /** Also tries behind a path's slash, and behind the letter of an escape. */
  private @Nullable Run decoded(int from, int end) {
    int start = from;
    for (int tried = 0; tried < MOST_STARTS && end - start >= SHORTEST; tried++) {
      if (isText(start, end)) {
        return whole(start, end);
      }
      boolean escape = start == from && start > 0 && isEscape(text.charAt(start - 1));
      int slash = text.indexOf('/', start, end);
      if (escape && isText(start + 1, end)) {
        return whole(start + 1, end);
      }
      if (slash < 0) {
        return null;
      }
      start = slash + 1;
    }
    return null;
  }

  private static boolean isEscape(char c) {
    return c == '\\' || c == '%';
  }

  /** Cheap: what does not begin with text is a digest, an id or a picture. */
  private boolean isText(int start, int end) {
    if (!mayBeginText(start)) {
      return false;
    }
    int look = Math.min(end, start + LOOK);
    String head = decode(text.substring(start, look - (look - start) % 4));
    return head != null && isPrintable(head);
  }

  /**
   * Whether the first three bytes may be those of text, a character a byte or UTF-16: of twenty
   * runs that are none, nineteen end here, before anything is decoded.
   */
  private boolean mayBeginText(int start) {
    int bytes = 0;
    for (int i = start; i < start + 4; i++) {
      bytes = bytes << 6 | sextet(text.charAt(i));
    }
    int second = bytes >> 8 & 0xFF;
    return isFirst(bytes >> 16) && (second == 0 || isFirst(second)) && isFirst(bytes & 0xFF);
  }

  private static boolean isFirst(int c) {
    return c <= '~' && isPrintable((char) c);
  }

  private static int sextet(char member) {
    return switch (member) {
      case '+', '-' -> 62;
      case '/', '_' -> 63;
      default ->
          member <= '9' ? member - '0' + 52 : member <= 'Z' ? member - 'A' : member - 'a' + 26;
    };
  }

  private @Nullable Run whole(int start, int lineEnd) {
    StringBuilder run = new StringBuilder(text.substring(start, lineEnd));
    int end = lineEnd;
    int lineStart = start;
    while (end - lineStart >= SHORTEST_LINE && run.length() < LONGEST) {
      int next = nextLine(end);
      if (next < 0) {
        break;
      }
      lineStart = next;
      end = MEMBERS.runEnd(text, next);
      run.append(text, next, end);
    }
    String decoded = decode(run.toString());
    int padded = PADDING.runEnd(text, end, end + 2);
    return decoded == null ? null : new Run(start, padded, decoded);
  }

  /** Where base64 goes on behind the line that ends at {@code end}, or -1. */
  private int nextLine(int end) {
    int at = end;
    if (text.startsWith("\\r\\n", at)) {
      at += 4;
    } else if (text.startsWith("\\n", at)) {
      at += 2;
    } else if (at >= text.length() || (text.charAt(at) != '\n' && text.charAt(at) != '\r')) {
      return -1;
    }
    int next = SPACE.runEnd(text, at, at + LONGEST_GAP);
    return next < text.length() && MEMBERS.has(text.charAt(next)) ? next : -1;
  }

  /** What whole groups of four decode to, a character a byte; UTF-16 as PowerShell has it, too. */
  private static @Nullable String decode(String run) {
    String standard = run.replace('-', '+').replace('_', '/');
    int length = standard.length() - (standard.length() % 4 == 1 ? 1 : 0);
    try {
      byte[] bytes = Base64.getMimeDecoder().decode(standard.substring(0, length));
      boolean wide = bytes.length >= 8 && bytes[1] == 0 && bytes[3] == 0 && bytes[5] == 0;
      return new String(bytes, wide ? StandardCharsets.UTF_16LE : StandardCharsets.ISO_8859_1);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private static boolean isPrintable(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!isPrintable(c)) {
        return false;
      }
      if (c > '~' && i < 8) {
        return false; // Text may hold other letters, but it rarely begins with them.
      }
    }
    return true;
  }

  private static boolean isPrintable(char c) {
    return (c >= ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\u001b') && c != 127;
  }
}
