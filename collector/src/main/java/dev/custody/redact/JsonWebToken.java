package dev.custody.redact;

/** What follows {@code eyJ} in a JSON Web Token. */
final class JsonWebToken {
  /** 80 bits of base64: a shorter signature (or none) makes a token that could be guessed. */
  static final int SHORTEST_SIGNATURE = 14;

  private static final CharSet DOTTED = CharSet.of("A-Za-z0-9._-");
  private static final int PREFIX = 3;
  private static final int LONGEST_HEADER = 8192;
  private static final int LONGEST_LOOK = 256;

  private JsonWebToken() {}

  static int end(String text, int from, int shortestSignature) {
    // Within a run each "eyJ" would be tried to the run's end: there the look is short.
    int start = from - PREFIX;
    boolean inRun = start > 0 && CharSet.BASE64URL.has(text.charAt(start - 1));
    int longest = inRun ? LONGEST_LOOK : LONGEST_HEADER;
    int header = CharSet.BASE64URL.runEnd(text, from, from + longest);
    if (header - from < 7 || header >= text.length() || text.charAt(header) != '.') {
      return -1;
    }
    int payload = CharSet.BASE64URL.runEnd(text, header + 1);
    if (payload - header <= 10) {
      return -1;
    }
    boolean signed = payload < text.length() && text.charAt(payload) == '.';
    int signature = signed ? DOTTED.runEnd(text, payload + 1) : payload;
    while (signature > payload && text.charAt(signature - 1) == '.') {
      signature--;
    }
    return signature - payload - 1 >= shortestSignature || shortestSignature == 0 ? signature : -1;
  }
}
