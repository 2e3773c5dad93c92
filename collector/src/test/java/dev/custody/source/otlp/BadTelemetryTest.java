package dev.custody.source.otlp;

import static dev.custody.source.otlp.Requests.text;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.CodedOutputStream;
import dev.custody.capture.BadInputException;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.ArrayValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.ResourceLogs;
import io.opentelemetry.proto.logs.v1.ScopeLogs;
import java.io.ByteArrayOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is no telemetry is refused, in words of ours. */
final class BadTelemetryTest {
  private static final String SECRET = "hunter2-of-the-sender";

  private final Intake intake = new Intake();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "[] | body: expected a JSON object, found array",
        "{\"resourceLogs\":[{}],\"resourceLogs\":[]} | body: expected each name once in an object, found one twice, at line 1, column 36",
        "{\"resourceLogs\":{}} | ExportLogsServiceRequest.resourceLogs: expected an array, found object",
        "{\"resourceLogs\":[\"hunter2-of-the-sender\"]} | ExportLogsServiceRequest.resourceLogs: expected an object, found another string",
        "{\"resourceLogs\":[{\"scopeLogs\":[{\"logRecords\":[{\"timeUnixNano\":\"hunter2-of-the-sender\"}]}]}]} | LogRecord.timeUnixNano: expected an integer, found another string",
        "{\"resourceLogs\":[{\"scopeLogs\":[{\"logRecords\":[{\"timeUnixNano\":\"18446744073709551616\"}]}]}]} | LogRecord.timeUnixNano: expected an integer of 64 bits, found another string",
        "{\"resourceLogs\":[{\"scopeLogs\":[{\"logRecords\":[{\"timeUnixNano\":-1}]}]}]} | LogRecord.timeUnixNano: expected an integer of 64 bits, found another number",
        "{\"resourceLogs\":[{\"scopeLogs\":[{\"logRecords\":[{\"timeUnixNano\":1.5}]}]}]} | LogRecord.timeUnixNano: expected an integer, found another number",
        "{\"resourceLogs\":[{\"scopeLogs\":[{\"logRecords\":[{\"traceId\":\"hunter2-of-the-sender\"}]}]}]} | LogRecord.traceId: expected hexadecimal digits, found another string",
        "{\"resourceLogs\":[{\"scopeLogs\":[{\"logRecords\":[{\"body\":{\"intValue\":\"9223372036854775808\"}}]}]}]} | AnyValue.intValue: expected an integer of 64 bits, found another string",
        "{\"resourceLogs\":[{\"scopeLogs\":[{\"logRecords\":[{\"body\":{\"intValue\":1,\"boolValue\":true}}]}]}]} | AnyValue.intValue: expected one value, found another number",
        "{\"resourceLogs\":[{\"scopeLogs\":[{\"logRecords\":[{\"body\":{\"bytesValue\":\"*\"}}]}]}]} | AnyValue.bytesValue: expected base64, found another string",
        "{\"resourceLogs\":[{\"scopeLogs\":[{\"logRecords\":[{\"body\":{\"doubleValue\":\"0x1p3\"}}]}]}]} | AnyValue.doubleValue: expected a number, found another string",
        "{\"resourceLogs\":[{\"scopeLogs\":[{\"logRecords\":[{\"body\":{\"boolValue\":\"true\"}}]}]}]} | AnyValue.boolValue: expected true or false, found another string",
      })
  void aBodyOfAnotherFormIsRefusedAndItsPlaceNamed(String body, String why) {
    assertThatThrownBy(() -> intake.take(Requests.json(Signal.LOGS, body.strip())))
        .isInstanceOf(BadInputException.class)
        .hasMessage(why.strip())
        .message()
        .doesNotContain(SECRET);
    assertThat(intake.events).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "{\"resourceLogs\":[", "nul", "{} {}"})
  void aBodyThatIsNoJsonIsRefused(String body) {
    assertThatThrownBy(() -> intake.take(Requests.json(Signal.LOGS, body)))
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith("body: expected ");
  }

  @Test
  void aBodyThatIsNotUtf8IsRefused() {
    byte[] body = "{\"resourceLogs\":[{\"schemaUrl\":\"\u00ff\"}]}".getBytes(ISO_8859_1);
    assertThatThrownBy(
            () -> intake.take(new Recordings.Request("bytes", Signal.LOGS, Encoding.JSON, body)))
        .isInstanceOf(BadInputException.class);
  }

  @Test
  void aTextInProtobufThatIsNotUtf8IsRefused() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    // resource_logs { schema_url: FF }
    out.writeByteArray(1, new byte[] {0x1a, 1, (byte) 0xff});
    out.flush();
    assertThatThrownBy(() -> intake.take(Requests.protobuf(Signal.LOGS, bytes.toByteArray())))
        .isInstanceOf(BadInputException.class)
        .hasMessage("body: expected an OTLP request in protobuf, found other bytes");
  }

  @ParameterizedTest
  @ValueSource(strings = {"hunter2-of-the-sender", "{\"resourceLogs\":[]}", "\n", "\u0000"})
  void bytesThatAreNoProtobufAreRefused(String body) {
    assertThatThrownBy(() -> intake.take(Requests.protobuf(Signal.LOGS, body.getBytes(UTF_8))))
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith("body: expected an OTLP request in protobuf")
        .message()
        .doesNotContain(SECRET);
  }

  @Test
  void aRequestOfAnotherSignalHoldsNoRecords() throws Exception {
    byte[] traces = Recordings.PROTOBUF.get(2).body();
    // The same numbers of fields carry other things: either it is refused, or nothing is in it.
    try {
      assertThat(intake.take(Requests.protobuf(Signal.METRICS, traces)).recorded()).isZero();
    } catch (BadInputException e) {
      assertThat(e).hasMessageStartingWith("body: expected an OTLP request in protobuf");
    }
  }

  private static AnyValue nested(int depth) {
    AnyValue value = AnyValue.newBuilder().setStringValue("x").build();
    for (int i = 0; i < depth; i++) {
      value = AnyValue.newBuilder().setArrayValue(ArrayValue.newBuilder().addValues(value)).build();
    }
    return value;
  }

  private static ExportLogsServiceRequest.Builder withBody(AnyValue body) {
    ExportLogsServiceRequest.Builder request = ExportLogsServiceRequest.newBuilder();
    ResourceLogs.Builder resource = request.addResourceLogsBuilder();
    resource
        .getResourceBuilder()
        .addAttributesBuilder()
        .setKey("service.name")
        .setValue(AnyValue.newBuilder().setStringValue("opencode"));
    ScopeLogs.Builder scope = resource.addScopeLogsBuilder();
    scope.addLogRecordsBuilder().setTimeUnixNano(1).setBody(body);
    scope
        .addLogRecordsBuilder()
        .setTimeUnixNano(2)
        .setBody(AnyValue.newBuilder().setStringValue("well"));
    return request;
  }

  @Test
  void aValueThatIsNestedTooDeepIsRefusedAndTheOthersGoOn() throws Exception {
    OtlpReceiver.Taken taken =
        intake.take(
            Requests.protobuf(
                Signal.LOGS, withBody(nested(Values.DEEPEST + 1)).build().toByteArray()));
    assertThat(taken.recorded()).isEqualTo(1);
    assertThat(taken.refused()).isEqualTo(1);
    assertThat(taken.why()).isEqualTo("expected values nested at most 8 deep, found a deeper one");
    OtlpReceiver.Taken fits =
        intake.take(
            Requests.protobuf(Signal.LOGS, withBody(nested(Values.DEEPEST)).build().toByteArray()));
    assertThat(fits.refused()).isZero();
  }

  @Test
  void endlessNestingIsRefusedBeforeAnythingIsBuilt() {
    byte[] deep = withBody(nested(200)).build().toByteArray();
    assertThatThrownBy(() -> intake.take(Requests.protobuf(Signal.LOGS, deep)))
        .isInstanceOf(TooMuchException.class)
        .hasMessage("messages are nested deeper than 64, the limit here");
    assertThatThrownBy(() ->
            intake.take(
                Requests.json(
                    Signal.LOGS, "{\"x\":" + "[".repeat(5_000) + "]".repeat(5_000) + "}")))
        .isInstanceOf(BadInputException.class);
  }

  @Test
  void manyMessagesOfTwoBytesAreRefusedBeforeAnyIsBuilt() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int i = 0; i <= ProtobufRequest.MOST_MESSAGES; i++) {
      bytes.write(new byte[] {0x0a, 0});
    }
    assertThatThrownBy(() -> intake.take(Requests.protobuf(Signal.LOGS, bytes.toByteArray())))
        .isInstanceOf(TooMuchException.class)
        .hasMessage("the request has more than 200000 messages, the limit here");
    String records = "{},".repeat(JsonRequest.MOST_TOKENS / 2);
    assertThatThrownBy(() -> intake.take(Requests.json(Signal.LOGS, "{\"x\":[" + records + "{}]}")))
        .isInstanceOf(TooMuchException.class)
        .hasMessage("the request has more than 500000 JSON tokens, the limit here");
  }

  @Test
  void manyRecordsAreRefused() {
    ExportLogsServiceRequest.Builder request = ExportLogsServiceRequest.newBuilder();
    ScopeLogs.Builder scope = request.addResourceLogsBuilder().addScopeLogsBuilder();
    for (int i = 0; i <= Batch.MOST_RECORDS; i++) {
      scope.addLogRecords(LogRecord.getDefaultInstance());
    }
    assertThatThrownBy(
            () -> intake.take(Requests.protobuf(Signal.LOGS, request.build().toByteArray())))
        .isInstanceOf(TooMuchException.class)
        .hasMessage("the request has more than 10000 records, the limit here");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"name\":\"x\"}",
        "{\"traceId\":\"00000000000000000000000000000000\",\"spanId\":\"b7ad6b7169203331\"}",
        "{\"traceId\":\"0af7651916cd43dd8448eb211c80319c\",\"spanId\":\"b7\"}"
      })
  void aSpanWithoutItsIdsIsRefused(String span) throws Exception {
    OtlpReceiver.Taken taken = intake.take(Requests.spans("opencode", span));
    assertThat(taken.refused()).isEqualTo(1);
    assertThat(taken.why()).isEqualTo("expected a span with a trace id and a span id, found none");
  }

  @Test
  void aTimeThatNoClockTellsIsRefused() throws Exception {
    OtlpReceiver.Taken taken =
        intake.take(Requests.logs("opencode", "{\"timeUnixNano\":\"18446744073709551615\"}"));
    assertThat(taken.why()).isEqualTo("expected a time before the year 2262, found a later one");
  }

  @Test
  void anAttributeThatStandsTwiceKeepsBothValuesAndDecidesNothing() throws Exception {
    OtlpReceiver.Taken taken =
        intake.take(
            Requests.log(
                "claude-code", text("session.id", "one") + "," + text("session.id", "two")));
    assertThat(taken.recorded()).isEqualTo(1);
    assertThat(intake.events.getFirst().session()).isNull();
    assertThat(intake.events.getFirst().content().utf8())
        .contains("\"session.id\":[\"one\",\"two\"]");
  }

  @Test
  void aResourceIsKeptShortForItIsRecordedWithEveryRecord() throws Exception {
    StringBuilder attributes = new StringBuilder(text("service.name", "opencode"));
    for (int i = 0; i < 100; i++) {
      attributes.append(',').append(text("a" + i, "x".repeat(3_000)));
    }
    OtlpReceiver.Taken taken =
        intake.take(
            Requests.json(
                Signal.LOGS,
                "{\"resourceLogs\":[{\"resource\":{\"attributes\":[%s]},\"scopeLogs\":[{\"logRecords\":[{\"timeUnixNano\":1}]}]}]}"
                    .formatted(attributes)));
    assertThat(taken.recorded()).isEqualTo(1);
    assertThat(intake.events.getFirst().content().size()).isLessThan(20_000);
    assertThat(intake.events.getFirst().content().utf8())
        .contains("…[952 characters omitted]", "…omitted");
  }

  @Test
  void whatIsNoIdentifierIsNotTakenForOne() throws Exception {
    OtlpReceiver.Taken taken =
        intake.take(
            Requests.log(
                "claude-code",
                text("session.id", "with space")
                    + ","
                    + text("tool_use_id", "x".repeat(300))
                    + ","
                    + text("event.name", "tool_result")));
    assertThat(taken.recorded()).isEqualTo(1);
    assertThat(intake.events.getFirst().session()).isNull();
    assertThat(intake.events.getFirst().toolCall()).isNull();
  }

  @Test
  void aSecretInAKeyOrAResourceIsReplacedAsWell() throws Exception {
    String key = "sk_live_" + "4eC39HqLyjWDarjtT1zdp7dc";
    OtlpReceiver.Taken taken =
        intake.take(
            Requests.log(
                "claude-code",
                text("session.id", "s") + "," + text(key, "v") + "," + text("v", key)));
    assertThat(taken.recorded()).isGreaterThan(1);
    assertThat(intake.events.getFirst().content().utf8()).doesNotContain(key);
    assertThat(intake.events.getFirst().redactions()).hasSize(2);
  }

  @Test
  void anEmptyRequestIsTaken() throws Exception {
    for (Signal signal : Signal.values()) {
      assertThat(intake.take(Requests.protobuf(signal, new byte[0])).refused()).isZero();
      assertThat(intake.take(Requests.json(signal, "{}")).refused()).isZero();
    }
    assertThat(intake.events).isEmpty();
  }
}
