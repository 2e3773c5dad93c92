package dev.custody.signing;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/**
 * Derives a key from a passphrase by Argon2id, version 1.3 (RFC 9106).
 *
 * @param memory in KiB
 * @param passes over the memory
 * @param lanes degree of parallelism
 * @param salt 16 bytes
 */
@SuppressWarnings("ArrayRecordComponent")
record Argon2id(int memory, int passes, int lanes, byte[] salt) {
  /** Of a key for AES-256. */
  static final int KEY_BYTES = 32;

  private static final int SALT_BYTES = 16;

  // RFC 9106, section 4, the second recommended option: 64 MiB, for machines that have not 2 GiB.
  private static final int MEMORY_KIB = 64 << 10;
  private static final int PASSES = 3;
  private static final int LANES = 4;

  // What is stored may ask for more, within what a command can spend; never for less.
  private static final int MAX_MEMORY_KIB = 1 << 20;
  private static final int MAX_PASSES = 16;
  private static final int MAX_LANES = 16;

  private static final Pattern TEXT =
      Pattern.compile(
          "argon2id v=19 m=([1-9][0-9]{0,6}) t=([1-9][0-9]?) p=([1-9][0-9]?) salt=([A-Za-z0-9+/]{22}==)");

  /** The usual cost and a fresh salt. */
  static Argon2id fresh() {
    byte[] salt = new byte[SALT_BYTES];
    new SecureRandom().nextBytes(salt);
    return new Argon2id(MEMORY_KIB, PASSES, LANES, salt);
  }

  /**
   * Reads what {@link #text} wrote.
   *
   * @throws IllegalArgumentException when it is of another form, or outside the bounds
   */
  static Argon2id parse(String text) {
    Matcher m = TEXT.matcher(text);
    if (!m.matches()) {
      throw new IllegalArgumentException("expected argon2id v=19 m= t= p= salt=, found another");
    }
    byte[] salt = Base64.getDecoder().decode(m.group(4));
    Argon2id read =
        new Argon2id(
            within("m", m.group(1), MEMORY_KIB, MAX_MEMORY_KIB),
            within("t", m.group(2), PASSES, MAX_PASSES),
            within("p", m.group(3), 1, MAX_LANES),
            salt);
    if (!read.text().equals(text)) {
      throw new IllegalArgumentException("expected a salt in canonical base64");
    }
    return read;
  }

  private static int within(String name, String digits, int least, int most) {
    int value = Integer.parseInt(digits);
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          "expected %s of %d to %d, found %d".formatted(name, least, most, value));
    }
    return value;
  }

  String text() {
    return "argon2id v=19 m=%d t=%d p=%d salt=%s"
        .formatted(memory, passes, lanes, Base64.getEncoder().encodeToString(salt));
  }

  /** The key; the passphrase is overwritten. */
  byte[] derive(byte[] passphrase) {
    Argon2BytesGenerator generator = new Argon2BytesGenerator();
    generator.init(
        new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
            .withVersion(Argon2Parameters.ARGON2_VERSION_13)
            .withMemoryAsKB(memory)
            .withIterations(passes)
            .withParallelism(lanes)
            .withSalt(salt)
            .build());
    byte[] key = new byte[KEY_BYTES];
    int _ = generator.generateBytes(passphrase, key);
    Arrays.fill(passphrase, (byte) 0);
    return key;
  }
}
