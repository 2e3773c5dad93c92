package dev.custody.digest;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/** An immutable byte string; its fixed-size kinds are subclasses, equal only to their own kind. */
public sealed class Bytes permits ChainId, Digest, KeyId, Salt, SignatureBytes {
  private static final HexFormat HEX = HexFormat.of();

  private final byte[] value;

  // Computed when it is first asked for: two threads that do so at once find the same.
  private int hash;

  /** Copies {@code value}. */
  public Bytes(byte[] value) {
    this.value = value.clone();
  }

  Bytes(byte[] value, int length) {
    if (value.length != length) {
      throw new IllegalArgumentException(
          "expected " + length + " bytes, found " + value.length + " bytes");
    }
    this.value = value.clone();
  }

  /** Copies {@code length} bytes of {@code source}. */
  public Bytes(byte[] source, int from, int length) {
    this.value = Arrays.copyOfRange(source, from, Math.addExact(from, length));
  }

  /** The UTF-8 bytes of {@code text}. */
  public static Bytes utf8(String text) {
    return new Bytes(text.getBytes(StandardCharsets.UTF_8));
  }

  /** A copy of the bytes. */
  public final byte[] toByteArray() {
    return value.clone();
  }

  /** Copies the bytes into {@code target}, and says where they end there. */
  public final int copyTo(byte[] target, int at) {
    System.arraycopy(value, 0, target, at, value.length);
    return at + value.length;
  }

  /** Whether {@code other} has these very bytes from {@code from} on. */
  public final boolean isAt(byte[] other, int from) {
    return Arrays.equals(value, 0, value.length, other, from, from + value.length);
  }

  /** A read-only view. */
  public final ByteBuffer asByteBuffer() {
    return ByteBuffer.wrap(value).asReadOnlyBuffer();
  }

  /** The bytes read as UTF-8; malformed input becomes U+FFFD. */
  public final String utf8() {
    return new String(value, StandardCharsets.UTF_8);
  }

  /** Number of bytes. */
  public final int size() {
    return value.length;
  }

  /** Whether there are no bytes. */
  public final boolean isEmpty() {
    return value.length == 0;
  }

  /** Standard base64 with padding (RFC 4648, section 4); {@link StrictText#base64} reads it. */
  public final String base64() {
    return Base64.getEncoder().encodeToString(value);
  }

  /** Lower-case hex. */
  public final String hex() {
    return HEX.formatHex(value);
  }

  /** The first 8 hex digits, for people. */
  public final String shortHex() {
    return HEX.formatHex(value, 0, Math.min(4, value.length));
  }

  static byte[] parseHex(String hex) {
    return HEX.parseHex(hex);
  }

  @Override
  public final boolean equals(Object other) {
    return other == this
        || (other instanceof Bytes bytes
            && bytes.getClass() == getClass()
            && Arrays.equals(bytes.value, value));
  }

  @Override
  public final int hashCode() {
    int known = hash;
    if (known == 0) {
      known = Arrays.hashCode(value);
      hash = known;
    }
    return known;
  }

  @Override
  public final String toString() {
    return hex();
  }
}
