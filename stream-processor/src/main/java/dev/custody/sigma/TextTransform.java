package dev.custody.sigma;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The modifiers that turn text into other text, applied in the order they are written (rules
 * specification, "Modifier Types"; modifiers appendix, "Generic Modifiers" and "Encoding").
 */
enum TextTransform {
  CONTAINS,
  STARTSWITH,
  ENDSWITH,
  WINDASH,
  WIDE,
  UTF16LE,
  UTF16BE,
  UTF16,
  BASE64,
  BASE64OFFSET;

  /** A value between two modifiers: text, or bytes that are held as Latin-1 text. */
  record Draft(TextPattern pattern, boolean bytes) {
    static Draft of(TextPattern pattern) {
      return new Draft(pattern, false);
    }

    private Draft within(boolean before, boolean after) {
      return new Draft(pattern.within(before, after), bytes);
    }

    private byte[] encoded(TextTransform by) {
      String literal = pattern.literal();
      if (literal == null) {
        throw new IllegalArgumentException(
            "modifier '"
                + by.modifier()
                + "' can't encode wildcards; escape them, or put it before"
                + " contains, startswith, endswith and windash");
      }
      return literal.getBytes(bytes ? ISO_8859_1 : UTF_8);
    }

    private String literal(TextTransform by) {
      return new String(encoded(by), bytes ? ISO_8859_1 : UTF_8);
    }
  }

  /** The transformation of that name, or null if a modifier of that name is none. */
  static @Nullable TextTransform named(String modifier) {
    for (TextTransform transform : values()) {
      if (transform.modifier().equals(modifier)) {
        return transform;
      }
    }
    return null;
  }

  static List<String> names() {
    return Arrays.stream(values()).map(TextTransform::modifier).toList();
  }

  private String modifier() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The values that this one becomes: one, or for {@code base64offset} three. */
  List<Draft> apply(Draft draft) {
    return switch (this) {
      case CONTAINS -> List.of(draft.within(true, true));
      case STARTSWITH -> List.of(draft.within(false, true));
      case ENDSWITH -> List.of(draft.within(true, false));
      case WINDASH -> List.of(new Draft(draft.pattern.anyDash(), draft.bytes));
      case WIDE, UTF16LE -> bytes(draft.literal(this).getBytes(UTF_16LE));
      case UTF16BE -> bytes(draft.literal(this).getBytes(UTF_16BE));
      case UTF16 -> bytes(("\ufeff" + draft.literal(this)).getBytes(UTF_16LE));
      case BASE64 -> List.of(text(Base64.getEncoder().encodeToString(draft.encoded(this))));
      case BASE64OFFSET -> offsets(draft.encoded(this));
    };
  }

  private static List<Draft> bytes(byte[] bytes) {
    return List.of(new Draft(TextPattern.literal(new String(bytes, ISO_8859_1)), true));
  }

  private static Draft text(String text) {
    return Draft.of(TextPattern.literal(text));
  }

  private static List<Draft> offsets(byte[] bytes) {
    if (bytes.length < 2) {
      // Of one byte, one alignment keeps no whole group: an empty text, found everywhere.
      throw new IllegalArgumentException(
          "modifier 'base64offset' needs a value of 2 bytes or more");
    }
    return IntStream.range(0, 3).mapToObj(shift -> text(atOffset(bytes, shift))).toList();
  }

  /**
   * What of the Base64 text does not depend on the bytes around: 6-bit groups that lie wholly
   * within the value's bits.
   */
  private static String atOffset(byte[] bytes, int shift) {
    byte[] shifted = new byte[shift + bytes.length];
    System.arraycopy(bytes, 0, shifted, shift, bytes.length);
    int firstGroup = (shift * 8 + 5) / 6;
    int groups = shifted.length * 8 / 6;
    return Base64.getEncoder()
        .encodeToString(shifted)
        .substring(firstGroup, Math.max(firstGroup, groups));
  }
}
