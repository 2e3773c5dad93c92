package dev.custody.redact;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A secret that shows by its own form. It is looked for where its {@link #anchor} stands.
 *
 * <p>What fails costs no more than its bounded pieces, which keeps the scan linear.
 */
sealed interface Form {
  /** What kind of secret it is. */
  SecretKind kind();

  /** Characters that stand in every secret of this form. */
  String anchor();

  /** The secret whose anchor begins at {@code at}. */
  @Nullable Span match(String text, int at);

  /** Where an anchor counts, and whether it is of the secret. */
  enum Place {
    /** Anywhere, for nothing else looks like it. */
    ANYWHERE,
    /** Only where a word begins. */
    WORD,
    /** The anchor is public (a host name, {@code Bearer}) and stays. */
    AFTER
  }

  /**
   * An anchor and pieces.
   *
   * @param lead what stands before the anchor and is of the secret
   * @param mixed whether what follows must hold an upper-case letter or four digits, as words don't
   */
  record Shape(
      SecretKind kind,
      Place place,
      Part.@Nullable Run lead,
      String anchor,
      List<Part> parts,
      boolean mixed)
      implements Form {
    private static final int LONGEST_LOOK = 256;
    private static final int FEW_DIGITS = 4;
    private static final CharSet UPPER = CharSet.of("A-Z");

    public Shape {
      parts = List.copyOf(parts);
    }

    @Override
    public @Nullable Span match(String text, int at) {
      int start = lead == null ? at : lead.start(text, at, place == Place.WORD);
      if (start < 0 || (place == Place.WORD && !Boundary.wordStartsAt(text, start))) {
        return null;
      }
      int from = at + anchor.length();
      if (mixed && !isMixed(text, from)) {
        return null;
      }
      int end = end(text, from);
      return end < 0 ? null : new Span(kind, place == Place.AFTER ? from : start, end);
    }

    /** Whether {@code text} as a whole is a secret of this form that needs no anchor. */
    boolean isAll(String text, int from, int to) {
      return text.startsWith(anchor, from) && end(text, from + anchor.length()) == to;
    }

    private int end(String text, int from) {
      int at = from;
      int last = from;
      for (Part part : parts) {
        last = at;
        at = part.end(text, at);
        if (at < 0) {
          return -1;
        }
      }
      if (!parts.isEmpty() && parts.getLast() instanceof Part.Run run && run.set().has('.')) {
        while (at > last && text.charAt(at - 1) == '.') {
          at--; // The full stop of a sentence, or the mark of a cut.
        }
        return at - last >= run.least() ? at : -1;
      }
      return at;
    }

    /** Bounded, for what fails here may be tried again at each anchor of the same run. */
    private static boolean isMixed(String text, int from) {
      int bound = CharSet.BASE64URL.runEnd(text, from, from + LONGEST_LOOK);
      int digits = 0;
      for (int i = from; i < bound; i++) {
        char c = text.charAt(i);
        digits += CharSet.DIGIT.has(c) ? 1 : 0;
        if (UPPER.has(c) || digits == FEW_DIGITS) {
          return true;
        }
      }
      return false;
    }
  }

  /**
   * A regular expression, tried where the anchor stands and on no more than {@link #REACH}
   * characters. Its first group, where it has one, is the secret.
   */
  record Regex(SecretKind kind, String anchor, Pattern pattern) implements Form {
    static final int REACH = 1024;

    @Override
    public @Nullable Span match(String text, int at) {
      int limit = Math.min(text.length(), at + REACH);
      int block = text.indexOf(PrivateKeyBlock.BEGIN, at, limit); // Longer than the reach: not cut.
      String reached = text.substring(at, block > at ? block : limit);
      Matcher matcher = pattern.matcher(reached);
      if (!matcher.lookingAt()) {
        return null;
      }
      int group = matcher.groupCount() > 0 && matcher.start(1) >= 0 ? 1 : 0;
      int start = matcher.start(group);
      int end = matcher.end(group);
      return start == end ? null : new Span(kind, at + start, at + end);
    }
  }

  /** What a value is whose name says whose it is: {@code DATADOG_API_KEY}. */
  record Named(String word, Shape shape) {}
}
