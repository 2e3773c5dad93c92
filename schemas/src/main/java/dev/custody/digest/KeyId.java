package dev.custody.digest;

/** Names a public key by its content. */
public final class KeyId extends Bytes {
  /** Number of bytes. */
  public static final int SIZE = 16;

  /**
   * Copies {@code value}.
   *
   * @throws IllegalArgumentException unless it has {@link #SIZE} bytes
   */
  public KeyId(byte[] value) {
    super(value, SIZE);
  }

  /** Copies {@link #SIZE} bytes of {@code source}. */
  public KeyId(byte[] source, int from) {
    super(source, from, SIZE);
  }

  /** The id of a raw public key: 32 bytes for Ed25519. */
  public static KeyId ofPublicKey(byte[] publicKey) {
    byte[] digest = HashDomain.KEY.sha256(publicKey).toByteArray();
    return new KeyId(java.util.Arrays.copyOf(digest, SIZE));
  }
}
