package dev.custody.signing;

import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.jwt.JwkSetConverter;
import com.google.crypto.tink.jwt.JwtEcdsaParameters;
import com.google.crypto.tink.jwt.JwtPublicKeySign;
import com.google.crypto.tink.jwt.RawJwt;
import dev.custody.identity.Delegation;
import java.io.IOException;
import java.security.GeneralSecurityException;

/** Signs delegations as JSON Web Tokens (RFC 7519, ES256) with a human's own key. */
public final class TokenSigner {
  static final JwtEcdsaParameters PARAMETERS = parameters();

  private final KeysetHandle keyset;

  TokenSigner(KeysetHandle keyset) {
    this.keyset = keyset;
  }

  private static JwtEcdsaParameters parameters() {
    try {
      return JwtEcdsaParameters.builder()
          .setAlgorithm(JwtEcdsaParameters.Algorithm.ES256)
          .setKidStrategy(JwtEcdsaParameters.KidStrategy.BASE64_ENCODED_KEY_ID)
          .build();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("ES256 cannot be described: " + e.getMessage(), e);
    }
  }

  /** The public key as a JSON Web Key Set (RFC 7517). */
  public String publicJwks() {
    try {
      return JwkSetConverter.fromPublicKeysetHandle(keyset.getPublicKeysetHandle());
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("no public key: " + e.getMessage(), e);
    }
  }

  /** The compact serialisation of {@code delegation}, signed. */
  public String sign(Delegation delegation) {
    try {
      RawJwt.Builder jwt =
          RawJwt.newBuilder()
              .setTypeHeader(TokenVerifier.TYPE)
              .setJwtId(delegation.id())
              .setIssuer(delegation.grantor())
              .setSubject(delegation.delegate().toString())
              .setIssuedAt(delegation.issuedAt())
              .setNotBefore(delegation.notBefore())
              .setExpiration(delegation.expiresAt())
              .addNumberClaim("max_depth", delegation.maxDepth())
              .addJsonArrayClaim(
                  "authorization_details", delegation.scope().toAuthorizationDetails());
      if (!delegation.purpose().isEmpty()) {
        jwt.addStringClaim("purpose", delegation.purpose());
      }
      return keyset
          .getPrimitive(CryptoProvider.configuration(), JwtPublicKeySign.class)
          .signAndEncode(jwt.build());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("signing failed: " + e.getMessage(), e);
    }
  }
}
