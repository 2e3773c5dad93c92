package dev.custody.digest;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** A SHA-256 digest. */
public final class Digest extends Bytes {
  /** Number of bytes. */
  public static final int SIZE = 32;

  /**
   * Copies {@code value}.
   *
   * @throws IllegalArgumentException unless it has {@link #SIZE} bytes
   */
  public Digest(byte[] value) {
    super(value, SIZE);
  }

  /** Thirty-two zeros: {@code previous} of the first link. */
  public static final Digest ZERO = new Digest(new byte[SIZE]);

  /** Parses 64 hex digits. */
  public static Digest ofHex(String hex) {
    return new Digest(parseHex(hex));
  }

  /**
   * Parses canonical base64.
   *
   * @throws IllegalArgumentException unless it is that of {@link #SIZE} bytes
   */
  public static Digest ofBase64(String text) {
    return new Digest(StrictText.base64(text));
  }

  /** SHA-256 over the concatenation of {@code parts}. */
  public static Digest sha256(byte[]... parts) {
    MessageDigest sha256 = newSha256();
    for (byte[] part : parts) {
      sha256.update(part);
    }
    return new Digest(sha256.digest());
  }

  /** A hasher for who hashes by the million and keeps one; not safe for several threads. */
  public static MessageDigest newSha256() {
    try {
      // The JDK implementation is faster here than the one of Conscrypt (intrinsics).
      return MessageDigest.getInstance("SHA-256", "SUN");
    } catch (NoSuchAlgorithmException | java.security.NoSuchProviderException e) {
      throw new IllegalStateException("this JDK has no SHA-256 of its own", e);
    }
  }
}
