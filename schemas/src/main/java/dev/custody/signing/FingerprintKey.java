package dev.custody.signing;

import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.Parameters;
import com.google.crypto.tink.prf.PredefinedPrfParameters;
import com.google.crypto.tink.prf.PrfSet;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;

/**
 * Turns a secret into a short name that only the holder of the key can compute: the same secret
 * seen twice is recognised, and the log tells nobody what it was.
 */
public final class FingerprintKey {
  static final Parameters PARAMETERS = PredefinedPrfParameters.HMAC_SHA256_PRF;
  private static final int BYTES = 8;
  private static final int NAME_BYTES = 10;

  private final PrfSet prf;

  FingerprintKey(KeysetHandle keyset) throws GeneralSecurityException {
    this.prf = keyset.getPrimitive(CryptoProvider.configuration(), PrfSet.class);
  }

  /**
   * A key that is never stored: once it is forgotten, no guess can be tested against its
   * fingerprints.
   */
  public static FingerprintKey ephemeral() {
    try {
      return new FingerprintKey(
          KeysetHandle.generateNew(PARAMETERS, CryptoProvider.configuration()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("no key could be made: " + e.getMessage(), e);
    }
  }

  /** 16 hex digits for {@code secret} of {@code kind}. */
  public String of(String kind, String secret) {
    return hex(kind + "\0" + secret, BYTES);
  }

  /**
   * 20 hex digits by which others may call {@code thing} of {@code use}: they tell nothing of it,
   * and are no prefix of a fingerprint.
   */
  public String name(String use, String thing) {
    return hex("name\0" + use + "\0" + thing, NAME_BYTES);
  }

  private String hex(String input, int bytes) {
    try {
      return HexFormat.of()
          .formatHex(prf.computePrimary(input.getBytes(StandardCharsets.UTF_8), bytes));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("fingerprinting failed: " + e.getMessage(), e);
    }
  }
}
