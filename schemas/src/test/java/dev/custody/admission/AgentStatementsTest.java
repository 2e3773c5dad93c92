package dev.custody.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.custody.digest.Bytes;
import dev.custody.event.Body;
import dev.custody.event.Event;
import dev.custody.event.EventBuilder;
import dev.custody.event.Host;
import dev.custody.event.Source;
import dev.custody.identity.AgentId;
import dev.custody.identity.AgentStatement;
import dev.custody.signing.KeyDirectory;
import dev.custody.signing.TokenSigner;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AgentStatementsTest {
  private static final Instant NOW = Instant.parse("2026-11-22T07:00:00Z");
  private static final String HUMAN = "dana@example.test";
  private static final AgentId AGENT = AgentId.parse("spiffe://test/agent/claude-code/api");

  @TempDir Path directory;
  private KeyDirectory keys;
  private CertificateAuthority root;
  private AgentStatements statements;

  @BeforeEach
  void found() throws Exception {
    keys = KeyDirectory.open(directory.resolve("keys"), directory.resolve("wrapping.key"));
    root = new CertificateAuthority(keys.signer("root"));
    statements = new AgentStatements(new TrustedRoots(List.of(root.publicKey())));
  }

  private static AgentStatement registration(Instant at) {
    return new AgentStatement("agt-0123456789ab", AgentStatement.Kind.REGISTER, HUMAN, AGENT, at);
  }

  private TokenSigner key(String name) throws Exception {
    return keys.tokenSigner(name);
  }

  private Bytes certificate(CertificateAuthority by, String human, String key) throws Exception {
    return by.certifyHuman(human, key(key).publicJwks(), NOW, Duration.ofDays(1));
  }

  private void refused(String token, Bytes certificate, Instant recordedAt, String why) {
    assertThatThrownBy(() -> statements.verify(token, certificate, recordedAt))
        .isInstanceOf(UntrustedException.class)
        .hasMessageContaining(why);
  }

  @Test
  void aStatementOfACertifiedHumanVerifies() throws Exception {
    assertThat(
            statements.verify(
                key("dana").sign(registration(NOW)), certificate(root, HUMAN, "dana"), NOW))
        .isEqualTo(registration(NOW));
  }

  @Test
  void anUnknownSignerFails() throws Exception {
    CertificateAuthority stranger = new CertificateAuthority(keys.signer("other-root"));
    refused(
        key("dana").sign(registration(NOW)),
        certificate(stranger, HUMAN, "dana"),
        NOW,
        "signed by root");
  }

  @Test
  void aKeyOfAnotherHumanOrOfACollectorFails() throws Exception {
    String token = key("dana").sign(registration(NOW));
    refused(token, certificate(root, HUMAN, "eve"), NOW, "the signature does not verify");
    refused(
        token, certificate(root, "eve@example.test", "dana"), NOW, "expected a statement of eve");
    refused(
        token,
        root.certifyCollector(
            "spiffe://test/collector/x", keys.signer("c").publicKey(), NOW, Duration.ofDays(1)),
        NOW,
        "expected the certificate of a HUMAN, found COLLECTOR");
  }

  @Test
  void aStatementOutsideTheCertificatesValidityOrFromTheFutureFails() throws Exception {
    Bytes certificate = certificate(root, HUMAN, "dana");
    Instant late = NOW.plus(Duration.ofDays(2));
    refused(
        key("dana").sign(registration(NOW.minus(Duration.ofDays(1)))),
        certificate,
        NOW,
        "is certified from");
    refused(key("dana").sign(registration(late)), certificate, late, "is certified from");
    refused(
        key("dana").sign(registration(NOW.plusSeconds(301))),
        certificate,
        NOW,
        "later than it was recorded");
  }

  @Test
  void anEventThatSaysSomethingElseThanItsTokenFails() throws Exception {
    String token = key("dana").sign(registration(NOW));
    Bytes certificate = certificate(root, HUMAN, "dana");
    String id = AGENT.toString();
    assertThat(
            statements.verify(
                event(new Body.AgentRegistered(id, "claude-code", HUMAN, token, certificate))))
        .isEqualTo(registration(NOW));
    for (Body body :
        List.of(
            new Body.AgentRetired(id, HUMAN, token, certificate),
            new Body.AgentRegistered(id + "/x", "claude-code", HUMAN, token, certificate),
            new Body.AgentRegistered(id, "codex", HUMAN, token, certificate),
            new Body.AgentRegistered(id, "claude-code", "eve", token, certificate))) {
      assertThatThrownBy(() -> statements.verify(event(body)))
          .isInstanceOf(UntrustedException.class)
          .hasMessageStartingWith("the event says ");
    }
  }

  private static Event event(Body body) {
    return new EventBuilder(
            new Source("custody", body.name(), null, null), new Host("laptop", null), NOW, body)
        .build();
  }
}
