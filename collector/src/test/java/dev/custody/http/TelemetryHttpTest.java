package dev.custody.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.custody.collector.Collector;
import dev.custody.collector.CollectorConfig;
import dev.custody.collector.MemoryOutlet;
import dev.custody.collector.Organisation;
import dev.custody.event.Body;
import dev.custody.event.Event;
import dev.custody.sighting.SessionRedactors;
import dev.custody.source.SessionPlaces;
import dev.custody.source.otlp.OtlpReceiver;
import dev.custody.spool.SpoolLimits;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** OTLP/HTTP over the wire: what is answered, and what is in the log. */
final class TelemetryHttpTest {
  private static final String JSON = "application/json";
  private static final String PROTOBUF = "application/x-protobuf";
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final ObjectMapper MAPPER = new ObjectMapper();

  @TempDir Path directory;

  private final HttpClient client = HttpClient.newHttpClient();
  private final MemoryOutlet outlet = new MemoryOutlet();
  private final List<Event> afterRecord = Collections.synchronizedList(new ArrayList<>());
  private Organisation organisation;
  private Collector collector;

  @BeforeEach
  void start() throws Exception {
    organisation = Organisation.in(directory);
    collector = start(SpoolLimits.DEFAULT);
  }

  @AfterEach
  void stop() {
    collector.close();
  }

  private Collector start(SpoolLimits limits) throws Exception {
    return Collector.start(
        new CollectorConfig(
            directory.resolve("data"),
            outlet,
            new HttpConfig("127.0.0.1", 0, Set.of(), Duration.ofSeconds(5)),
            notes ->
                organisation
                    .routes(Map.of(), List.of(), afterRecord::addAll)
                    .open(notes)
                    .with(
                        new OtlpReceiver(
                            organisation.observer(),
                            new SessionRedactors(organisation.observer().fingerprints()),
                            new SessionPlaces())),
            organisation.observer(),
            organisation::key,
            organisation.roots(),
            limits,
            Duration.ofHours(1),
            "custody-test 1"));
  }

