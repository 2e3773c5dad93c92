package dev.custody.redact;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/** The text that stands where a secret was: {@code [redacted:<kind>:<fingerprint>]}. */
final class Marker {
  private static final String START = "[redacted:";
  private static final int LONGEST_KIND = 32;
  private static final int SHORTEST_FINGERPRINT = 4;
  private static final int LONGEST_FINGERPRINT = 32;
  private static final CharSet HEX = CharSet.of("0-9a-f");
  private static final Set<String> KINDS =
      Arrays.stream(SecretKind.values())
          .map(SecretKind::id)
          .collect(Collectors.toUnmodifiableSet());

  private Marker() {}

  static String of(SecretKind kind, String fingerprint) {
    String marker = START + kind.id() + ':' + fingerprint + ']';
    if (endAt(marker, 0) != marker.length()) {
      // A marker that is not read as one would be redacted again: refuse it here, without showing
      // the value.
      throw new IllegalArgumentException(
          "fingerprint of a %s: expected %d to %d lower-case hexadecimal digits, found %d characters"
              .formatted(
                  kind.id(), SHORTEST_FINGERPRINT, LONGEST_FINGERPRINT, fingerprint.length()));
    }
    return marker;
  }

  /**
   * The end of the marker that begins at {@code from}, or -1. Only a known kind and hexadecimal
   * digits pass, so that a forged marker has no room for a secret.
   */
  static int endAt(String text, int from) {
    if (!text.startsWith(START, from)) {
      return -1;
    }
    int kind = from + START.length();
    int colon = text.indexOf(':', kind, Math.min(text.length(), kind + LONGEST_KIND));
    if (colon < 0 || !KINDS.contains(text.substring(kind, colon))) {
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

  /**
   * The end of all markers that follow each other from {@code from} on; {@code from} itself if
   * there is none.
   */
  static int endOfAll(String text, int from) {
    int end = from;
    for (int next = endAt(text, end); next >= 0; next = endAt(text, end)) {
      end = next;
    }
    return end;
  }
}
