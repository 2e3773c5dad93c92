package dev.custody.signing;

import com.google.crypto.tink.Configuration;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.aead.AeadConfig;
import com.google.crypto.tink.jwt.JwtSignatureConfig;
import com.google.crypto.tink.prf.PrfConfig;
import com.google.crypto.tink.signature.SignatureConfig;
import java.security.GeneralSecurityException;
import java.security.Provider;
import java.security.Security;
import java.security.Signature;
import org.conscrypt.Conscrypt;

/**
 * Makes Tink sign with Conscrypt. Tink looks for Conscrypt once, before its first primitive, and
 * falls back to pure Java, four times slower, without a word: so it is registered first and
 * asserted.
 */
final class CryptoProvider {
  private CryptoProvider() {}

  static {
    install();
  }

  /** Where every primitive and every key comes from: to have it is to have Conscrypt in force. */
  static Configuration configuration() {
    try {
      return RegistryConfiguration.get();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Tink's registry cannot be used: " + e.getMessage(), e);
    }
  }

  private static void install() {
    try {
      Conscrypt.checkAvailability();
      Provider conscrypt = Conscrypt.newProvider();
      Security.addProvider(conscrypt);
      SignatureConfig.register();
      JwtSignatureConfig.register();
      AeadConfig.register();
      PrfConfig.register();
      if (Signature.getInstance("Ed25519", conscrypt.getName()).getProvider() == null
          || Security.getProvider(conscrypt.getName()) == null) {
        throw new IllegalStateException("Conscrypt is not registered");
      }
    } catch (GeneralSecurityException | UnsatisfiedLinkError e) {
      throw new IllegalStateException(
          "Conscrypt's native library does not load here (it needs glibc): " + e.getMessage(), e);
    }
  }
}
