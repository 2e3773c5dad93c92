package dev.custody.window;

import java.nio.ByteBuffer;
import java.util.HexFormat;

/**
 * Names one group of one correlation.
 *
 * @param correlation first 8 bytes of the digest over the correlation and its rules, so that a
 *     changed one begins with empty groups
 * @param high first 8 bytes of the digest over the group's values
 * @param low the next 8 bytes
 */
public record GroupKey(long correlation, long high, long low) {
  /** The key in 24 bytes. */
  public byte[] bytes() {
    return ByteBuffer.allocate(24).putLong(correlation).putLong(high).putLong(low).array();
  }

  /**
   * The key of these bytes.
   *
   * @throws java.nio.BufferUnderflowException when they are fewer than 24
   */
  public static GroupKey of(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    return new GroupKey(in.getLong(), in.getLong(), in.getLong());
  }

  /** The group alone, in hexadecimal, as findings name it. */
  public String group() {
    return HexFormat.of().toHexDigits(high) + HexFormat.of().toHexDigits(low);
  }
}
