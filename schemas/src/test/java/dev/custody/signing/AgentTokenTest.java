package dev.custody.signing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.jwt.JwkSetConverter;
import com.google.crypto.tink.jwt.JwtPublicKeySign;
import com.google.crypto.tink.jwt.RawJwt;
import dev.custody.identity.AgentId;
import dev.custody.identity.AgentStatement;
import dev.custody.identity.Delegation;
import dev.custody.identity.Scope;
import dev.custody.identity.SpiffeId;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SignatureException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class AgentTokenTest {
  private static final Instant START = Instant.parse("2020-01-01T00:00:00Z");
  private static final AgentId AGENT = AgentId.parse("spiffe://example.test/agent/claude-code/api");

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

  private static AgentStatement statement(AgentStatement.Kind kind) {
    return new AgentStatement("agt-0123456789abcdef", kind, "dana@example.test", AGENT, START);
  }

  private static AgentStatement registration() {
    return statement(AgentStatement.Kind.REGISTER);
  }

  @ParameterizedTest
  @EnumSource(AgentStatement.Kind.class)
  void aStatementComesBackAsItWasSigned(AgentStatement.Kind kind) throws Exception {
    assertThat(AgentTokens.verify(dana.sign(statement(kind)), dana.publicJwks()))
        .isEqualTo(statement(kind));
  }

  @Test
  void aChangeOfAnyCharacterIsRefused() {
    String token = dana.sign(registration());
    for (int at = 0; at < token.length() - 1; at++) {
      char changed = token.charAt(at) == 'A' ? 'B' : 'A';
      String other = token.substring(0, at) + changed + token.substring(at + 1);
      assertThatThrownBy(() -> AgentTokens.verify(other, dana.publicJwks()))
          .as("at %d", at)
          .isInstanceOf(SignatureException.class);
    }
  }

  @Test
  void anotherHumansKeyDoesNotVerify() {
    assertThatThrownBy(() -> AgentTokens.verify(eve.sign(registration()), dana.publicJwks()))
        .isInstanceOf(SignatureException.class)
        .hasMessageStartingWith("the signature does not verify: ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "None", "HS256", "RS256", "ES384"})
  void anotherAlgorithmIsRefused(String algorithm) {
    String[] parts = dana.sign(registration()).split("\\.", -1);
    String header =
        Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(
                "{\"alg\":\"%s\",\"typ\":\"custody-agent+jwt\"}"
                    .formatted(algorithm)
                    .getBytes(StandardCharsets.UTF_8));
    for (String signature : List.of("", parts[2])) {
      assertThatThrownBy(() ->
              AgentTokens.verify(header + "." + parts[1] + "." + signature, dana.publicJwks()))
          .isInstanceOf(SignatureException.class);
    }
  }

  @Test
  void aDelegationIsNoStatementAndAStatementNoDelegation() {
    Delegation delegation =
        new Delegation(
            "dlg-8f2a4c10",
            "dana@example.test",
            SpiffeId.parse("spiffe://example.test/agent/claude-code/api"),
            new Scope(List.of(new Scope.Grant(List.of("*"), List.of("*")))),
            START,
            START,
            START.plusSeconds(60),
            "",
            0);
    assertThatThrownBy(() -> AgentTokens.verify(dana.sign(delegation), dana.publicJwks()))
        .isInstanceOf(SignatureException.class);
    assertThatThrownBy(() -> TokenVerifier.verify(dana.sign(registration()), dana.publicJwks()))
        .isInstanceOf(dev.custody.identity.InvalidDelegationException.class);
  }

  @Test
  void aTokenOfSixtyFourKibibytesIsRefusedBeforeItIsRead() {
    assertThatThrownBy(() -> AgentTokens.verify("a".repeat(64 << 10), dana.publicJwks()))
        .hasMessage("expected a token of at most 8192 characters, found 65536");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "..", "a.b", "a.b.c", "....", "eyJ9.eyJ9.eyJ9"})
  void whatIsNoTokenIsRefused(String token) {
    assertThatThrownBy(() -> AgentTokens.verify(token, dana.publicJwks()))
        .isInstanceOf(SignatureException.class);
  }

  private static RawJwt.Builder complete() {
    return RawJwt.newBuilder()
        .setTypeHeader(AgentTokens.TYPE)
        .setJwtId("agt-0123456789abcdef")
        .setIssuer("dana@example.test")
        .setSubject(AGENT.toString())
        .setIssuedAt(START)
        .addStringClaim("product", "claude-code");
  }

  private void refusedAlthoughSigned(UnaryOperator<RawJwt.Builder> change) throws Exception {
    KeysetHandle keyset =
        KeysetHandle.generateNew(TokenSigner.PARAMETERS, CryptoProvider.configuration());
    String token =
        keyset
            .getPrimitive(CryptoProvider.configuration(), JwtPublicKeySign.class)
            .signAndEncode(change.apply(complete()).build());
    String jwks = JwkSetConverter.fromPublicKeysetHandle(keyset.getPublicKeysetHandle());
    assertThatThrownBy(() -> AgentTokens.verify(token, jwks))
        .isInstanceOf(SignatureException.class)
        .hasMessageNotContaining("the signature does not verify");
  }

  @Test
  void whatIsMissingWrongOrNotUnderstoodIsRefusedAlthoughItIsSigned() throws Exception {
    refusedAlthoughSigned(RawJwt.Builder::withoutExpiration);
    refusedAlthoughSigned(jwt -> jwt.withoutExpiration().addStringClaim("statement", "promote"));
    refusedAlthoughSigned(jwt -> signed(jwt).setJwtId("dlg-0123456789ab"));
    refusedAlthoughSigned(jwt -> signed(jwt).setIssuer(" "));
    refusedAlthoughSigned(jwt -> signed(jwt).setSubject("dana"));
    refusedAlthoughSigned(jwt -> signed(jwt).setSubject("spiffe://example.test/agent/claude-code"));
    refusedAlthoughSigned(jwt -> signed(jwt).setSubject("spiffe://example.test/agent/codex/api"));
    refusedAlthoughSigned(jwt -> signed(jwt).setTypeHeader("JWT"));
    refusedAlthoughSigned(jwt -> signed(jwt).setNotBefore(START));
    refusedAlthoughSigned(jwt -> signed(jwt).addStringClaim("until", "tomorrow"));
    refusedAlthoughSigned(jwt -> signed(jwt).setAudience("somebody"));
    refusedAlthoughSigned(jwt ->
        jwt.addStringClaim("statement", "register")
            .setExpiration(Instant.parse("2200-01-01T00:00:00Z")));
  }

  private static RawJwt.Builder signed(RawJwt.Builder jwt) {
    return jwt.withoutExpiration().addStringClaim("statement", "register");
  }
}
