package dev.custody.sighting;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Whether bytes are UTF-8. Jackson takes some that are none (overlong forms, what lies beyond the
 * last character), and would make other characters of them.
 */
public final class Utf8 {
  private Utf8() {}

  /** Whether {@code length} bytes from {@code from} on are. */
  public static boolean isUtf8(byte[] bytes, int from, int length) {
    int end = from + length;
    int at = from;
    while (at < end && bytes[at] >= 0) {
      at++;
    }
    if (at == end) {
      return true;
    }
    try {
      var _ = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, at, end - at));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }
}
