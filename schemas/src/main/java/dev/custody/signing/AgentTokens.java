package dev.custody.signing;

import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.jwt.JwkSetConverter;
import com.google.crypto.tink.jwt.JwtInvalidException;
import com.google.crypto.tink.jwt.JwtPublicKeySign;
import com.google.crypto.tink.jwt.JwtPublicKeyVerify;
import com.google.crypto.tink.jwt.JwtValidator;
import com.google.crypto.tink.jwt.RawJwt;
import com.google.crypto.tink.jwt.VerifiedJwt;
import dev.custody.identity.AgentId;
import dev.custody.identity.AgentStatement;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.SignatureException;
import java.util.Set;

/**
 * Statements on agents as JSON Web Tokens (RFC 7519, ES256). They have no end and no start: the
 * newest counts.
 */
public final class AgentTokens {
  /** JOSE {@code typ} of a statement. */
  public static final String TYPE = "custody-agent+jwt";

  /** Longest token that is parsed, in characters. */
  public static final int MAX_TOKEN_CHARS = 8 << 10;

  private static final String PRODUCT = "product";
  private static final String STATEMENT = "statement";

  private AgentTokens() {}

  static String sign(AgentStatement statement, KeysetHandle keyset) {
    try {
      RawJwt jwt =
          RawJwt.newBuilder()
              .setTypeHeader(TYPE)
              .setJwtId(statement.id())
              .setIssuer(statement.human())
              .setSubject(statement.agent().toString())
              .setIssuedAt(statement.issuedAt())
              .withoutExpiration()
              .addStringClaim(PRODUCT, statement.agent().product())
              .addStringClaim(STATEMENT, statement.kind().word())
              .build();
      return keyset
          .getPrimitive(CryptoProvider.configuration(), JwtPublicKeySign.class)
          .signAndEncode(jwt);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("signing failed: " + e.getMessage(), e);
    }
  }

  /**
   * The statement in {@code token}, once its signature verifies under {@code publicJwks}.
   *
   * @param publicJwks JSON Web Key Set with ES256 keys; {@code alg: none} and every other algorithm
   *     fail
   * @throws SignatureException saying what is wrong with it
   */
  public static AgentStatement verify(String token, String publicJwks) throws SignatureException {
    if (token.length() > MAX_TOKEN_CHARS) {
      throw new SignatureException(
          "expected a token of at most "
              + MAX_TOKEN_CHARS
              + " characters, found "
              + token.length());
    }
    try {
      JwtPublicKeyVerify primitive =
          JwkSetConverter.toPublicKeysetHandle(publicJwks)
              .getPrimitive(CryptoProvider.configuration(), JwtPublicKeyVerify.class);
      return read(primitive.verifyAndDecode(token, form()));
    } catch (JwtInvalidException | IllegalArgumentException e) {
      throw new SignatureException("not a statement on an agent: " + e.getMessage(), e);
    } catch (GeneralSecurityException | IOException e) {
      throw new SignatureException("the signature does not verify: " + e.getMessage(), e);
    }
  }

  private static JwtValidator form() {
    return JwtValidator.newBuilder()
        .expectTypeHeader(TYPE)
        .ignoreIssuer()
        .ignoreAudiences()
        .allowMissingExpiration()
        .build();
  }

  private static AgentStatement read(VerifiedJwt jwt) throws JwtInvalidException {
    // What is not understood must not be ignored: an end would be a restriction.
    if (jwt.hasExpiration()
        || jwt.hasNotBefore()
        || jwt.hasAudiences()
        || !jwt.customClaimNames().equals(Set.of(PRODUCT, STATEMENT))) {
      throw new JwtInvalidException(
          "expected the claims iss, sub, jti, iat, product and statement only");
    }
    AgentId agent = AgentId.parse(jwt.getSubject());
    if (!agent.product().equals(jwt.getStringClaim(PRODUCT))) {
      throw new JwtInvalidException(
          "expected product %s as in %s, found '%s'"
              .formatted(agent.product(), agent, jwt.getStringClaim(PRODUCT)));
    }
    return new AgentStatement(
        jwt.getJwtId(),
        AgentStatement.Kind.of(jwt.getStringClaim(STATEMENT)),
        jwt.getIssuer(),
        agent,
        jwt.getIssuedAt());
  }
}
