package dev.custody.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.custody.event.Body;
import dev.custody.event.Event;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.logs.v1.ResourceLogs;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What is wrong with a body is the same wherever it is sent: to hooks, to telemetry, to an import,
 * over real sockets. It is refused, nothing of it is recorded, and the next one is taken.
 */
final class BadBodiesTest {
  private static final String SECRET = "hunter2-of-the-sender";
  private static final String PROTOBUF = "application/x-protobuf";

  /** Where bodies go, and in which form. */
  enum Intake {
    HOOKS("/hooks/claude-code", "application/json") {
      @Override
      String good(String text) {
        return "{\"session_id\":\"s-1\",\"hook_event_name\":\"Notification\",\"message\":%s}"
            .formatted(text);
      }
    },
    TELEMETRY("/v1/logs", "application/json") {
      @Override
      String good(String text) {
        return """
        {"resourceLogs":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"claude-code"}}]},\
        "scopeLogs":[{"logRecords":[{"timeUnixNano":"1795330742852000000","attributes":[{"key":"event.name",\
        "value":{"stringValue":"user_prompt"}},{"key":"prompt","value":{"stringValue":%s}}]}]}]}]}\
        """
            .formatted(text);
      }
    },
    IMPORT("/import/cloudtrail", "application/x-ndjson") {
      @Override
      String good(String text) {
        return """
        {"eventID":"11111111-2222-3333-4444-555555555555","eventTime":"2026-11-22T05:46:24Z","eventName":"ListBuckets",\
        "eventSource":"s3.amazonaws.com","awsRegion":"eu-west-1","requestParameters":{"note":%s}}\
        """
            .formatted(text);
      }
    };

    private final String path;
    private final String type;

    Intake(String path, String type) {
      this.path = path;
      this.type = type;
    }

    /** A body that is taken, with {@code text}, which is JSON, somewhere in it. */
    abstract String good(String text);
  }

  @TempDir Path directory;

  private EveryIntake collector;

  @BeforeEach
  void start() throws Exception {
    collector = new EveryIntake(directory);
  }

  @AfterEach
  void stop() {
    collector.close();
  }

  /** What was answered. */
  private record Answer(int status, String body) {}

  private Answer send(Intake to, String headers, byte[] body) throws IOException {
    return send(to.path, headers, body);
  }