  private HttpRequest.Builder to(String path, String type) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + collector.httpPort() + path))
        .header("Content-Type", type);
  }

  private HttpResponse<byte[]> post(String path, String type, byte[] body) throws Exception {
    return client.send(
        to(path, type).POST(BodyPublishers.ofByteArray(body)).build(), BodyHandlers.ofByteArray());
  }

  private HttpResponse<byte[]> gzipped(String path, String encoding, byte[] body) throws Exception {
    return client.send(
        to(path, JSON)
            .header("Content-Encoding", encoding)
            .POST(BodyPublishers.ofByteArray(body))
            .build(),
        BodyHandlers.ofByteArray());
  }

  private static byte[] gzip(byte[] plain) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(plain);
    }
    return bytes.toByteArray();
  }

  private static byte[] recorded(String name) throws IOException {
    try (InputStream in = TelemetryHttpTest.class.getResourceAsStream("/otlp/" + name);
        InputStream plain = new GZIPInputStream(Objects.requireNonNull(in, name))) {
      return plain.readAllBytes();
    }
  }

  /** A request of a recorded run, by its number. */
  private static byte[] incident(int number) throws IOException {
    String line =
        new String(recorded("claude-code-incident.jsonl.gz"), UTF_8).lines().toList().get(number);
    return MAPPER.writeValueAsBytes(MAPPER.readTree(line).path("body"));
  }

  private List<Event> told() throws Exception {
    assertThat(collector.awaitPublished(LONG)).isTrue();
    return organisation.verify(outlet.log()).stream()
        .map(v -> v.event())
        .filter(e -> e.source().kind().endsWith("otlp"))
        .toList();
  }

  private static JsonNode json(HttpResponse<byte[]> response) throws IOException {
    assertThat(response.headers().firstValue("content-type")).contains(JSON);
    return MAPPER.readTree(response.body());
  }

  private static byte[] log(String attributes) {
    return """
    {"resourceLogs":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"opencode"}}]},
    "scopeLogs":[{"logRecords":[{"timeUnixNano":"1795330742852000000","attributes":[%s]}]}]}]}\
    """
        .formatted(attributes)
        .getBytes(UTF_8);
  }

  @Test
  void aRequestInJsonIsAnsweredInJsonOnceItIsDurable() throws Exception {
    HttpResponse<byte[]> response = post("/v1/logs", JSON + "; charset=utf-8", incident(1));
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(json(response)).isEqualTo(MAPPER.createObjectNode());
    assertThat(told()).anyMatch(e -> e.body() instanceof Body.PromptSubmitted);
  }

  @Test
  void aRequestInProtobufIsAnsweredInProtobuf() throws Exception {
    HttpResponse<byte[]> response =
        post("/v1/traces", PROTOBUF, recorded("claude-code-protobuf-003-traces.bin.gz"));
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("content-type")).contains(PROTOBUF);
    assertThat(response.body()).isEmpty();
    assertThat(told()).anyMatch(e -> e.body() instanceof Body.ToolCallCompleted);
  }

  @Test
  void aRequestThatIsSentAgainAddsNothing() throws Exception {
    HttpResponse<byte[]> first = post("/v1/logs", JSON, incident(1));
    int recorded = told().size();
    HttpResponse<byte[]> again = post("/v1/logs", JSON, incident(1));
    assertThat(again.statusCode()).isEqualTo(first.statusCode()).isEqualTo(200);
    collector.close();
    collector = start(SpoolLimits.DEFAULT);
    assertThat(post("/v1/logs", JSON, incident(1)).statusCode()).isEqualTo(200);
    assertThat(told()).hasSize(recorded);
  }

  @Test
  void metricsAreAcknowledgedAndNotRecorded() throws Exception {
    HttpResponse<byte[]> response =
        post("/v1/metrics", PROTOBUF, recorded("claude-code-protobuf-006-metrics.bin.gz"));
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(post("/v1/metrics", JSON, incident(0)).statusCode()).isEqualTo(200);
    assertThat(told()).isEmpty();
  }

  @Test
  void recordsThatAreNotTakenAreCountedInTheAnswer() throws Exception {
    byte[] shop = new String(log(""), UTF_8).replace("opencode", "web-shop").getBytes(UTF_8);
    HttpResponse<byte[]> response = post("/v1/logs", JSON, shop);
    assertThat(response.statusCode()).isEqualTo(200);
    JsonNode partial = json(response).path("partialSuccess");
    assertThat(partial.path("rejectedLogRecords").textValue()).isEqualTo("1");
    assertThat(partial.path("errorMessage").textValue())
        .isEqualTo("expected records of a coding agent, found some of another sender");
    assertThat(told()).isEmpty();
  }

  @Test
  void aBodyThatIsNoneIsRefusedAsTheProtocolSays() throws Exception {
    HttpResponse<byte[]> response = post("/v1/logs", JSON, "hunter2".getBytes(UTF_8));
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(json(response).path("code").intValue()).isEqualTo(3);
    assertThat(json(response).path("message").textValue())
        .startsWith("body: expected ")
        .doesNotContain("hunter2");
    HttpResponse<byte[]> protobuf = post("/v1/logs", PROTOBUF, "hunter2".getBytes(UTF_8));
    assertThat(protobuf.statusCode()).isEqualTo(400);
    assertThat(protobuf.headers().firstValue("content-type")).contains(PROTOBUF);
    // google.rpc.Status { code: 3, message: ... }
    assertThat(Arrays.copyOf(protobuf.body(), 3)).containsExactly(0x08, 3, 0x12);
    assertThat(new String(protobuf.body(), UTF_8)).contains("body: expected an OTLP request");
  }

  @ParameterizedTest
  @ValueSource(strings = {"text/plain", "application/grpc", "application/jsonl", ""})
  void anotherContentTypeIsRefused(String type) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + collector.httpPort() + "/v1/logs"));
    if (!type.isEmpty()) {
      request.header("Content-Type", type);
    }
    HttpResponse<byte[]> response =
        client.send(
            request.POST(BodyPublishers.ofByteArray(log(""))).build(), BodyHandlers.ofByteArray());
    assertThat(response.statusCode()).isEqualTo(415);
    assertThat(json(response).path("message").textValue())
        .isEqualTo("expected Content-Type application/json or application/x-protobuf");
  }

  @Test
  void aCompressedBodyIsTaken() throws Exception {
    assertThat(gzipped("/v1/logs", "gzip", gzip(incident(1))).statusCode()).isEqualTo(200);
    assertThat(told()).isNotEmpty();
  }

  @Test
  void aCompressedBodyIsTakenHereOnly() throws Exception {
    assertThat(gzipped("/delegations", "gzip", gzip("{}".getBytes(UTF_8))).statusCode())
        .isEqualTo(415);
  }

  @ParameterizedTest
  @CsvSource({"br,415", "deflate,415", "'gzip, gzip',415", "gzip,400"})
  void whatCannotBeDecompressedIsRefused(String encoding, int status) throws Exception {
    HttpResponse<byte[]> response = gzipped("/v1/logs", encoding, "no gzip".getBytes(UTF_8));
    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(json(response).path("code").intValue()).isEqualTo(3);
  }

  @Test
  void aPartOfACompressedBodyIsRefused() throws Exception {
    byte[] whole = gzip(incident(1));
    assertThat(gzipped("/v1/logs", "gzip", Arrays.copyOf(whole, whole.length / 2)).statusCode())
        .isEqualTo(400);
    assertThat(told()).isEmpty();
  }

  @Test
  void aSmallBodyThatDecompressesToALargeOneIsRefused() throws Exception {
    byte[] bomb = gzip(new byte[TelemetryIntake.MAX_DECOMPRESSED_BYTES + 1]);
    assertThat(bomb.length).isLessThan(100_000);
    HttpResponse<byte[]> response = gzipped("/v1/logs", "gzip", bomb);
    assertThat(response.statusCode()).isEqualTo(413);
    assertThat(json(response).path("message").textValue())
        .isEqualTo("the body has more than 33554432 bytes, the limit here");
  }

  @Test
  void aBodyThatIsTooLargeIsRefused() throws Exception {
    HttpResponse<byte[]> response =
        post("/v1/traces", PROTOBUF, new byte[HttpServer.MAX_BODY_BYTES + 1]);
    assertThat(response.statusCode()).isEqualTo(413);
    assertThat(response.headers().firstValue("content-type")).contains(PROTOBUF);
  }

  @Test
  void whatCannotBeRecordedMayBeSentAgainLater() throws Exception {
    collector.close();
    outlet.down(true);
    collector = start(new SpoolLimits(1, 1));
    HttpResponse<byte[]> response = post("/v1/logs", JSON, incident(1));
    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(response.headers().firstValue("retry-after")).contains("5");
    assertThat(json(response).path("code").intValue()).isEqualTo(14);
  }

  @Test
  void onlyPostIsServedAndNoWebPage() throws Exception {
    HttpResponse<byte[]> get =
        client.send(to("/v1/logs", JSON).GET().build(), BodyHandlers.ofByteArray());
    assertThat(get.statusCode()).isEqualTo(405);
    HttpResponse<byte[]> page =
        client.send(
            to("/v1/logs", JSON)
                .header("Origin", "http://evil.example")
                .POST(BodyPublishers.ofByteArray(log("")))
                .build(),
            BodyHandlers.ofByteArray());
    assertThat(page.statusCode()).isEqualTo(403);
    assertThat(told()).isEmpty();
  }

  @Test
  void nobodyButTheLogIsToldOfTelemetry() throws Exception {
    assertThat(post("/v1/logs", JSON, incident(1)).statusCode()).isEqualTo(200);
    assertThat(afterRecord).isEmpty();
  }
}
