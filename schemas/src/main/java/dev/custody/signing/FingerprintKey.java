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
    try {
      byte[] input = (kind + "\0" + secret).getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(prf.computePrimary(input, BYTES));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("fingerprinting failed: " + e.getMessage(), e);
    }
  }
}
