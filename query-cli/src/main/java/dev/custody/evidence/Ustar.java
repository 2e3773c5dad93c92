package dev.custody.evidence;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The one header that a member has, after POSIX.1-1988 (ustar). */
final class Ustar {
  static final int BLOCK = 512;

  /** Two blocks of zeros end an archive. */
  static final int END = 2 * BLOCK;

  private static final int NAME = 100;
  private static final int SIZE_AT = 124;
  private static final int SIZE_DIGITS = 11;
  private static final int CHECKSUM_AT = 148;
  private static final int CHECKSUM = 8;
  private static final long MAX_SIZE = (1L << 33) - 1;

  private Ustar() {}

  /**
   * The header of a regular file.
   *
   * @throws IllegalArgumentException for a name or a size that no header holds
   */
  static byte[] header(String name, long size) {
    if (name.isEmpty() || name.length() > NAME || size < 0 || size > MAX_SIZE) {
      throw new IllegalArgumentException("no header holds %s of %d bytes".formatted(name, size));
    }
    byte[] header = new byte[BLOCK];
    put(header, 0, name);
    put(header, 100, "0000644");
    put(header, 108, "0000000");
    put(header, 116, "0000000");
    put(header, SIZE_AT, octal(size, SIZE_DIGITS));
    put(header, 136, "00000000000");
    put(header, 156, "0");
    put(header, 257, "ustar");
    put(header, 263, "00");
    put(header, 329, "0000000");
    put(header, 337, "0000000");
    put(header, CHECKSUM_AT, octal(checksum(header), CHECKSUM - 2) + "\0 ");
    return header;
  }

  private static void put(byte[] header, int at, String text) {
    byte[] ascii = text.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(ascii, 0, header, at, ascii.length);
  }

  private static String octal(long value, int digits) {
    String octal = Long.toOctalString(value);
    return "0".repeat(digits - octal.length()) + octal;
  }

  // The sum is taken as if its own field were spaces.
  private static int checksum(byte[] header) {
    int sum = CHECKSUM * ' ';
    for (byte b : header) {
      sum += Byte.toUnsignedInt(b);
    }
    return sum;
  }

  /** The name in a header, up to its first zero byte. */
  static String name(byte[] header) {
    int end = 0;
    while (end < NAME && header[end] != 0) {
      end++;
    }
    return new String(header, 0, end, StandardCharsets.ISO_8859_1);
  }

  /** The size in a header, or -1 when it is not one. */
  static long size(byte[] header) {
    long size = 0;
    for (int i = 0; i < SIZE_DIGITS; i++) {
      int digit = header[SIZE_AT + i] - '0';
      if (digit < 0 || digit > 7) {
        return -1;
      }
      size = size << 3 | digit;
    }
    return size;
  }

  /** Bytes that follow a content of {@code size}, up to the next block. */
  static int padding(long size) {
    return (int) ((BLOCK - size % BLOCK) % BLOCK);
  }

  static boolean isZero(byte[] bytes) {
    return Arrays.equals(bytes, new byte[bytes.length]);
  }
}
