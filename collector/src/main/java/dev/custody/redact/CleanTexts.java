package dev.custody.redact;

import org.jspecify.annotations.Nullable;

/**
 * Texts that were found to hold no secret: addresses, names and ids come again in record after
 * record. Each has one place, by its hash, that the next text of the same place takes, so there are
 * never more than some thousand short ones. Safe for use by several threads: a place that another
 * thread has just taken is a text that is looked at again.
 */
final class CleanTexts {
  private static final int PLACES = 1 << 12;
  private static final int LONGEST = 256;

  private final @Nullable String[] places = new @Nullable String[PLACES];

  boolean has(String text) {
    return text.length() <= LONGEST && text.equals(places[place(text)]);
  }

  void keep(String text) {
    if (text.length() <= LONGEST) {
      places[place(text)] = text;
    }
  }

  private static int place(String text) {
    int hash = text.hashCode();
    return (hash ^ hash >>> 16) & PLACES - 1;
  }
}
