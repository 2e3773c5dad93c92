package dev.custody.signing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.jwt.JwkSetConverter;
import com.google.crypto.tink.jwt.JwtInvalidException;
import com.google.crypto.tink.jwt.JwtPublicKeySign;
import com.google.crypto.tink.jwt.RawJwt;
import dev.custody.identity.Delegation;
import dev.custody.identity.DelegationDefect;
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

  private static DelegationDefect defect(String token, String jwks) {
    InvalidDelegationException refused =
        catchThrowableOfType(
            InvalidDelegationException.class, () -> TokenVerifier.verify(token, jwks));
    return refused.defect();
  }

  private static DelegationDefect defectOf(UnaryOperator<RawJwt.Builder> change) throws Exception {
    KeysetHandle key =
        KeysetHandle.generateNew(TokenSigner.PARAMETERS, CryptoProvider.configuration());
    String jwks = JwkSetConverter.fromPublicKeysetHandle(key.getPublicKeysetHandle());
    return defect(
        key.getPrimitive(CryptoProvider.configuration(), JwtPublicKeySign.class)
            .signAndEncode(change.apply(complete("x".repeat(8))).build()),
        jwks);
  }

  private static RawJwt.Builder act(RawJwt.Builder jwt, String json) {
    try {
      return jwt.setSubject("dana@example.test").addJsonObjectClaim("act", json);
    } catch (JwtInvalidException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static RawJwt.Builder json(RawJwt.Builder jwt, String name, String array) {
    try {
      return jwt.addJsonArrayClaim(name, array);
    } catch (JwtInvalidException e) {
      throw new IllegalArgumentException(e);
    }
  }

  @Test
  void aHopComesBackWithItsActorsParentAndSession() throws Exception {
    Delegation d = delegation();
    Delegation hop =
        new Delegation(
            "dlg-hop-0001",
            "spiffe://example.test/collector/laptop",
            d.grantor(),
            List.of(
                SpiffeId.parse("spiffe://example.test/agent/claude-code/api/sub"), d.delegate()),
            d.scope(),
            START,
            START,
            START.plusSeconds(60),
            "",
            1,
            "session-1",
            Delegation.commitment("a.b.c"));
    assertThat(TokenVerifier.verify(dana.sign(hop), dana.publicJwks())).isEqualTo(hop);
    JsonNode claims = payload(dana.sign(hop));
    assertThat(claims.at("/sub").asText()).isEqualTo("dana@example.test");
    assertThat(claims.at("/act/act/sub").asText()).isEqualTo(d.delegate().toString());
    assertThat(claims.at("/parent").asText())
        .isEqualTo("hF4wRIgJ4ryJWOsCW_x5UjXROwd6U9DDq70jhRcNybg");
  }

  private static JsonNode payload(String token) throws Exception {
    return new ObjectMapper().readTree(Base64.getUrlDecoder().decode(token.split("\\.", -1)[1]));
  }

  @Test
  void aRevocationComesBackAsItWasSignedAndIsNoDelegation() throws Exception {
    Delegation.Revocation revocation =
        new Delegation.Revocation(
            "rev-8f2a4c10", "dana@example.test", "dlg-8f2a4c10", START, "done");
    String token = dana.sign(revocation);
    assertThat(TokenVerifier.type(token)).isEqualTo(TokenVerifier.REVOCATION_TYPE);
    assertThat(TokenVerifier.verifyRevocation(token, dana.publicJwks())).isEqualTo(revocation);
    assertThat(defect(token, dana.publicJwks())).isEqualTo(DelegationDefect.WRONG_TYPE);
    assertThatThrownBy(
            () -> TokenVerifier.verifyRevocation(dana.sign(delegation()), dana.publicJwks()))
        .isInstanceOf(InvalidDelegationException.class)
        .hasMessage("expected typ custody-revocation+jwt, found 'custody-delegation+jwt'");
    assertThatThrownBy(() -> TokenVerifier.verifyRevocation(token, eve.publicJwks()))
        .isInstanceOf(InvalidDelegationException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "None", "HS256", "RS256", "ES384", "es256", ""})
  void anotherAlgorithmHasItsOwnDefect(String algorithm) {
    String[] parts = dana.sign(delegation()).split("\\.", -1);
    String header = "{\"alg\":\"" + algorithm + "\",\"typ\":\"custody-delegation+jwt\"}";
    for (String signature : List.of(parts[2], "")) {
      assertThat(defect(part(header) + "." + parts[1] + "." + signature, dana.publicJwks()))
          .isEqualTo(DelegationDefect.UNSUPPORTED_ALGORITHM);
    }
  }

  @Test
  void everyDefectOfATokenHasItsOwnName() throws Exception {
    String token = dana.sign(delegation());
    String header = token.split("\\.", -1)[0];
    assertThat(defect(token, eve.publicJwks())).isEqualTo(DelegationDefect.BAD_SIGNATURE);
    assertThat(defect("a".repeat(64 << 10) + "a", dana.publicJwks()))
        .isEqualTo(DelegationDefect.TOO_LONG);
    assertThat(defect("a".repeat(64 << 10), dana.publicJwks()))
        .isEqualTo(DelegationDefect.MALFORMED);
    for (String payload :
        List.of(
            "{\"iat\":1,\"iat\":2}",
            "{\"iss\":\"a\",\"iss\":\"b\"}",
            "{\"nbf\":1e400}",
            "{\"nbf\":99999999999999999999}",
            "{\"nbf\":253402300800}",
            "{\"nbf\":-1}",
            "{\"nbf\":1.5}",
            "{\"nbf\":\"1\"}",
            "{\"nbf\":1} {}",
            "{\"aud\":\"nobody\"}",
            "[]",
            "{")) {
      assertThat(defect(header + "." + part(payload) + ".AAAA", dana.publicJwks()))
          .as(payload)
          .isEqualTo(DelegationDefect.MALFORMED);
    }
    assertThat(defectOf(jwt -> jwt.setTypeHeader("JWT"))).isEqualTo(DelegationDefect.WRONG_TYPE);
    assertThat(defectOf(jwt -> jwt.setSubject("dana"))).isEqualTo(DelegationDefect.BAD_SPIFFE_ID);
    assertThat(defectOf(jwt -> jwt.addStringClaim("aud2", "x")))
        .isEqualTo(DelegationDefect.MALFORMED);
    assertThat(defectOf(jwt -> json(jwt, "authorization_details", "[{\"type\":\"other\"}]")))
        .isEqualTo(DelegationDefect.BAD_SCOPE);
    assertThat(defectOf(jwt -> jwt.addStringClaim("parent", "AA")))
        .isEqualTo(DelegationDefect.MALFORMED);
    assertThat(defectOf(jwt -> jwt.addStringClaim("session", "two words")))
        .isEqualTo(DelegationDefect.MALFORMED);
  }

  @Test
  void anActChainIsReadStrictly() throws Exception {
    String actor = "{\"sub\":\"spiffe://t/agent/%s\"%s}";
    String cycle =
        actor.formatted(
            "a", ",\"act\":" + actor.formatted("b", ",\"act\":" + actor.formatted("a", "")));
    assertThat(defectOf(jwt -> act(jwt, cycle))).isEqualTo(DelegationDefect.CYCLE);
    String deep = "";
    for (int i = 0; i < 9; i++) {
      deep = actor.formatted("n" + i, deep.isEmpty() ? "" : ",\"act\":" + deep);
    }
    String nine = deep;
    assertThat(defectOf(jwt -> act(jwt, nine))).isEqualTo(DelegationDefect.TOO_DEEP);
    assertThat(defectOf(jwt -> act(jwt, "{}"))).isEqualTo(DelegationDefect.MALFORMED);
    assertThat(defectOf(jwt -> act(jwt, "{\"sub\":\"spiffe://t/a\",\"only\":\"x\"}")))
        .isEqualTo(DelegationDefect.MALFORMED);
    assertThat(defectOf(jwt -> act(jwt, "{\"sub\":\"spiffe://t/a\",\"act\":null}")))
        .isEqualTo(DelegationDefect.MALFORMED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "spiffe://",
        "https://example.test/agent/a",
        "spiffe://Example.test/agent/a",
        "spiffe://example.test/",
        "spiffe://example.test/agent//a",
        "spiffe://example.test/agent/a/",
        "spiffe://example.test/agent/../a",
        "spiffe://example.test/agent/./a",
        "spiffe://example.test/agent/%61",
        "spiffe://example.test:8443/agent/a",
        "spiffe://dana@example.test/agent/a",
        "spiffe://example.test/agent/a?x=1",
        "spiffe://example.test/agent/a#x",
        "spiffe://example.test/agent/\u00e4",
        "SPIFFE://example.test/agent/a"
      })
  void anIdThatBreaksTheSpiffeStandardIsRefused(String id) throws Exception {
    assertThat(defectOf(jwt -> act(jwt, "{\"sub\":\"" + id + "\"}")))
        .isEqualTo(DelegationDefect.BAD_SPIFFE_ID);
  }

  @Test
  void aSpiffeIdOfMoreThan2048BytesIsRefused() throws Exception {
    String prefix = "spiffe://example.test/";
    String most = prefix + "a".repeat(2_048 - prefix.length());
    assertThat(SpiffeId.parse(most)).hasToString(most);
    assertThat(defectOf(jwt -> act(jwt, "{\"sub\":\"" + most + "a\"}")))
        .isEqualTo(DelegationDefect.BAD_SPIFFE_ID);
  }
}
