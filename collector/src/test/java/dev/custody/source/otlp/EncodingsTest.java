package dev.custody.source.otlp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import dev.custody.event.Event;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.common.v1.KeyValueList;
import io.opentelemetry.proto.logs.v1.LogRecord;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Protobuf and JSON of one request become the same records. */
final class EncodingsTest {
  static final List<Recordings.Request> PROTOBUF = Recordings.PROTOBUF;
  static final List<String> RUNS = Recordings.JSON_RUNS;

  private static List<ObjectNode> records(Signal signal, Encoding encoding, byte[] body)
      throws Exception {
    return Batch.read(signal, encoding, body).records().stream().map(Telemetry::fields).toList();
  }

  @ParameterizedTest
  @FieldSource("PROTOBUF")
  void whatAnAgentSentInProtobufReadsTheSameInJson(Recordings.Request sent) throws Exception {
    Message request = sent.signal().request().getParserForType().parseFrom(sent.body());
    for (Numbers numbers : Numbers.values()) {
      byte[] json = json(request, numbers).toString().getBytes(UTF_8);
      assertThat(records(sent.signal(), Encoding.JSON, json))
          .isEqualTo(records(sent.signal(), Encoding.PROTOBUF, sent.body()));
    }
  }

  @ParameterizedTest
  @FieldSource("RUNS")
  void whatAnAgentSentInJsonReadsTheSameInProtobuf(String run) throws Exception {
    for (Recordings.Request sent : Recordings.of(run)) {
      byte[] protobuf = JsonRequest.read(sent.body(), sent.signal().request()).toByteArray();
      assertThat(records(sent.signal(), Encoding.PROTOBUF, protobuf))
          .isEqualTo(records(sent.signal(), Encoding.JSON, sent.body()));
    }
  }

  @ParameterizedTest
  @FieldSource("PROTOBUF")
  void whatAnAgentSentInProtobufIsTakenWhole(Recordings.Request sent) throws Exception {
    Intake intake = new Intake();
    OtlpReceiver.Taken taken = intake.take(sent);
    assertThat(taken.refused()).isZero();
    assertThat(taken.recorded() > 0).isEqualTo(sent.signal() != Signal.METRICS);
    assertThat(intake.events).allMatch(e -> !e.source().kind().equals("otlp"));
  }

  @Test
  void aRequestInTheOtherEncodingIsARepeat() throws Exception {
    Recordings.Request sent = Recordings.PROTOBUF.get(1);
    Message request = sent.signal().request().getParserForType().parseFrom(sent.body());
    Intake intake = new Intake();
    OtlpReceiver.Taken first = intake.take(sent);
    OtlpReceiver.Taken again =
        intake.take(Requests.json(sent.signal(), json(request, Numbers.AS_TEXT).toString()));
    assertThat(again.recorded()).isZero();
    assertThat(again.repeated()).isEqualTo(first.recorded());
  }

  @Test
  void everyKindOfValueIsTheSameInBoth() throws Exception {
    ExportLogsServiceRequest.Builder request = ExportLogsServiceRequest.newBuilder();
    LogRecord.Builder log =
        request
            .addResourceLogsBuilder()
            .addScopeLogsBuilder()
            .addLogRecordsBuilder()
            .setTimeUnixNano(Long.MAX_VALUE);
    Map<String, AnyValue> values =
        Map.of(
            "past2^53", AnyValue.newBuilder().setIntValue((1L << 53) + 1).build(),
            "least", AnyValue.newBuilder().setIntValue(Long.MIN_VALUE).build(),
            "nan", AnyValue.newBuilder().setDoubleValue(Double.NaN).build(),
            "endless", AnyValue.newBuilder().setDoubleValue(Double.NEGATIVE_INFINITY).build(),
            "tiny", AnyValue.newBuilder().setDoubleValue(Double.MIN_VALUE).build(),
            "bytes",
                AnyValue.newBuilder()
                    .setBytesValue(ByteString.copyFrom(new byte[] {-1, 0}))
                    .build(),
            "nothing", AnyValue.getDefaultInstance(),
            "text", AnyValue.newBuilder().setStringValue("\u0000\ud83d\ude00").build(),
            "map",
                AnyValue.newBuilder()
                    .setKvlistValue(
                        KeyValueList.newBuilder()
                            .addValues(
                                KeyValue.newBuilder()
                                    .setKey("")
                                    .setValue(AnyValue.getDefaultInstance())))
                    .build());
    values.forEach((key, value) -> log.addAttributesBuilder().setKey(key).setValue(value));
    byte[] protobuf = request.build().toByteArray();
    List<ObjectNode> read = records(Signal.LOGS, Encoding.PROTOBUF, protobuf);
    assertThat(read.getFirst().path("attributes").path("past2^53").longValue())
        .isEqualTo(9007199254740993L);
    assertThat(read.getFirst().path("attributes").path("nan").textValue()).isEqualTo("NaN");
    for (Numbers numbers : Numbers.values()) {
      byte[] json = json(request.build(), numbers).toString().getBytes(UTF_8);
      assertThat(records(Signal.LOGS, Encoding.JSON, json)).isEqualTo(read);
    }
  }

