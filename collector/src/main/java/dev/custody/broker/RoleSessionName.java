package dev.custody.broker;

import dev.custody.digest.Digest;
import java.nio.charset.StandardCharsets;

/** Brings ids into the form that AWS takes; the same id gives the same, two ids give two. */
final class RoleSessionName {
  private static final int SHORTEST = 2;
  private static final int LONGEST = 64;
  private static final int LONGEST_TAG = 256;
  private static final int DIGITS = 16;

  private RoleSessionName() {}

  /** What a session is called at AWS. */
  static String of(String session) {
    return fitting(session, "[^A-Za-z0-9_+=,.@-]", LONGEST);
  }

  /** What a session tag holds. */
  static String tag(String value) {
    return fitting(value, "[^A-Za-z0-9 _.:/=+@-]", LONGEST_TAG);
  }

  private static String fitting(String text, String foreign, int longest) {
    String clean = text.replaceAll(foreign, "-");
    if (clean.equals(text) && text.length() >= SHORTEST && text.length() <= longest) {
      return text;
    }
    // What was replaced or cut off still counts: a session must not be taken for another.
    String digest = Digest.sha256(text.getBytes(StandardCharsets.UTF_8)).hex().substring(0, DIGITS);
    int room = longest - DIGITS - 1;
    return clean.substring(0, Math.min(clean.length(), room)) + "-" + digest;
  }
}
