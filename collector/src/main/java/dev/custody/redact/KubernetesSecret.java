package dev.custody.redact;

/**
 * The data of a Kubernetes Secret in YAML or JSON: every value is a secret, whatever its name. The
 * kind may stand before the data or after it.
 */
final class KubernetesSecret {
  private static final int REACH = 4 * 1024;
  private static final String SECRET = "Secret";
  private static final CharSet SIGNS = CharSet.of(" \t\"'\\:");

  private final String text;
  private int kindBefore = -1;

  /** The next kind at or behind {@link #soughtFrom}: sought once for all data before it. */
  private int kindBehind = -1;

  private int soughtFrom = -1;
  private int until;

  KubernetesSecret(String text) {
    this.text = text;
  }

  /** Whether the name in {@code [start, end)} is one of a Secret's data; asked in order. */
  boolean isDatum(int start, int end, int colon) {
    if (colon < until) {
      return true;
    }
    int length = end - start;
    if (length == 4 && text.startsWith("kind", start)) {
      int value = SIGNS.runEnd(text, colon + 1, colon + 8);
      if (isSecret(value)) {
        kindBefore = colon;
      }
    } else if ((length == 4 && text.startsWith("data", start))
        || (length == 10 && text.startsWith("stringData", start))) {
      boolean before = kindBefore >= 0 && isOneDocument(kindBefore, colon);
      if (before || isOneDocument(colon, kindBehind(colon))) {
        until = endOfData(start, colon);
      }
    }
    return false;
  }

  /** Neither far apart nor with the begin of another document or list item between them. */
  private boolean isOneDocument(int from, int to) {
    return to - from < REACH
        && text.indexOf("\n---", from, to) < 0
        && text.indexOf("\n- ", from, to) < 0;
  }

  private boolean isSecret(int at) {
    int end = at + SECRET.length();
    return text.startsWith(SECRET, at)
        && (end == text.length() || !CharSet.WORD.has(text.charAt(end)));
  }

  private int kindBehind(int from) {
    if (soughtFrom >= 0 && kindBehind >= from) {
      return kindBehind;
    }
    soughtFrom = from;
    int at = text.indexOf(SECRET, from);
    while (at >= 0 && !(isSecret(at) && isValueOfKind(at))) {
      at = text.indexOf(SECRET, at + 1);
    }
    kindBehind = at < 0 ? Integer.MAX_VALUE : at;
    return kindBehind;
  }

  private boolean isValueOfKind(int at) {
    int end = at;
    while (end > 0 && at - end < 16 && SIGNS.has(text.charAt(end - 1))) {
      end--;
    }
    return end < at && end >= 4 && text.startsWith("kind", end - 4);
  }

  private int endOfData(int start, int colon) {
    int value = SIGNS.runEnd(text, colon + 1, colon + 32);
    if (value < text.length() && text.charAt(value) == '{') {
      int brace = text.indexOf('}', value);
      return brace < 0 ? text.length() : brace;
    }
    int indent = start - (text.lastIndexOf('\n', start) + 1);
    int line = text.indexOf('\n', colon);
    while (line >= 0) {
      int first = line + 1;
      while (first < text.length() && text.charAt(first) == ' ') {
        first++;
      }
      boolean outside = first - line - 1 <= indent;
      if (first >= text.length() || (outside && text.charAt(first) != '\n')) {
        return line;
      }
      line = text.indexOf('\n', first);
    }
    return text.length();
  }
}
