package dev.custody.redact;

import java.util.Set;

/**
 * The text that stands where a secret was: {@code [redacted:<kind>:<fingerprint>]}.
 *
 * @param kinds ids that a marker may name
 */
record Marker(Set<String> kinds) {
  private static final String START = "[redacted:";
  private static final int LONGEST_KIND = 32;
  private static final int SHORTEST_FINGERPRINT = 4;
  private static final int LONGEST_FINGERPRINT = 32;
  private static final CharSet HEX = CharSet.of("0-9a-f");

  Marker {
    kinds = Set.copyOf(kinds);
  }

  static String of(SecretKind kind, String fingerprint) {
    int length = fingerprint.length();
    if (length < SHORTEST_FINGERPRINT
        || length > LONGEST_FINGERPRINT
        || !HEX.hasAll(fingerprint, 0, length)) {
      // A marker that is not read as one would be redacted again: refuse it here, without showing
      // the value.
      throw new IllegalArgumentException(
          "fingerprint of a %s: expected %d to %d lower-case hexadecimal digits, found %d characters"
              .formatted(kind.id(), SHORTEST_FINGERPRINT, LONGEST_FINGERPRINT, length));
    }
    return START + kind.id() + ':' + fingerprint + ']';
  }

  /**
   * The end of the marker that begins at {@code from}, or -1. Only a known kind and hexadecimal
   * digits pass, so that a forged marker has no room for a secret.
   */
  int endAt(String text, int from) {
    if (!text.startsWith(START, from)) {
      return -1;
    }
    int kind = from + START.length();
    int colon = text.indexOf(':', kind, Math.min(text.length(), kind + LONGEST_KIND + 1));
    if (colon < 0 || !kinds.contains(text.substring(kind, colon))) {
      return -1;
    }
    int end = HEX.runEnd(text, colon + 1, colon + 2 + LONGEST_FINGERPRINT);
    int digits = end - colon - 1;
    boolean whole =
        digits >= SHORTEST_FINGERPRINT
            && digits <= LONGEST_FINGERPRINT
            && end < text.length()
            && text.charAt(end) == ']';
    return whole ? end + 1 : -1;
  }

  /** The end of the marker that has {@code at} in its inside; {@code at} itself if none has. */
  int endOfCovering(String text, int at) {
    int longest = START.length() + LONGEST_KIND + LONGEST_FINGERPRINT + 2;
    for (int from = at - 1; from >= 0 && at - from < longest; from--) {
      char c = text.charAt(from);
      if (c == '[') {
        return Math.max(at, endAt(text, from));
      }
      if (c <= ' ' || c == ']') {
        break;
      }
    }
    return at;
  }

  /**
   * The end of all markers that follow each other from {@code from} on; {@code from} itself if
   * there is none.
   */
  int endOfAll(String text, int from) {
    int end = from;
    for (int next = endAt(text, end); next >= 0; next = endAt(text, end)) {
      end = next;
    }
    return end;
  }
}
