package dev.custody.signing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.jwt.JwkSetConverter;
import com.google.crypto.tink.jwt.JwtPublicKeySign;
import com.google.crypto.tink.jwt.RawJwt;
import dev.custody.identity.Delegation;
import dev.custody.identity.InvalidDelegationException;
import dev.custody.identity.Scope;
import dev.custody.identity.SpiffeId;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenTest {
  private static final Instant START = Instant.parse("2020-01-01T00:00:00Z");
  private static final String SCOPE =
      "[{\"type\":\"custody_action\",\"actions\":[\"s3:Get*\"],\"resources\":[\"*\"]}]";

  @TempDir Path directory;
  private TokenSigner dana;
  private TokenSigner eve;

  @BeforeEach
  void makeKeys() throws Exception {
    KeyDirectory keys =
        KeyDirectory.open(directory.resolve("keys"), directory.resolve("wrapping.key"));
    dana = keys.tokenSigner("dana");
    eve = keys.tokenSigner("eve");
  }

  private static Delegation delegation() {
    return new Delegation(
        "dlg-8f2a4c10",
        "dana@example.test",
        SpiffeId.parse("spiffe://example.test/agent/claude-code"),
        new Scope(List.of(new Scope.Grant(List.of("s3:Get*"), List.of("*")))),
        START,
        START,
        START.plusSeconds(3_600),
        "look at the builds",
        2);
  }

  private void refused(String token) {
    assertThatThrownBy(() -> TokenVerifier.verify(token, dana.publicJwks()))
        .isInstanceOf(InvalidDelegationException.class);
  }

  @Test
  void aDelegationComesBackAsItWasSignedHoweverLongAgoItEnded() throws Exception {
    Delegation signed = delegation();
    assertThat(TokenVerifier.verify(dana.sign(signed), dana.publicJwks())).isEqualTo(signed);
  }

  @Test
  void aDelegationThatHasNotBegunVerifiesToo() throws Exception {
    Instant later = Instant.parse("2100-01-01T00:00:00Z");
    Delegation d = delegation();
    Delegation future =
        new Delegation(
            d.id(),
            d.grantor(),
            d.delegate(),
            d.scope(),
            later,
            later,
            later.plusSeconds(60),
            "",
            0);
    assertThat(TokenVerifier.verify(dana.sign(future), dana.publicJwks())).isEqualTo(future);
  }

  @Test
  void aChangeOfAnyCharacterIsRefused() {
    String token = dana.sign(delegation());
    for (int at = 0; at < token.length() - 1; at++) {
      char changed = token.charAt(at) == 'A' ? 'B' : 'A';
      refused(token.substring(0, at) + changed + token.substring(at + 1));
    }
  }

  @Test
  void anotherHumansKeyDoesNotVerify() {
    assertThatThrownBy(() -> TokenVerifier.verify(eve.sign(delegation()), dana.publicJwks()))
        .isInstanceOf(InvalidDelegationException.class)
        .hasMessageStartingWith("the signature does not verify: ");
  }

  private static String part(String json) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(json.getBytes(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "None", "HS256", "RS256", "ES384"})
  void anotherAlgorithmIsRefused(String algorithm) {
    String[] parts = dana.sign(delegation()).split("\\.", -1);
    String header = "{\"alg\":\"" + algorithm + "\",\"typ\":\"custody-delegation+jwt\"}";
    refused(part(header) + "." + parts[1] + "." + parts[2]);
    refused(part(header) + "." + parts[1] + ".");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".",
        "..",
        "...",
        "a.b.c",
        "a.b",
        "a.e30.c",
        "a.bnVsbA.c",
        "a.W10.c",
        "a.eyJuYmYi.c"
      })
  void whatIsNoTokenIsRefused(String token) {
    refused(token);
  }

  @Test
  void aTokenNestedWithoutEndIsRefused() {
    refused("e30." + part("{\"nbf\":1,\"a\":" + "[".repeat(30_000)) + ".e30");
  }

  @Test
  void anOversizedTokenIsNotParsed() {
    assertThatThrownBy(() ->
            TokenVerifier.verify("a".repeat(TokenVerifier.MAX_TOKEN_CHARS + 1), dana.publicJwks()))
        .isInstanceOf(InvalidDelegationException.class)
        .hasMessage("expected at most 65536 characters, found 65537");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "{}", "[]", "{\"keys\":[]}", "no json", "{\"keys\":[{\"kty\":\"EC\"}]}"})
  void withoutAKeyNothingVerifies(String jwks) {
    String token = dana.sign(delegation());
    assertThatThrownBy(() -> TokenVerifier.verify(token, jwks))
        .isInstanceOf(InvalidDelegationException.class);
  }

  /** Signed with a good key, whatever it says. */
  private static void refusedAlthoughSigned(UnaryOperator<RawJwt.Builder> change) throws Exception {
    KeysetHandle key =
        KeysetHandle.generateNew(TokenSigner.PARAMETERS, CryptoProvider.configuration());
    String jwks = JwkSetConverter.fromPublicKeysetHandle(key.getPublicKeysetHandle());
    JwtPublicKeySign signer =
        key.getPrimitive(CryptoProvider.configuration(), JwtPublicKeySign.class);
    TokenVerifier.verify(signer.signAndEncode(complete("x".repeat(8)).build()), jwks);
    String token = signer.signAndEncode(change.apply(complete("x".repeat(8))).build());
    assertThatThrownBy(() -> TokenVerifier.verify(token, jwks))
        .isInstanceOf(InvalidDelegationException.class);
  }

  private static RawJwt.Builder complete(String id) throws Exception {
    return without("")
        .setJwtId(id)
        .setTypeHeader(TokenVerifier.TYPE)
        .addNumberClaim("max_depth", 0);
  }

  private static RawJwt.Builder without(String claim) throws Exception {
    RawJwt.Builder jwt = RawJwt.newBuilder();
    if (!claim.equals("typ")) {
      jwt.setTypeHeader(TokenVerifier.TYPE);
    }
    if (!claim.equals("jti")) {
      jwt.setJwtId("dlg-8f2a4c10");
    }
    if (!claim.equals("iss")) {
      jwt.setIssuer("dana@example.test");
    }
    if (!claim.equals("sub")) {
      jwt.setSubject("spiffe://example.test/agent/claude-code");
    }
    if (!claim.equals("iat")) {
      jwt.setIssuedAt(START);
    }
    if (!claim.equals("nbf")) {
      jwt.setNotBefore(START);
    }
    if (claim.equals("exp")) {
      jwt.withoutExpiration();
    } else {
      jwt.setExpiration(START.plusSeconds(60));
    }
    if (!claim.equals("authorization_details")) {
      jwt.addJsonArrayClaim("authorization_details", SCOPE);
    }
    return claim.equals("max_depth") || claim.isEmpty() ? jwt : jwt.addNumberClaim("max_depth", 0);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "typ",
        "jti",
        "iss",
        "sub",
        "iat",
        "nbf",
        "exp",
        "authorization_details",
        "max_depth"
      })
  void aMissingClaimIsRefused(String claim) throws Exception {
    RawJwt.Builder jwt = without(claim);
    refusedAlthoughSigned(complete -> jwt);
  }

  @ParameterizedTest
  @ValueSource(strings = {"JWT", "custody-delegation", "CUSTODY-DELEGATION+JWT", "at+jwt"})
  void aTokenMadeForSomethingElseIsRefused(String type) throws Exception {
    refusedAlthoughSigned(jwt -> jwt.setTypeHeader(type));
  }

  @Test
  void claimsOutOfBoundsAreRefused() throws Exception {
    refusedAlthoughSigned(jwt -> jwt.setJwtId("short"));
    refusedAlthoughSigned(jwt -> jwt.setJwtId("with a blank"));
    refusedAlthoughSigned(jwt -> jwt.setIssuer(" "));
    refusedAlthoughSigned(jwt -> jwt.setSubject("dana"));
    refusedAlthoughSigned(jwt -> jwt.setExpiration(START));
  }

  @ParameterizedTest
  @ValueSource(doubles = {-1, 9, 0.5, 1.5, 4294967296.0, 1e300})
  void aDepthThatIsNoSmallWholeNumberIsRefused(double depth) throws Exception {
    RawJwt.Builder jwt = without("max_depth").addNumberClaim("max_depth", depth);
    refusedAlthoughSigned(complete -> jwt);
  }
}
