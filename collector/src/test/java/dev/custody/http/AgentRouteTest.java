package dev.custody.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.custody.admission.CertificateAuthority;
import dev.custody.admission.VerifiedEvent;
import dev.custody.collector.Collector;
import dev.custody.collector.CollectorConfig;
import dev.custody.collector.MemoryOutlet;
import dev.custody.collector.Organisation;
import dev.custody.digest.Bytes;
import dev.custody.event.Body;
import dev.custody.event.Human;
import dev.custody.identity.AgentId;
import dev.custody.identity.AgentStatement;
import dev.custody.signing.KeyDirectory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Registrations and retirements at a running collector. */
class AgentRouteTest {
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final AgentId AGENT = AgentId.parse("spiffe://acme.example/agent/codex/api");

  @TempDir Path directory;

  private final HttpClient client = HttpClient.newHttpClient();
  private final MemoryOutlet outlet = new MemoryOutlet();
  private Organisation organisation;
  private Collector collector;

  @BeforeEach
  void start() throws Exception {
    organisation = Organisation.in(directory);
    collector =
        Collector.start(
            CollectorConfig.of(
                directory.resolve("data"),
                outlet,
                0,
                organisation.routes(),
                organisation.observer(),
                organisation::key,
                organisation.roots()));
  }

  @AfterEach
  void stop() {
    collector.close();
    client.close();
  }

  private HttpResponse<String> post(String body) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + collector.httpPort() + Routes.AGENTS);
    return client.send(
        HttpRequest.newBuilder(uri).POST(BodyPublishers.ofString(body)).build(),
        BodyHandlers.ofString());
  }

  private static String body(String token, Bytes certificate) {
    return "{\"token\":\"%s\",\"certificate\":\"%s\"}"
        .formatted(token, Base64.getEncoder().encodeToString(certificate.toByteArray()));
  }

  private static AgentStatement statement(AgentStatement.Kind kind, String id, Instant at) {
    return new AgentStatement(id, kind, Organisation.HUMAN, AGENT, at);
  }

  private String signed(AgentStatement statement) throws Exception {
    return body(organisation.humanKey().sign(statement), organisation.humanCertificate());
  }

  private List<VerifiedEvent> published() throws Exception {
    assertThat(collector.awaitPublished(LONG)).isTrue();
    return organisation.verify(outlet.log());
  }

  @Test
  void aRegistrationAndARetirementAreRecordedOnceEach() throws Exception {
    Instant now = Instant.now();
    AgentStatement register =
        statement(AgentStatement.Kind.REGISTER, "agt-000000000001", now.minusSeconds(2));
    AgentStatement retire = statement(AgentStatement.Kind.RETIRE, "agt-000000000002", now);
    assertThat(post(signed(register)).body())
        .isEqualTo("{\"agent\":\"%s\",\"recorded\":1,\"repeated\":0}\n".formatted(AGENT));
    // A signature of ES256 differs each time: the statement is known by its id.
    assertThat(post(signed(register)).body())
        .isEqualTo("{\"agent\":\"%s\",\"recorded\":0,\"repeated\":1}\n".formatted(AGENT));
    assertThat(post(signed(retire)).statusCode()).isEqualTo(200);
    List<VerifiedEvent> log = published();
    assertThat(log).hasSize(3);
    assertThat(log.get(1).event().body())
        .isInstanceOfSatisfying(
            Body.AgentRegistered.class,
            b -> {
              assertThat(b.spiffeId()).isEqualTo(AGENT.toString());
              assertThat(b.product()).isEqualTo("codex");
              assertThat(b.registeredBy()).isEqualTo(Organisation.HUMAN);
            });
    assertThat(log.get(1).event().action()).isEqualTo("agent:register");
    assertThat(log.get(1).event().occurredAt()).isEqualTo(register.issuedAt());
    assertThat(log.get(1).event().actor().human())
        .extracting(Human::id)
        .isEqualTo("jane@acme.example");
    assertThat(log.get(2).event().body()).isInstanceOf(Body.AgentRetired.class);
    assertThat(log.get(2).event().action()).isEqualTo("agent:retire");
  }

  @Test
  void anUnknownSignerABadSignatureAndAStatementFromTheFutureAreRefused() throws Exception {
    AgentStatement register =
        statement(AgentStatement.Kind.REGISTER, "agt-000000000001", Instant.now());
    KeyDirectory other =
        KeyDirectory.open(directory.resolve("other"), directory.resolve("other.key"));
    Bytes stranger =
        new CertificateAuthority(other.signer("root"))
            .certifyHuman(
                Organisation.HUMAN,
                organisation.humanKey().publicJwks(),
                Instant.now(),
                Duration.ofDays(1));
    HttpResponse<String> unknown = post(body(organisation.humanKey().sign(register), stranger));
    assertThat(unknown.statusCode()).isEqualTo(403);
    assertThat(unknown.body()).contains("signed by root");
    HttpResponse<String> forged =
        post(body(other.tokenSigner("human").sign(register), organisation.humanCertificate()));
    assertThat(forged.statusCode()).isEqualTo(403);
    assertThat(forged.body()).contains("the signature does not verify");
    HttpResponse<String> future =
        post(
            signed(
                statement(
                    AgentStatement.Kind.REGISTER,
                    "agt-000000000001",
                    Instant.now().plusSeconds(3600))));
    assertThat(future.statusCode()).isEqualTo(403);
    assertThat(future.body()).contains("later than it was recorded");
    assertThat(published()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{}",
        "{\"token\":\"a.b.c\"}",
        "{\"token\":\"a.b.c\",\"certificate\":\"!\"}",
        "{\"token\":\"a.b.c\",\"certificate\":\"AB==\"}",
        "{\"token\":7,\"certificate\":\"AA==\"}",
        "{\"token\":\"a.b.c\",\"token\":\"a.b.c\",\"certificate\":\"AA==\"}",
        "{\"token\":\"a.b.c\",\"certificate\":\"AA==\",\"more\":1}",
        "{\"token\":\"a.b.c\",\"certificate\":\"AA==\"} x"
      })
  void anotherFormIsABadRequest(String body) throws Exception {
    assertThat(post(body).statusCode()).isEqualTo(400);
  }

  @Test
  void anythingLargerThanATokenAndACertificateIsRefused() throws Exception {
    assertThat(post("x".repeat(40 << 10)).statusCode()).isEqualTo(413);
    String long64 = "a".repeat(20 << 10);
    HttpResponse<String> answer = post(body(long64, organisation.humanCertificate()));
    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(answer.body()).contains("expected a token of at most 8192 characters");
    assertThat(published()).hasSize(1);
  }
}
