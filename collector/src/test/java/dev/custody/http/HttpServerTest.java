package dev.custody.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.custody.access.TokenFile;
import dev.custody.capture.BadInputException;
import dev.custody.capture.HookReply;
import dev.custody.collector.Collector;
import dev.custody.collector.CollectorConfig;
import dev.custody.collector.CollectorException;
import dev.custody.collector.MemoryOutlet;
import dev.custody.collector.Organisation;
import dev.custody.event.Body;
import dev.custody.event.Event;
import dev.custody.event.HumanBasis;
import dev.custody.event.Identifier;
import dev.custody.event.IdentifierKind;
import dev.custody.identity.Delegation;
import dev.custody.identity.Scope;
import dev.custody.identity.SpiffeId;
import dev.custody.signing.TokenSigner;
import dev.custody.source.records.AuditLog;
import dev.custody.source.records.RecordShape;
import dev.custody.spool.SpoolLimits;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

class HttpServerTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration LONG = Duration.ofSeconds(20);

  @TempDir Path directory;

  private final HttpClient client = HttpClient.newHttpClient();
  private final MemoryOutlet outlet = new MemoryOutlet();
  private final List<Event> afterRecord = Collections.synchronizedList(new ArrayList<>());
  private Organisation organisation;
  private Collector collector;

  @BeforeEach
  void start() throws Exception {
    organisation = Organisation.in(directory);
    collector = Collector.start(config(SpoolLimits.DEFAULT, 0));
  }

  @AfterEach
  void stop() {
    collector.close();
  }

  private CollectorConfig config(SpoolLimits limits, int port) {
    return new CollectorConfig(
        directory.resolve("data"),
        outlet,
        new HttpConfig("127.0.0.1", port, Set.of("collector"), Duration.ofSeconds(2)),
        organisation.routes(
            Map.of(Routes.CLAUDE_CODE, (body, _) -> HookReply.proceed(hook(body))),
            List.of(new CloudTrail()),
            afterRecord::addAll),
        organisation.observer(),
        organisation::key,
        organisation.roots(),
        limits,
        Duration.ofHours(1),
        "custody-test 1");
  }

  private static List<Event> hook(byte[] body) throws BadInputException {
    try {
      JsonNode json = JSON.readTree(body);
      if (json.path("bug").asBoolean()) {
        throw new IllegalStateException("a secret");
      }
      return List.of(Organisation.prompt(json.path("session").asText("none"), null));
    } catch (IOException e) {
      throw new BadInputException("expected JSON,\nfound none");
    }
  }

  private static final class CloudTrail implements AuditLog {
    @Override
    public RecordShape shape() {
      return new RecordShape("cloudtrail", "CloudTrail", Set.of("Records"), 1 << 20);
    }

    @Override
    public List<Event> events(JsonNode record) throws BadInputException {
      String id = record.path("eventID").textValue();
      if (id == null) {
        throw new BadInputException("expected eventID");
      }
      return List.of(Organisation.prompt("cloud", id));
    }
  }

  private HttpRequest.Builder to(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + collector.httpPort() + path));
  }

  private HttpResponse<String> imported(String body) throws Exception {
    String token = TokenFile.importToken(directory.resolve("data").resolve(TokenFile.IMPORT_NAME));
    return client.send(
        to("/import/cloudtrail")
            .header("Authorization", "Bearer " + token)
            .POST(BodyPublishers.ofString(body))
            .build(),
        BodyHandlers.ofString());
  }

  private HttpResponse<String> post(String path, String body) throws Exception {
    return client.send(
        to(path).POST(BodyPublishers.ofString(body)).build(), BodyHandlers.ofString());
  }

  private HttpResponse<String> get(String path) throws Exception {
    return client.send(to(path).GET().build(), BodyHandlers.ofString());
  }

  /** What comes back for exactly these bytes. */
  private String raw(String request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), collector.httpPort())) {
      socket.setSoTimeout(5_000);
      OutputStream out = socket.getOutputStream();
      out.write(request.getBytes(StandardCharsets.ISO_8859_1));
      out.flush();
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** Events other than the collector's own, once all is published. */
  private List<Event> recorded() throws Exception {
    assertThat(collector.awaitPublished(LONG)).isTrue();
    return organisation.verify(outlet.log()).stream()
        .map(v -> v.event())
        .filter(e -> !(e.body() instanceof Body.Genesis))
        .toList();
  }

  @Test
  void aHookIsAnsweredWithAnEmptyBodyOnceItsEventsAreRecorded() throws Exception {
    HttpResponse<String> answer = post("/hooks/claude-code", "{\"session\":\"s1\"}");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEmpty();
    assertThat(recorded()).extracting(Event::session).containsExactly("s1");
    assertThat(afterRecord).extracting(Event::project).containsExactly("/home/dana/s1");
  }

  @Test
  void aChunkedBodyIsTakenAsWell() throws Exception {
    byte[] body = "{\"session\":\"chunked\"}".getBytes(StandardCharsets.UTF_8);
    HttpResponse<String> answer =
        client.send(
            to("/hooks/claude-code")
                .POST(BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(body)))
                .build(),
            BodyHandlers.ofString());
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(recorded()).extracting(Event::session).containsExactly("chunked");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "{\"session\":\"s1\"", "nonsense", "\u0000"})
  void whatIsNoJsonIsRefusedAndNothingOfItIsRecorded(String body) throws Exception {
    HttpResponse<String> answer = post("/hooks/claude-code", body);
    if (!body.isEmpty()) {
      assertThat(answer.statusCode()).isEqualTo(400);
      assertThat(answer.body()).startsWith("{\"error\":\"expected JSON,").endsWith("}\n");
      assertThat(recorded()).isEmpty();
    }
  }

  @Test
  void aBodyBeyondTheLimitIsRefusedAndToldTheLimit() throws Exception {
    String announced =
        raw(
            "POST /hooks/claude-code HTTP/1.1\r\nHost: localhost\r\nContent-Length: 999999999\r\n\r\n");
    assertThat(announced).startsWith("HTTP/1.1 413").contains("8388608 bytes");
    assertThat(recorded()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {HttpServer.MAX_BODY_BYTES + 1, HttpServer.MAX_BODY_BYTES * 2})
  void whoSendsTooMuchHearsWhyHoweverItIsSent(int size) throws Exception {
    byte[] large = new byte[size];
    java.util.Arrays.fill(large, (byte) ' ');
    for (HttpRequest.BodyPublisher sent :
        List.of(
            BodyPublishers.ofByteArray(large),
            // Chunks announce nothing: counted while they come.
            BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(large)))) {
      HttpResponse<String> answer =
          client.send(to("/hooks/claude-code").POST(sent).build(), BodyHandlers.ofString());
      assertThat(answer.statusCode()).isEqualTo(413);
      assertThat(answer.body()).contains("8388608 bytes");
    }
    assertThat(recorded()).isEmpty();
  }

  @Test
  void anUnknownPathAndAWrongMethodAreRefused() throws Exception {
    assertThat(post("/hooks/unknown", "{}").statusCode()).isEqualTo(404);
    assertThat(get("/").statusCode()).isEqualTo(404);
    assertThat(get("/hooks/claude-code").statusCode()).isEqualTo(405);
    assertThat(post("/health", "").statusCode()).isEqualTo(405);
  }

  @Test
  void whatABrowserSendsIsRefused() throws Exception {
    HttpResponse<String> answer =
        client.send(
            to("/hooks/claude-code")
                .header("Origin", "https://evil.example")
                .POST(BodyPublishers.ofString("{}"))
                .build(),
            BodyHandlers.ofString());
    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(recorded()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"evil.example", "evil.example:4319", "127.0.0.1.evil.example", "a b"})
  void anotherHostIsRefused(String host) throws Exception {
    assertThat(
            raw(
                "POST /hooks/claude-code HTTP/1.1\r\nHost: %s\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"
                    .formatted(host)))
        .containsPattern("^HTTP/1.1 40[03]");
    assertThat(recorded()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "LOCALHOST:1", "127.0.0.1", "[::1]:4319", "collector:4319"})
  void ownHostNamesAreServed(String host) throws Exception {
    assertThat(
            raw(
                "POST /hooks/claude-code HTTP/1.1\r\nHost: %s\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"
                    .formatted(host)))
        .startsWith("HTTP/1.1 200");
  }

  @Test
  void twoHostsAreRefused() throws Exception {
    assertThat(
            raw(
                "POST /hooks/claude-code HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"))
        .containsPattern("^HTTP/1.1 40[03]");
  }

  @Test
  void aCompressedBodyIsRefused() throws Exception {
    HttpResponse<String> answer =
        client.send(
            to("/hooks/claude-code")
                .header("Content-Encoding", "gzip")
                .POST(BodyPublishers.ofString("{}"))
                .build(),
            BodyHandlers.ofString());
    assertThat(answer.statusCode()).isEqualTo(415);
  }

  @Test
  void aBodyThatDoesNotComeIsGivenUp() throws Exception {
    assertThat(
            raw(
                "POST /hooks/claude-code HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{\"session\":"))
        .satisfiesAnyOf(
            a -> assertThat(a).startsWith("HTTP/1.1 408"), a -> assertThat(a).isEmpty());
    assertThat(recorded()).isEmpty();
    assertThat(post("/hooks/claude-code", "{}").statusCode()).isEqualTo(200);
  }

  @Test
  void aBodyCutShortIsNotRecorded() throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), collector.httpPort())) {
      socket
          .getOutputStream()
          .write(
              "POST /hooks/claude-code HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{}"
                  .getBytes(StandardCharsets.UTF_8));
    }
    assertThat(post("/hooks/claude-code", "{\"session\":\"next\"}").statusCode()).isEqualTo(200);
    assertThat(recorded()).extracting(Event::session).containsExactly("next");
  }

  @Test
  void whatIsNoHttpIsRefusedWithoutAStackTrace() throws Exception {
    for (String nonsense : List.of("\r\n\r\n", "GET\r\n\r\n", "\u0016\u0003\u0001\r\n\r\n")) {
      assertThat(raw(nonsense)).doesNotContain("Exception", "\tat ");
    }
    assertThat(get("/health").statusCode()).isEqualTo(200);
  }

  @Test
  void aBugOfASourceShowsNothingAndStopsNothing() throws Exception {
    HttpResponse<String> answer = post("/hooks/claude-code", "{\"bug\":true}");
    assertThat(answer.statusCode()).isEqualTo(500);
    assertThat(answer.body())
        .isEqualTo("{\"error\":\"internal error; see the collector's log\"}\n");
    assertThat(post("/hooks/claude-code", "{}").statusCode()).isEqualTo(200);
  }

  @Test
  void aFullSpoolIsSaidWithoutStoppingTheAgent() throws Exception {
    collector.close();
    outlet.down(true);
    collector = Collector.start(config(new SpoolLimits(1 << 20, 1), 0));
    HttpResponse<String> answer = post("/hooks/claude-code", "{}");
    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.body()).contains("is full");
    HttpResponse<String> health = get("/health");
    assertThat(health.statusCode()).isEqualTo(503);
    assertThat(JSON.readTree(health.body()).path("status").textValue()).isEqualTo("not recording");
    outlet.down(false);
  }

  @Test
  void anImportCountsWhatIsNewKnownAndRefused() throws Exception {
    String body =
        """
        {"eventID":"a"}
        {"eventID":"b"}

        {"eventID":"a"}
        {"eventID":"AKIASECRET" oops
        {"other":1}
        {"eventID":"c"} {"eventID":"d"}
        """;
    HttpResponse<String> answer = imported(body);
    assertThat(answer.statusCode()).isEqualTo(200);
    JsonNode found = JSON.readTree(answer.body());
    assertThat(found.path("recorded").intValue()).isEqualTo(2);
    assertThat(found.path("repeated").intValue()).isEqualTo(1);
    assertThat(found.path("refused").findValues("line"))
        .extracting(JsonNode::intValue)
        .containsExactly(5, 6, 7);
    assertThat(answer.body()).contains("expected eventID").doesNotContain("AKIASECRET", "oops");
    assertThat(imported("{\"eventID\":\"b\"}").body())
        .isEqualTo("{\"recorded\":0,\"repeated\":1,\"refused\":[]}\n");
  }

  @Test
  void anImportOfTooManyRecordsIsRefusedWhole() throws Exception {
    StringBuilder body = new StringBuilder();
    IntStream.range(0, 1001).forEach(i -> body.append("{\"eventID\":\"e" + i + "\"}\n"));
    assertThat(imported(body.toString()).statusCode()).isEqualTo(413);
    assertThat(recorded()).isEmpty();
  }

  @Test
  void healthSaysHowSpoolAndKafkaAre() throws Exception {
    assertThat(collector.awaitPublished(LONG)).isTrue();
    assertThat(get("/health").body())
        .isEqualTo("{\"status\":\"ok\",\"spool\":\"ok\",\"unpublished\":0,\"kafka\":\"ok\"}\n");
  }

  @Test
  void metricsCountWhatWasCapturedAndRefused() throws Exception {
    post("/hooks/claude-code", "{}");
    post("/hooks/claude-code", "{");
    assertThat(get("/metrics").body())
        .contains(
            "custody_captured_total 1.0",
            "custody_refused_total{status=\"400\"} 1.0",
            "custody_spooled",
            "custody_unpublished",
            "custody_publish_lag_seconds");
  }

  @Test
  void aRefusalIsOneLineThatNobodyCanForge() throws Exception {
    ListAppender<ILoggingEvent> lines = new ListAppender<>();
    lines.start();
    Logger logger = (Logger) LoggerFactory.getLogger(RefusalLog.class);
    logger.addAppender(lines);
    try {
      post("/hooks/claude-code", "{");
      for (int i = 0; i < 50; i++) {
        get("/nowhere%0Aforged-hunter22");
      }
    } finally {
      logger.detachAppender(lines);
    }
    assertThat(lines.list).hasSize(20);
    assertThat(lines.list.getFirst().getFormattedMessage())
        .isEqualTo("refused POST /hooks/claude-code: 400 expected JSON,\ufffdfound none");
    assertThat(lines.list)
        .noneMatch(l -> l.getFormattedMessage().contains("\n"))
        .noneMatch(l -> l.getFormattedMessage().contains("hunter22"))
        .last()
        .satisfies(l ->
            assertThat(l.getFormattedMessage())
                .isEqualTo("refused GET a path that is none of ours: 404 nothing here"));
  }

  @Test
  void aTakenPortSuggestsAnother() throws Exception {
    collector.close();
    try (var taken = new java.net.ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = taken.getLocalPort();
      int before = outlet.log().size();
      assertThatThrownBy(() -> Collector.start(config(SpoolLimits.DEFAULT, port)))
          .isInstanceOf(CollectorException.class)
          .hasCauseInstanceOf(PortTakenException.class)
          .hasMessage("http port " + port + " is taken; try: --http-port 0");
      assertThat(outlet.log()).hasSize(before);
    }
    collector = Collector.start(config(SpoolLimits.DEFAULT, 0));
  }

  private Delegation delegation(String grantor) throws Exception {
    Instant now = Instant.now();
    return new Delegation(
        "dlg-12345678",
        grantor,
        SpiffeId.parse("spiffe://acme.example/agent/claude-code/shop"),
        new Scope(List.of(new Scope.Grant(List.of("s3:Get*"), List.of("*")))),
        now,
        now,
        now.plusSeconds(3600),
        "a test",
        0);
  }

  private HttpResponse<String> grant(String token, byte[] certificate) throws Exception {
    return post(
        "/delegations",
        JSON.writeValueAsString(
            Map.of(
                "token", token, "certificate", Base64.getEncoder().encodeToString(certificate))));
  }

  @Test
  void aDelegationOfACertifiedHumanIsRecorded() throws Exception {
    TokenSigner key = organisation.humanKey();
    String token = key.sign(delegation(Organisation.HUMAN));
    byte[] certificate = organisation.humanCertificate().toByteArray();
    assertThat(grant(token, certificate).body())
        .isEqualTo("{\"delegation\":\"dlg-12345678\",\"recorded\":1,\"repeated\":0}\n");
    assertThat(grant(token, certificate).body()).contains("\"repeated\":1");
    Event event = recorded().getFirst();
    assertThat(event.action()).isEqualTo("delegation:grant");
    assertThat(event.delegation()).isEqualTo("dlg-12345678");
    assertThat(event.identifiers())
        .containsExactly(new Identifier(IdentifierKind.AWS_SOURCE_IDENTITY, "dlg-12345678"));
    assertThat(Objects.requireNonNull(event.actor().human()).basis())
        .isEqualTo(HumanBasis.SIGNED_DELEGATION);
    assertThat(((Body.DelegationGranted) event.body()).token()).isEqualTo(token);
  }

  @Test
  void aDelegationThatSomebodyDoesNotVouchForIsRefused() throws Exception {
    TokenSigner key = organisation.humanKey();
    String token = key.sign(delegation(Organisation.HUMAN));
    byte[] certificate = organisation.humanCertificate().toByteArray();

    assertThat(grant(key.sign(delegation("boss@acme.example")), certificate).statusCode())
        .isEqualTo(403);
    assertThat(grant(token, organisation.certificate().toByteArray()).body())
        .contains("expected the certificate of a HUMAN, found COLLECTOR");
    Organisation stranger = Organisation.in(directory.resolve("stranger"));
    assertThat(
            grant(stranger.humanKey().sign(delegation(Organisation.HUMAN)), certificate)
                .statusCode())
        .isEqualTo(403);
    assertThat(grant(token, stranger.humanCertificate().toByteArray()).statusCode()).isEqualTo(403);
    assertThat(grant(token, new byte[] {1, 2}).statusCode()).isEqualTo(403);
    assertThat(post("/delegations", "{\"token\":1}").statusCode()).isEqualTo(400);
    assertThat(post("/delegations", "[").statusCode()).isEqualTo(400);
    assertThat(post("/delegations", "{\"token\":\"t\",\"certificate\":\"%\"}").statusCode())
        .isEqualTo(400);
    assertThat(recorded()).isEmpty();
  }

  @Test
  void jsonOfRefusalsIsWellFormedWhateverTheReason() throws JsonProcessingException, Exception {
    for (String body : List.of("{", "\"", "[[[")) {
      assertThat(JSON.readTree(post("/hooks/claude-code", body).body()).has("error")).isTrue();
    }
  }
}
