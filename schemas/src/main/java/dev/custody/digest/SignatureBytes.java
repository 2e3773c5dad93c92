package dev.custody.digest;

/** A raw Ed25519 signature (RFC 8032), without a Tink prefix. */
public final class SignatureBytes extends Bytes {
  /** Number of bytes. */
  public static final int SIZE = 64;

  /**
   * Copies {@code value}.
   *
   * @throws IllegalArgumentException unless it has {@link #SIZE} bytes
   */
  public SignatureBytes(byte[] value) {
    super(value, SIZE);
  }

  /** Copies {@link #SIZE} bytes of {@code source}. */
  public SignatureBytes(byte[] source, int from) {
    super(source, from, SIZE);
  }
}
