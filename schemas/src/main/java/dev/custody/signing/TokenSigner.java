package dev.custody.signing;

import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.jwt.JwkSetConverter;
import com.google.crypto.tink.jwt.JwtEcdsaParameters;
import com.google.crypto.tink.jwt.JwtInvalidException;
import com.google.crypto.tink.jwt.JwtPublicKeySign;
import com.google.crypto.tink.jwt.RawJwt;
import dev.custody.digest.Digest;
import dev.custody.identity.AgentStatement;
import dev.custody.identity.Delegation;
import dev.custody.identity.SpiffeId;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.List;

/**
 * Signs delegations and revocations as JSON Web Tokens (RFC 7519, ES256): a human's with their own
 * key, a hop with the key of the collector that vouches for the agent.
 */
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

  /** The compact serialisation of {@code statement}, signed. */
  public String sign(AgentStatement statement) {
    return AgentTokens.sign(statement, keyset);
  }

  /** The compact serialisation of {@code delegation}, signed. */
  public String sign(Delegation delegation) {
    try {
      RawJwt.Builder jwt =
          RawJwt.newBuilder()
              .setTypeHeader(TokenVerifier.TYPE)
              .setJwtId(delegation.id())
              .setIssuer(delegation.signer())
              .setSubject(delegation.grantor())
              .addJsonObjectClaim("act", act(delegation.actors()))
              .setIssuedAt(delegation.issuedAt())
              .setNotBefore(delegation.notBefore())
              .setExpiration(delegation.expiresAt())
              .addNumberClaim("max_depth", delegation.maxDepth())
              .addJsonArrayClaim(
                  "authorization_details", delegation.scope().toAuthorizationDetails());
      addOptional(jwt, delegation);
      return signed(jwt.build());
    } catch (JwtInvalidException e) {
      throw new IllegalStateException("not a token: " + e.getMessage(), e);
    }
  }

  private static void addOptional(RawJwt.Builder jwt, Delegation delegation) {
    if (!delegation.purpose().isEmpty()) {
      jwt.addStringClaim("purpose", delegation.purpose());
    }
    String session = delegation.session();
    if (session != null) {
      jwt.addStringClaim("session", session);
    }
    Digest parent = delegation.parent();
    if (parent != null) {
      jwt.addStringClaim(
          "parent", Base64.getUrlEncoder().withoutPadding().encodeToString(parent.toByteArray()));
    }
  }

  // RFC 8693, section 4.1: the outermost is the current actor, what is nested acted before it.
  private static String act(List<SpiffeId> actors) {
    StringBuilder act = new StringBuilder();
    for (SpiffeId actor : actors) {
      act.append(act.isEmpty() ? "" : ",\"act\":")
          .append("{\"sub\":\"")
          .append(actor) // a SPIFFE ID has no character that JSON escapes
          .append('"');
    }
    return act.append("}".repeat(actors.size())).toString();
  }

  /** The compact serialisation of {@code revocation}, signed. */
  public String sign(Delegation.Revocation revocation) {
    RawJwt.Builder jwt =
        RawJwt.newBuilder()
            .setTypeHeader(TokenVerifier.REVOCATION_TYPE)
            .setJwtId(revocation.id())
            .setIssuer(revocation.grantor())
            .setIssuedAt(revocation.issuedAt())
            .withoutExpiration();
    jwt.addStringClaim("delegation", revocation.delegation());
    if (!revocation.reason().isEmpty()) {
      jwt.addStringClaim("reason", revocation.reason());
    }
    return signed(jwt.build());
  }

  private String signed(RawJwt jwt) {
    try {
      return keyset
          .getPrimitive(CryptoProvider.configuration(), JwtPublicKeySign.class)
          .signAndEncode(jwt);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("signing failed: " + e.getMessage(), e);
    }
  }
}
