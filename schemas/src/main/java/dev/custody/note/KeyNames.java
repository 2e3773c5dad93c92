package dev.custody.note;

import dev.custody.digest.StrictText;
import org.jspecify.annotations.Nullable;

/** Which names a key may have: they stand between spaces in a note and before a plus in a vkey. */
final class KeyNames {
  static final int MAX_CHARS = 1024;
  private static final int NEXT_LINE = 0x85;

  private KeyNames() {}

  /** What is wrong with {@code name}, or null. */
  static @Nullable String defect(String name) {
    if (name.isEmpty()) {
      return "expected a key name, found none";
    }
    if (name.length() > MAX_CHARS) {
      return "expected a key name of at most %d characters, found %d"
          .formatted(MAX_CHARS, name.length());
    }
    if (name.codePoints().anyMatch(KeyNames::separates) || !wellFormed(name)) {
      return "expected a key name without spaces, plus and control characters, found "
          + StrictText.shown(name);
    }
    return null;
  }

  private static boolean separates(int c) {
    return c == '+'
        || c < ' '
        || c == NEXT_LINE
        || Character.isSpaceChar(c)
        || Character.isWhitespace(c);
  }

  /** Whether {@code text} has UTF-8 of its own: no half of a surrogate pair. */
  static boolean wellFormed(String text) {
    return text.codePoints().noneMatch(c -> c >= Character.MIN_SURROGATE && c <= 0xdfff);
  }
}
