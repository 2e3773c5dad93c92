package dev.custody.signing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.crypto.tink.jwt.JwkSetConverter;
import com.google.crypto.tink.jwt.JwtInvalidException;
import com.google.crypto.tink.jwt.JwtPublicKeyVerify;
import com.google.crypto.tink.jwt.JwtValidator;
import com.google.crypto.tink.jwt.VerifiedJwt;
import dev.custody.identity.Delegation;
import dev.custody.identity.InvalidDelegationException;
import dev.custody.identity.Scope;
import dev.custody.identity.SpiffeId;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;

/**
 * Verifies signed delegations. Times are not judged here: an action is judged by when it happened,
 * not by when somebody looks.
 */
public final class TokenVerifier {
  /** JOSE {@code typ} of a delegation. */
  public static final String TYPE = "custody-delegation+jwt";

  /** Longest token that is parsed, in characters. */
  public static final int MAX_TOKEN_CHARS = 64 << 10;

  private static final ObjectMapper JSON = new ObjectMapper();

  private TokenVerifier() {}

  /**
   * The delegation in {@code token}, once its signature verifies under {@code publicJwks}.
   *
   * @param publicJwks JSON Web Key Set with ES256 keys; {@code alg: none} and every other algorithm
   *     fail
   * @throws InvalidDelegationException saying what is wrong with it
   */
  public static Delegation verify(String token, String publicJwks)
      throws InvalidDelegationException {
    if (token.length() > MAX_TOKEN_CHARS) {
      throw new InvalidDelegationException(
          "expected at most " + MAX_TOKEN_CHARS + " characters, found " + token.length());
    }
    try {
      JwtPublicKeyVerify primitive =
          JwkSetConverter.toPublicKeysetHandle(publicJwks)
              .getPrimitive(CryptoProvider.configuration(), JwtPublicKeyVerify.class);
      return read(primitive.verifyAndDecode(token, anyTime(token)));
    } catch (JwtInvalidException | IllegalArgumentException e) {
      throw new InvalidDelegationException("not a delegation: " + e.getMessage(), e);
    } catch (GeneralSecurityException | IOException e) {
      throw new InvalidDelegationException("the signature does not verify: " + e.getMessage(), e);
    }
  }

  // Tink judges expiry by a clock; it is set to the token's own start, so that only form and
  // signature count here.
  private static JwtValidator anyTime(String token) throws InvalidDelegationException {
    return JwtValidator.newBuilder()
        .expectTypeHeader(TYPE)
        .ignoreIssuer()
        .ignoreAudiences()
        .setClock(Clock.fixed(claimedStart(token), ZoneOffset.UTC))
        .build();
  }

  private static Instant claimedStart(String token) throws InvalidDelegationException {
    String[] parts = token.split("\\.", -1);
    try {
      if (parts.length != 3) {
        throw new IllegalArgumentException("expected 3 parts, found " + parts.length);
      }
      JsonNode payload = JSON.readTree(Base64.getUrlDecoder().decode(parts[1]));
      JsonNode start = payload.path("nbf");
      if (!start.isIntegralNumber()) {
        throw new IllegalArgumentException("expected a number nbf, found " + start.getNodeType());
      }
      return Instant.ofEpochSecond(start.longValue());
    } catch (IOException | IllegalArgumentException | DateTimeException e) {
      throw new InvalidDelegationException("not a JSON Web Token: " + e.getMessage(), e);
    }
  }

  private static Delegation read(VerifiedJwt jwt)
      throws JwtInvalidException, InvalidDelegationException {
    return new Delegation(
        jwt.getJwtId(),
        jwt.getIssuer(),
        SpiffeId.parse(jwt.getSubject()),
        Scope.ofAuthorizationDetails(jwt.getJsonArrayClaim("authorization_details")),
        jwt.getIssuedAt(),
        jwt.getNotBefore(),
        jwt.getExpiration(),
        jwt.hasStringClaim("purpose") ? jwt.getStringClaim("purpose") : "",
        depth(jwt.getNumberClaim("max_depth")));
  }

  private static int depth(double claim) throws InvalidDelegationException {
    if (claim != (int) claim) {
      throw new InvalidDelegationException("expected a whole number max_depth, found " + claim);
    }
    return (int) claim;
  }
}