  /** How a writer of JSON puts 64-bit integers. */
  private enum Numbers {
    AS_TEXT,
    AS_NUMBER
  }

  /** A writer of OTLP's JSON that shares nothing with the reader. */
  private static ObjectNode json(Message message, Numbers numbers) {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    message
        .getAllFields()
        .forEach((field, value) -> {
          if (field.isRepeated()) {
            for (Object element : (List<?>) value) {
              put(object.withArray("/" + field.getJsonName()).addObject(), field, element, numbers);
            }
            flatten(object, field);
          } else {
            put(object, field, value, numbers);
          }
        });
    return object;
  }

  // Elements were wrapped as {name: element}; only the element stays.
  private static void flatten(ObjectNode object, FieldDescriptor field) {
    var wrapped = object.get(field.getJsonName());
    var plain = JsonNodeFactory.instance.arrayNode();
    wrapped.forEach(element -> plain.add(element.get(field.getJsonName())));
    object.set(field.getJsonName(), plain);
  }

  private static final Set<String> IDS = Set.of("traceId", "spanId", "parentSpanId");

  private static void put(ObjectNode object, FieldDescriptor field, Object value, Numbers numbers) {
    String name = field.getJsonName();
    switch (value) {
      case Message inner -> object.set(name, json(inner, numbers));
      case String text -> object.put(name, text);
      case Boolean truth -> object.put(name, truth);
      case ByteString bytes ->
          object.put(
              name,
              IDS.contains(name)
                  ? HexFormat.of().withUpperCase().formatHex(bytes.toByteArray())
                  : Base64.getEncoder().encodeToString(bytes.toByteArray()));
      case Long number when numbers == Numbers.AS_TEXT ->
          object.put(
              name,
              field.getType() == FieldDescriptor.Type.FIXED64
                  ? Long.toUnsignedString(number)
                  : Long.toString(number));
      case Long number -> object.put(name, number);
      case Integer number -> object.put(name, Integer.toUnsignedLong(number));
      case EnumValueDescriptor constant -> object.put(name, constant.getNumber());
      case Double number when Double.isFinite(number) -> object.put(name, number);
      case Double number -> object.put(name, number.toString());
      default -> throw new IllegalStateException(name + " is " + value.getClass());
    }
  }

  @Test
  void namesThatNobodyKnowsAreIgnored() throws Exception {
    Intake intake = new Intake();
    OtlpReceiver.Taken taken =
        intake.take(
            Requests.json(
                Signal.LOGS,
                "{\"future\":[1,{\"a\":null}],\"resourceLogs\":[{\"resource\":{\"attributes\":["
                    + Requests.text("service.name", "opencode")
                    + "]},\"scopeLogs\":[{\"logRecords\":[{\"new\":{},\"body\":{\"stringValue\":\"x\"}}]}]}]}"));
    assertThat(taken.recorded()).isEqualTo(1);
    Event event = intake.events.getFirst();
    assertThat(event.content().utf8()).doesNotContain("future").doesNotContain("new");
  }
}
