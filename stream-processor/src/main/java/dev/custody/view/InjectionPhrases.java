package dev.custody.view;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Phrases of texts that give an agent orders ({@code injection.txt}). A heuristic: who words an
 * order otherwise is not seen, and a text about injections is.
 */
final class InjectionPhrases {
  /** More of a text is not searched: its head and its tail are. */
  private static final int LONGEST = 128 << 10;

  private static final List<String> PHRASES;

  static {
    try (InputStream in = InjectionPhrases.class.getResourceAsStream("injection.txt")) {
      if (in == null) {
        throw new IllegalStateException("injection.txt is missing from the class path");
      }
      PHRASES =
          new String(in.readAllBytes(), StandardCharsets.UTF_8)
              .lines()
              .map(l -> l.strip().toLowerCase(Locale.ROOT))
              .filter(l -> !l.isEmpty() && !l.startsWith("#"))
              .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private InjectionPhrases() {}

  /** Adds the phrases that are in {@code text}; case and the kind of white space do not count. */
  static void addFound(String text, Set<String> found) {
    if (text.length() < 10) {
      return;
    }
    String searched =
        text.length() <= 2 * LONGEST
            ? text
            : text.substring(0, LONGEST) + '\n' + text.substring(text.length() - LONGEST);
    String folded = folded(searched);
    for (String phrase : PHRASES) {
      if (folded.contains(phrase)) {
        found.add(phrase);
      }
    }
  }

  private static String folded(String text) {
    StringBuilder folded = new StringBuilder(text.length());
    boolean space = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isWhitespace(c) || c == '\u00a0') {
        space = true;
      } else if (Character.getType(c) != Character.FORMAT) {
        // Zero-width characters are put in to hide words.
        if (space) {
          folded.append(' ');
          space = false;
        }
        folded.append(Character.toLowerCase(c));
      }
    }
    return folded.toString();
  }
}
