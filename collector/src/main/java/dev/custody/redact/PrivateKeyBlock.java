package dev.custody.redact;

/**
 * PEM and OpenPGP private keys, as files hold them, as JSON and shells escape them, with line
 * numbers before the lines, or cut off before their end.
 */
final class PrivateKeyBlock {
  static final String BEGIN = "-----BEGIN ";
  private static final String END = "-----END ";
  private static final String DASHES = "-----";
  private static final int LONGEST_TITLE = 64;

  /** No private key is longer; what is between a begin and an end further apart is not one key. */
  private static final int LONGEST_BLOCK = 64 * 1024;

  /**
   * A full line of PEM has 64 to 76 characters; anything shorter is its last line, or not of the
   * key.
   */
  private static final int SHORTEST_FULL_LINE = 40;

  /** What may stand between two lines: quotes, the marks of mails, diffs and pagers. */
  private static final String BETWEEN = "\"'>|\u2192-";

  private static final String MARKS = ":|\u2192\t";

  private static final CharSet BASE64 = CharSet.of("A-Za-z0-9+/=");

  private PrivateKeyBlock() {}

  /** {@code from} is after {@link #BEGIN}. */
  static int end(String text, int from) {
    int title = text.indexOf(DASHES, from, Math.min(text.length(), from + LONGEST_TITLE));
    if (title < 0 || !isPrivate(text.substring(from, title))) {
      return -1;
    }
    int body = title + DASHES.length();
    int limit = Math.min(text.length(), body + LONGEST_BLOCK);
    int next = text.indexOf(BEGIN, body, limit);
    int end = text.indexOf(END, body, next < 0 ? limit : next);
    return end < 0 ? endOfTruncated(text, body, next < 0 ? limit : next) : endOfLastLine(text, end);
  }

  private static boolean isPrivate(String title) {
    return title.contains("PRIVATE KEY") || title.equals("OpenVPN Static key V1");
  }

  private static int endOfLastLine(String text, int end) {
    int from = end + END.length();
    int dashes = text.indexOf(DASHES, from, Math.min(text.length(), from + LONGEST_TITLE));
    return dashes < 0 ? from : dashes + DASHES.length();
  }

  /**
   * Goes on while lines look like those of a key; two short runs in a row are its last line, or
   * what follows it.
   */
  private static int endOfTruncated(String text, int body, int limit) {
    int end = endOfHeaders(text, body, limit);
    int shortRuns = 0;
    int at = end;
    while (at < limit && shortRuns < 2) {
      int start = startOfRun(text, at, limit);
      int stop = BASE64.runEnd(text, start, limit);
      if (stop == start) {
        break;
      }
      shortRuns = stop - start < SHORTEST_FULL_LINE ? shortRuns + 1 : 0;
      end = stop;
      at = stop;
    }
    return end;
  }

  /** {@code Proc-Type: 4,ENCRYPTED} and the like. */
  private static int endOfHeaders(String text, int body, int limit) {
    int end = body;
    int at = startOfRun(text, body, limit);
    int colon = text.indexOf(": ", at, Math.min(limit, at + LONGEST_TITLE));
    while (colon >= 0 && CharSet.BASE64URL.hasAll(text, at, colon)) {
      end = colon + 2;
      while (end < limit && text.charAt(end) != '\n' && text.charAt(end) != '\\') {
        end++;
      }
      at = startOfRun(text, end, limit);
      colon = text.indexOf(": ", at, Math.min(limit, at + LONGEST_TITLE));
    }
    return end;
  }

  private static int startOfRun(String text, int from, int limit) {
    int at = from;
    while (at < limit) {
      char c = text.charAt(at);
      if (c == '\\' && at + 1 < limit) {
        at += 2;
      } else if (c <= ' ' || BETWEEN.indexOf(c) >= 0) {
        int number = CharSet.DIGIT.runEnd(text, at + 1, Math.min(limit, at + 8));
        boolean mark = number > at + 1 && number < limit && MARKS.indexOf(text.charAt(number)) >= 0;
        at = mark ? number + 1 : at + 1; // A line's number.
      } else {
        break;
      }
    }
    return at;
  }
}
