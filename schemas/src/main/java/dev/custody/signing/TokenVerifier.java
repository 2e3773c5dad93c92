package dev.custody.signing;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.crypto.tink.jwt.JwkSetConverter;
import com.google.crypto.tink.jwt.JwtInvalidException;
import com.google.crypto.tink.jwt.JwtPublicKeyVerify;
import com.google.crypto.tink.jwt.JwtValidator;
import dev.custody.digest.Digest;
import dev.custody.identity.Delegation;
import dev.custody.identity.DelegationDefect;
import dev.custody.identity.InvalidDelegationException;
import dev.custody.identity.Scope;
import dev.custody.identity.SpiffeId;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Verifies signed delegations and revocations, one token at a time; {@code
 * dev.custody.delegation.DelegationChain} judges who signed and whether hops fit each other. Times
 * are not judged here: an action is judged by when it happened, not by when somebody looks.
 */
public final class TokenVerifier {
  /** JOSE {@code typ} of a delegation. */
  public static final String TYPE = "custody-delegation+jwt";

  /** JOSE {@code typ} of a revocation. */
  public static final String REVOCATION_TYPE = "custody-revocation+jwt";

  /** Longest token that is parsed, in characters. */
  public static final int MAX_TOKEN_CHARS = 64 << 10;

  private static final Set<String> DELEGATION_CLAIMS =
      Set.of(
          "jti",
          "iss",
          "sub",
          "act",
          "iat",
          "nbf",
          "exp",
          "max_depth",
          "authorization_details",
          "purpose",
          "session",
          "parent");
  private static final Set<String> REVOCATION_CLAIMS =
      Set.of("jti", "iss", "iat", "delegation", "reason");

  private static final int CACHED = 256;

