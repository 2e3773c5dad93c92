package dev.custody.redact;

/** A text without its wrapping, and where each character of it stands in the text. */
final class Unwrapped {
  private static final String ESC = "\u001b[";
  private static final String[] WRITTEN_ESC = {"\\u001b[", "\\u001B[", "\\x1b[", "\\033[", "\\e["};
  private static final CharSet PARAMETERS = CharSet.of("0-9;?");
  private static final String[] ENTITIES = {
    "&quot;", "&amp;", "&lt;", "&gt;", "&apos;", "&#34;", "&#39;", "&#x22;", "&#x27;", "&#61;"
  };
  private static final String ENTITY_VALUES = "\"&<>'\"'\"'=";

  private final char[] inner;
  private final int[] starts;
  private final int[] ends;
  private int length;

  private Unwrapped(int longest) {
    this.inner = new char[longest];
    this.starts = new int[longest];
    this.ends = new int[longest];
  }

  String text() {
    return new String(inner, 0, length);
  }

  /** Where the character at {@code at} begins outside. */
  int start(int at) {
    return starts[at];
  }

  /** Where the character before {@code to} ends outside. */
  int end(int to) {
    return ends[to - 1];
  }

  private void add(char c, int from, int to) {
    starts[length] = from;
    ends[length] = to;
    inner[length++] = c;
  }

  static boolean hasColours(String text) {
    if (text.indexOf('\u001b') >= 0) {
      return true;
    }
    if (text.indexOf('\\') < 0) {
      return false;
    }
    for (String written : WRITTEN_ESC) {
      if (text.contains(written)) {
        return true;
      }
    }
    return false;
  }

  /** Without what colours a terminal, as it is or as JSON and shells write it. */
  static Unwrapped colours(String text) {
    Unwrapped unwrapped = new Unwrapped(text.length());
    int at = 0;
    while (at < text.length()) {
      int end = colourEnd(text, at);
      if (end > at) {
        at = end;
        continue;
      }
      unwrapped.add(text.charAt(at), at, at + 1);
      at++;
    }
    return unwrapped;
  }

  private static int colourEnd(String text, int at) {
    char c = text.charAt(at);
    if (c != '\u001b' && c != '\\') {
      return at;
    }
    int from = text.startsWith(ESC, at) ? at + ESC.length() : at;
    for (String written : WRITTEN_ESC) {
      from = from == at && text.startsWith(written, at) ? at + written.length() : from;
    }
    if (from == at) {
      return at;
    }
    int end = PARAMETERS.runEnd(text, from, from + 24);
    return end < text.length() && CharSet.ALNUM.has(text.charAt(end)) ? end + 1 : at;
  }

  static boolean hasEscapes(String text) {
    for (int at = text.indexOf('%'); at >= 0; at = text.indexOf('%', at + 1)) {
      if (Escape.hex(text, at + 1, 2) > 0) {
        return true;
      }
    }
    return (text.indexOf('\\') >= 0 && text.contains("\\u00")) || hasEntities(text);
  }

  private static boolean hasEntities(String text) {
    return text.indexOf('&') >= 0
        && (text.contains("&quot;") || text.contains("&#") || text.contains("&amp;"));
  }

  /** Without the escapes of URLs (twice, too), of HTML, and without the numbers of JSON. */
  static Unwrapped escapes(String text) {
    Unwrapped unwrapped = new Unwrapped(text.length());
    int at = 0;
    while (at < text.length()) {
      char c = text.charAt(at);
      int end = at + 1;
      if (c == '%') {
        int twice = text.startsWith("%25", at) ? Escape.hex(text, at + 3, 2) : -1;
        int once = twice > 0 ? twice : Escape.hex(text, at + 1, 2);
        c = once > 0 ? (char) once : c;
        end = once > 0 ? at + (twice > 0 ? 5 : 3) : end;
      } else if (c == '\\' && text.startsWith("\\u00", at)) {
        int value = Escape.hex(text, at + 4, 2);
        c = value > 0 ? (char) value : c;
        end = value > 0 ? at + 6 : end;
      } else if (c == '&') {
        int entity = entity(text, at);
        c = entity < 0 ? c : ENTITY_VALUES.charAt(entity);
        end = entity < 0 ? end : at + ENTITIES[entity].length();
      }
      unwrapped.add(c, at, end);
      at = end;
    }
    return unwrapped;
  }

  private static int entity(String text, int at) {
    for (int i = 0; i < ENTITIES.length; i++) {
      if (text.startsWith(ENTITIES[i], at)) {
        return i;
      }
    }
    return -1;
  }
}
