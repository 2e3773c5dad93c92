package dev.custody.digest;

import java.security.SecureRandom;

/** Fresh random bytes of an event: only they make the digest of a withheld event hiding. */
public final class Salt extends Bytes {
  /** Number of bytes. */
  public static final int SIZE = 32;

  /**
   * Copies {@code value}.
   *
   * @throws IllegalArgumentException unless it has {@link #SIZE} bytes
   */
  public Salt(byte[] value) {
    super(value, SIZE);
  }

  private static final SecureRandom RANDOM = new SecureRandom();

  /** A fresh salt. */
  public static Salt fresh() {
    byte[] salt = new byte[SIZE];
    RANDOM.nextBytes(salt);
    return new Salt(salt);
  }
}
