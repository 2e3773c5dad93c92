package dev.custody.digest;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * Texts of which each value has exactly one: what parses here is, encoded again, the same bytes. So
 * nothing that is signed can be respelled and still verify.
 */
public final class StrictText {
  private static final int LONGEST_DECIMAL = 19;
  private static final int SHOWN = 60;

  private StrictText() {}

  /**
   * The bytes of canonical base64: standard alphabet, padded, unused bits zero.
   *
   * @throws IllegalArgumentException saying what was expected and found
   */
  public static byte[] base64(String text) {
    try {
      byte[] value = Base64.getDecoder().decode(text);
      // The JDK's decoder takes a missing padding and any unused bits.
      if (Base64.getEncoder().encodeToString(value).equals(text)) {
        return value;
      }
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("expected base64, found " + shown(text), e);
    }
    throw new IllegalArgumentException("expected canonical base64, found " + shown(text));
  }

  /**
   * A number from 0 to 2^63 - 1 in ASCII digits, without sign and without leading zeros.
   *
   * @throws IllegalArgumentException saying what was expected and found
   */
  public static long decimal(String text) {
    boolean digits = !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
    if (!digits || (text.length() > 1 && text.charAt(0) == '0')) {
      throw new IllegalArgumentException(
          "expected a decimal number without leading zeros, found " + shown(text));
    }
    try {
      if (text.length() <= LONGEST_DECIMAL) {
        return Long.parseLong(text);
      }
    } catch (NumberFormatException e) {
      // Nineteen digits above 2^63 - 1: told below.
    }
    throw new IllegalArgumentException("expected a number below 2^63, found " + shown(text));
  }

  /**
   * The text that {@code bytes} encode.
   *
   * @throws IllegalArgumentException when they are not UTF-8
   */
  public static String utf8(byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("expected UTF-8, found other bytes", e);
    }
  }

  /** Hostile text as a message may show it: short, quoted, nothing that moves a cursor. */
  public static String shown(String text) {
    String start = text.length() > SHOWN ? text.substring(0, SHOWN) + "..." : text;
    StringBuilder shown = new StringBuilder("\"");
    start
        .codePoints()
        .forEach(c -> {
          if (Character.isISOControl(c) || Character.getType(c) == Character.FORMAT) {
            shown.append(String.format("\\u%04x", c));
          } else {
            shown.appendCodePoint(c);
          }
        });
    return shown.append('"').toString();
  }
}