  private Answer send(String path, String headers, byte[] body) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), collector.port())) {
      socket.setSoTimeout(30_000);
      OutputStream out = socket.getOutputStream();
      try {
        out.write(
            "POST %s HTTP/1.1\r\n%s%sContent-Length: %d\r\nConnection: close\r\n\r\n"
                .formatted(path, collector.admission(path), headers, body.length)
                .getBytes(ISO_8859_1));
        out.write(body);
        out.flush();
      } catch (SocketException e) {
        // Refused before all was sent; the answer is there to be read.
      }
      String all = new String(socket.getInputStream().readAllBytes(), UTF_8);
      assertThat(all).startsWith("HTTP/1.1 ");
      return new Answer(
          Integer.parseInt(all.substring(9, 12)), all.substring(all.indexOf("\r\n\r\n") + 4));
    }
  }

  private static String ours(String type) {
    return "Host: localhost\r\nContent-Type: " + type + "\r\n";
  }

  private Answer send(Intake to, byte[] body) throws IOException {
    return send(to, ours(to.type), body);
  }

  private Answer send(Intake to, String body) throws IOException {
    return send(to, body.getBytes(UTF_8));
  }

  private static String words(int bytes) {
    return "\"" + "words of a log. ".repeat(bytes / 16) + "\"";
  }

  private List<Event> recorded() throws Exception {
    return collector.recorded();
  }

  /**
   * Refused with {@code status}: an import refuses its line, and answers for the others. Nothing of
   * the body is repeated or recorded, and a good one is taken.
   */
  private void assertRefused(Intake to, Answer answer, int status) throws Exception {
    if (to == Intake.IMPORT && status == 400) {
      assertThat(answer.status()).as(answer.body()).isEqualTo(200);
      assertThat(answer.body()).contains("\"recorded\":0,\"repeated\":0,\"refused\":[{\"line\":");
    } else {
      assertThat(answer.status()).as(answer.body()).isEqualTo(status);
    }
    assertThat(answer.body()).doesNotContain(SECRET, "Exception", "com.fasterxml");
    assertThat(recorded()).isEmpty();
    assertThat(send(to, to.good("\"well\"")).status()).isEqualTo(200);
    assertThat(recorded()).hasSize(1);
  }

  @ParameterizedTest
  @EnumSource
  void sixHundredKilobytesPassWhole(Intake to) throws Exception {
    Answer answer = send(to, to.good(words(600_000)));
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    Event event = recorded().getFirst();
    assertThat(event.contentOmitted()).isZero();
    assertThat(event.content().size()).isGreaterThan(600_000);
  }

  @Test
  void sixHundredKilobytesOfProtobufPassPlainAndCompressed() throws Exception {
    for (boolean compressed : List.of(false, true)) {
      byte[] body = protobuf("words of a log. ".repeat(600_000 / 16), compressed ? 2 : 1);
      Answer answer =
          send(
              Intake.TELEMETRY,
              ours(PROTOBUF) + (compressed ? "Content-Encoding: gzip\r\n" : ""),
              compressed ? gzip(body) : body);
      assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    }
    assertThat(recorded())
        .hasSize(2)
        .allSatisfy(e -> assertThat(e.content().size()).isGreaterThan(600_000));
  }

  private static byte[] protobuf(String prompt, long time) {
    ExportLogsServiceRequest.Builder request = ExportLogsServiceRequest.newBuilder();
    ResourceLogs.Builder resource = request.addResourceLogsBuilder();
    resource
        .getResourceBuilder()
        .addAttributesBuilder()
        .setKey("service.name")
        .setValue(AnyValue.newBuilder().setStringValue("claude-code"));
    resource
        .addScopeLogsBuilder()
        .addLogRecordsBuilder()
        .setTimeUnixNano(time)
        .setEventName("user_prompt")
        .addAttributesBuilder()
        .setKey("prompt")
        .setValue(AnyValue.newBuilder().setStringValue(prompt));
    return request.build().toByteArray();
  }

  private static byte[] gzip(byte[] plain) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(plain);
    }
    return bytes.toByteArray();
  }

  @ParameterizedTest
  @CsvSource({
    "HOOKS,text/plain",
    "HOOKS,application/x-www-form-urlencoded",
    "HOOKS,multipart/form-data; boundary=x",
    "HOOKS,application/jsonp",
    "HOOKS,application/x-protobuf",
    "TELEMETRY,text/plain",
    "TELEMETRY,application/x-www-form-urlencoded",
    "TELEMETRY,application/grpc",
    "IMPORT,text/plain",
    "IMPORT,application/x-www-form-urlencoded",
    "IMPORT,application/gzip",
  })
  void anotherContentTypeIsRefused(Intake to, String type) throws Exception {
    Answer answer = send(to, ours(type), to.good("\"" + SECRET + "\"").getBytes(UTF_8));
    assertThat(answer.body()).contains("expected Content-Type application/");
    assertRefused(to, answer, 415);
  }

  @ParameterizedTest
  @EnumSource
  void aTypeWithParametersIsThatType(Intake to) throws Exception {
    String type = to.type.toUpperCase(java.util.Locale.ROOT) + " ; charset=utf-8";
    assertThat(send(to, ours(type), to.good("\"x\"").getBytes(UTF_8)).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @EnumSource
  void protobufWhereJsonIsSaidIsRefused(Intake to) throws Exception {
    assertRefused(to, send(to, protobuf(SECRET, 1)), 400);
  }

  @ParameterizedTest
  @ValueSource(strings = {SECRET, "{\"resourceLogs\":[]}", "\u00ff\u00ff\u00ff\u00ff"})
  void whatIsNoProtobufIsRefused(String body) throws Exception {
    Answer answer = send(Intake.TELEMETRY, ours(PROTOBUF), body.getBytes(ISO_8859_1));
    assertThat(answer.body()).contains("body: expected an OTLP request in protobuf");
    assertRefused(Intake.TELEMETRY, answer, 400);
  }

  @Test
  void protobufThatIsCutOffAnywhereIsRefusedOrOfNoRecord() throws Exception {
    byte[] whole = protobuf(SECRET, 1);
    for (int length = 1; length < whole.length; length += 7) {
      Answer answer = send(Intake.TELEMETRY, ours(PROTOBUF), Arrays.copyOf(whole, length));
      assertThat(answer.status()).as("cut to %d", length).isEqualTo(400);
    }
    assertThat(recorded()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void aBombIsRefused(Intake to) throws Exception {
    // A thousand times as large as it was sent.
    byte[] bomb = gzip(new byte[TelemetryIntake.MAX_DECOMPRESSED_BYTES * 2]);
    assertThat(bomb.length).isLessThan(100_000);
    Answer answer = send(to, ours(to.type) + "Content-Encoding: gzip\r\n", bomb);
    assertRefused(to, answer, to == Intake.TELEMETRY ? 413 : 415);
  }

  @ParameterizedTest
  @CsvSource({"HOOKS,[,]", "TELEMETRY,[,]", "IMPORT,[,]", "HOOKS,{\"a\":,}", "IMPORT,{\"a\":,}"})
  void nestingWithoutEndIsRefused(Intake to, String open, String close) throws Exception {
    String deep = open.repeat(200_000) + "1" + close.repeat(200_000);
    assertRefused(to, send(to, to.good(deep)), 400);
    assertThat(send(to, open.repeat(1_000_000)).status())
        .as("and where nothing is ever closed")
        .isEqualTo(to == Intake.IMPORT ? 200 : 400);
    assertThat(recorded()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    "HOOKS,ff", "HOOKS,c080", "HOOKS,eda080", "HOOKS,f4908080", "HOOKS,e282",
    "TELEMETRY,ff", "TELEMETRY,c080", "TELEMETRY,eda080", "TELEMETRY,f4908080", "TELEMETRY,e282",
    "IMPORT,ff", "IMPORT,c080", "IMPORT,eda080", "IMPORT,f4908080", "IMPORT,e282"
  })
  void bytesThatAreNoUtf8AreRefused(Intake to, String hex) throws Exception {
    String[] halves = to.good("\"" + SECRET + "|\"").split("\\|");
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.write(halves[0].getBytes(UTF_8));
    body.write(java.util.HexFormat.of().parseHex(hex));
    body.write(halves[1].getBytes(UTF_8));
    assertRefused(to, send(to, body.toByteArray()), 400);
  }

  @ParameterizedTest
  @EnumSource
  void aNameThatStandsTwiceIsRefusedAtTheTopAndInside(Intake to) throws Exception {
    String good = to.good("\"x\"");
    String name = good.substring(0, good.indexOf(':') + 1);
    assertThat(send(to, name + "\"" + SECRET + "\"," + good.substring(1)).body())
        .containsPattern("expected each name once in an object|a key stands twice in one object");
    assertRefused(to, send(to, to.good("{\"a\":1,\"a\":\"" + SECRET + "\"}")), 400);
  }

  @ParameterizedTest
  @CsvSource({
    "HOOKS,9007199254740993",
    "HOOKS,-9007199254740993",
    "HOOKS,9223372036854775807",
    "HOOKS,9223372036854775808",
    "HOOKS,123456789012345678901234567890123456789",
    "HOOKS,0.1234567890123456789012345",
    "IMPORT,9007199254740993",
    "IMPORT,9223372036854775808",
    "IMPORT,123456789012345678901234567890123456789",
  })
  void aNumberBeyond53BitsIsKeptDigitForDigit(Intake to, String number) throws Exception {
    Answer answer = send(to, to.good(number));
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    assertThat(recorded().getFirst().content().utf8()).contains(":" + number + "}");
  }

  @ParameterizedTest
  @CsvSource({
    "9007199254740993,true",
    "-9007199254740993,true",
    "9223372036854775807,true",
    "9223372036854775808,false",
    "123456789012345678901234567890123456789,false"
  })
  void anIntegerOfTelemetryIsKeptDigitForDigitOrRefused(String number, boolean taken)
      throws Exception {
    for (String form : List.of(number, '"' + number + '"')) {
      String body =
          Intake.TELEMETRY
              .good("\"x\"")
              .replace("{\"stringValue\":\"x\"}", "{\"intValue\":" + form + "}");
      Answer answer = send(Intake.TELEMETRY, body);
      assertThat(answer.status()).as(answer.body()).isEqualTo(taken ? 200 : 400);
    }
    if (taken) {
      assertThat(recorded()).allSatisfy(e -> assertThat(e.content().utf8()).contains(":" + number));
    } else {
      assertThat(recorded()).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "Host: localhost,Origin: http://localhost",
    "Host: localhost,Origin: null",
    "Host: localhost,Origin: https://evil.example",
    "Host: localhost,Origin:",
    "Host: evil.example,X-Other: 1",
    "Host: evil.example:4319,X-Other: 1",
    "Host: localhost.evil.example,X-Other: 1",
    "Host: 127.0.0.1.evil.example,X-Other: 1",
    "Host: 2130706433,X-Other: 1",
    "Host: 0.0.0.0,X-Other: 1",
  })
  void whatABrowserCanBeLuredIntoIsRefusedEverywhere(String host, String other) throws Exception {
    for (Intake to : Intake.values()) {
      String headers = "%s\r\n%s\r\nContent-Type: %s\r\n".formatted(host, other, to.type);
      Answer answer = send(to, headers, to.good("\"" + SECRET + "\"").getBytes(UTF_8));
      assertThat(answer.status()).as("%s at %s: %s", host, to, answer.body()).isEqualTo(403);
    }
    // Asking beforehand gets no leave either.
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), collector.port())) {
      socket
          .getOutputStream()
          .write(
              "OPTIONS /hooks/claude-code HTTP/1.1\r\nHost: localhost\r\nOrigin: http://evil.example\r\nAccess-Control-Request-Method: POST\r\nConnection: close\r\n\r\n"
                  .getBytes(UTF_8));
      assertThat(new String(socket.getInputStream().readAllBytes(), UTF_8))
          .startsWith("HTTP/1.1 403")
          .doesNotContainIgnoringCase("access-control-allow");
    }
    assertThat(recorded()).isEmpty();
  }

  @Test
  void goodBodiesAreOfTheKindsThatTheyClaim() throws Exception {
    for (Intake to : Intake.values()) {
      assertThat(send(to, to.good("\"x\"")).status()).isEqualTo(200);
    }
    assertThat(recorded())
        .extracting(e -> e.body().getClass().getSimpleName())
        .containsExactly(
            Body.Observed.class.getSimpleName(),
            Body.PromptSubmitted.class.getSimpleName(),
            Body.CloudCall.class.getSimpleName());
    assertThat(
            new ObjectMapper()
                .readTree(recorded().getFirst().content().toByteArray())
                .path("message")
                .asText())
        .isEqualTo("x");
  }
}
