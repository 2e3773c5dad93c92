package dev.custody.digest;

import java.security.DigestException;
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

  /** Copies {@link #SIZE} bytes of {@code source}. */
  public Digest(byte[] source, int from) {
    super(source, from, SIZE);
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

  // To look the implementation up costs as much as to hash a hundred bytes. It is reset by
  // digest().
  private static final ThreadLocal<MessageDigest> SHA256 =
      ThreadLocal.withInitial(Digest::newSha256);

  /** SHA-256 over the concatenation of {@code parts}. */
  public static Digest sha256(byte[]... parts) {
    MessageDigest sha256 = SHA256.get();
    for (byte[] part : parts) {
      sha256.update(part);
    }
    return new Digest(sha256.digest());
  }

  /** SHA-256 over {@code length} bytes from {@code from} on. */
  public static Digest sha256(byte[] bytes, int from, int length) {
    MessageDigest sha256 = SHA256.get();
    sha256.update(bytes, from, length);
    return new Digest(sha256.digest());
  }

  /**
   * SHA-256 over {@code length} bytes from {@code from} on, into the {@code target}'s beginning.
   */
  public static void sha256(byte[] bytes, int from, int length, byte[] target) {
    MessageDigest sha256 = SHA256.get();
    sha256.update(bytes, from, length);
    try {
      sha256.digest(target, 0, SIZE);
    } catch (DigestException e) {
      throw new IllegalArgumentException("expected room for " + SIZE + " bytes", e);
    }
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