  // To read a key set and check its keys costs as much as to verify with them.
  private static final Map<String, JwtPublicKeyVerify> PRIMITIVES =
      Collections.synchronizedMap(
          new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, JwtPublicKeyVerify> eldest) {
              return size() > CACHED;
            }
          });

  private TokenVerifier() {}

  /**
   * The {@code typ} that {@code token} carries, by which its kind is told; nothing is verified.
   *
   * @throws InvalidDelegationException when it is too long, no token, or of another algorithm
   */
  public static String type(String token) throws InvalidDelegationException {
    return Claims.header(token);
  }

  /**
   * The delegation in {@code token}, once its signature verifies under {@code publicJwks}.
   *
   * @param publicJwks JSON Web Key Set with ES256 keys; {@code alg: none} and every other algorithm
   *     fail
   * @throws InvalidDelegationException saying what is wrong with it
   */
  public static Delegation verify(String token, String publicJwks)
      throws InvalidDelegationException {
    return delegation(verified(token, publicJwks, TYPE, DELEGATION_CLAIMS));
  }

  /**
   * The revocation in {@code token}, once its signature verifies under {@code publicJwks}.
   *
   * @param publicJwks JSON Web Key Set with ES256 keys
   * @throws InvalidDelegationException saying what is wrong with it
   */
  public static Delegation.Revocation verifyRevocation(String token, String publicJwks)
      throws InvalidDelegationException {
    Claims claims = verified(token, publicJwks, REVOCATION_TYPE, REVOCATION_CLAIMS);
    try {
      return new Delegation.Revocation(
          claims.text("jti"),
          claims.text("iss"),
          claims.text("delegation"),
          claims.time("iat"),
          claims.optional("reason"));
    } catch (IllegalArgumentException e) {
      throw Claims.malformed(e);
    }
  }

  private static Claims verified(String token, String jwks, String type, Set<String> known)
      throws InvalidDelegationException {
    String found = type(token);
    if (!found.equals(type)) {
      throw new InvalidDelegationException(
          DelegationDefect.WRONG_TYPE, "expected typ " + type + ", found '" + found + "'");
    }
    // Read strictly before anything else reads it: the signature covers the very same bytes.
    Claims claims = Claims.of(token, known);
    try {
      var _ = primitive(jwks).verifyAndDecode(token, validator(type, claims));
      return claims;
    } catch (JwtInvalidException | IllegalArgumentException e) {
      throw Claims.malformed(e);
    } catch (GeneralSecurityException | IOException e) {
      throw new InvalidDelegationException(
          DelegationDefect.BAD_SIGNATURE, "the signature does not verify: " + e.getMessage(), e);
    }
  }

  // Tink judges expiry by a clock; it is set to the token's own start, so that only form and
  // signature count here.
  private static JwtValidator validator(String type, Claims claims)
      throws InvalidDelegationException {
    boolean ends = type.equals(TYPE);
    Instant start = claims.time(ends ? "nbf" : "iat");
    JwtValidator.Builder validator =
        JwtValidator.newBuilder()
            .expectTypeHeader(type)
            .ignoreIssuer()
            .ignoreAudiences()
            .setClock(Clock.fixed(start, ZoneOffset.UTC));
    return ends ? validator.build() : validator.allowMissingExpiration().build();
  }

  private static JwtPublicKeyVerify primitive(String jwks)
      throws GeneralSecurityException, IOException {
    JwtPublicKeyVerify known = PRIMITIVES.get(jwks);
    if (known != null) {
      return known;
    }
    JwtPublicKeyVerify made =
        JwkSetConverter.toPublicKeysetHandle(jwks)
            .getPrimitive(CryptoProvider.configuration(), JwtPublicKeyVerify.class);
    PRIMITIVES.put(jwks, made);
    return made;
  }

  private static Delegation delegation(Claims claims) throws InvalidDelegationException {
    // The first release's tokens had no act: the delegate was their sub, the human their iss.
    boolean first = !claims.has("act");
    String signer = claims.text("iss");
    Scope scope = Scope.ofAuthorizationDetails(claims.json("authorization_details"));
    List<SpiffeId> actors =
        first ? List.of(spiffeId(claims.text("sub"))) : actors(claims.node("act"));
    try {
      return new Delegation(
          claims.text("jti"),
          signer,
          first ? signer : claims.text("sub"),
          actors,
          scope,
          claims.time("iat"),
          claims.time("nbf"),
          claims.time("exp"),
          claims.optional("purpose"),
          claims.number("max_depth"),
          claims.has("session") ? claims.text("session") : null,
          claims.has("parent") ? digest(claims.text("parent")) : null);
    } catch (IllegalArgumentException e) {
      throw Claims.malformed(e);
    }
  }

  private static List<SpiffeId> actors(JsonNode outermost) throws InvalidDelegationException {
    List<SpiffeId> actors = new ArrayList<>();
    @Nullable JsonNode act = outermost;
    while (act != null) {
      if (actors.size() == Delegation.MAX_ACTORS) {
        throw new InvalidDelegationException(
            DelegationDefect.TOO_DEEP,
            "expected at most " + Delegation.MAX_ACTORS + " actors in act, found more");
      }
      JsonNode sub = act.path("sub");
      if (!sub.isTextual() || act.size() != (act.has("act") ? 2 : 1)) {
        throw new InvalidDelegationException(
            DelegationDefect.MALFORMED, "expected act {sub, act}, found " + act.getNodeType());
      }
      SpiffeId actor = spiffeId(sub.textValue());
      if (actors.contains(actor)) {
        throw new InvalidDelegationException(
            DelegationDefect.CYCLE, "expected each actor once in act, found " + actor + " twice");
      }
      actors.add(actor);
      act = act.get("act");
    }
    return actors;
  }

  private static SpiffeId spiffeId(String text) throws InvalidDelegationException {
    try {
      return SpiffeId.parse(text);
    } catch (IllegalArgumentException e) {
      throw new InvalidDelegationException(
          DelegationDefect.BAD_SPIFFE_ID, String.valueOf(e.getMessage()), e);
    }
  }

  private static Digest digest(String base64Url) {
    byte[] value = Base64.getUrlDecoder().decode(base64Url);
    String canonical = Base64.getUrlEncoder().withoutPadding().encodeToString(value);
    if (value.length != Digest.SIZE || !canonical.equals(base64Url)) {
      throw new IllegalArgumentException(
          "expected a parent of 32 bytes in base64url without padding, found '%s'"
              .formatted(base64Url));
    }
    return new Digest(value);
  }
}
