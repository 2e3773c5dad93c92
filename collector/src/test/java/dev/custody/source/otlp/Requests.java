package dev.custody.source.otlp;

import static java.nio.charset.StandardCharsets.UTF_8;

/** Requests made up, in JSON. */
final class Requests {
  static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  static final String SPAN = "b7ad6b7169203331";

  private Requests() {}

  /** One log record of {@code service} with these attributes. */
  static Recordings.Request log(String service, String attributes) {
    return logs(service, record(attributes));
  }

  static String record(String attributes) {
    return "{\"timeUnixNano\":\"1795330742852000000\",\"attributes\":[%s]}".formatted(attributes);
  }

  static Recordings.Request logs(String service, String records) {
    return json(
        Signal.LOGS,
        "{\"resourceLogs\":[{\"resource\":{\"attributes\":[%s]},\"scopeLogs\":[{\"logRecords\":[%s]}]}]}"
            .formatted(text("service.name", service), records));
  }

  /** One span of {@code service} with these attributes. */
  static Recordings.Request span(String service, String name, String attributes) {
    return spans(
        service,
        "{\"traceId\":\"%s\",\"spanId\":\"%s\",\"name\":\"%s\",\"startTimeUnixNano\":\"1795330742000000000\",\"endTimeUnixNano\":\"1795330742852000000\",\"attributes\":[%s]}"
            .formatted(TRACE, SPAN, name, attributes));
  }

  static Recordings.Request spans(String service, String spans) {
    return json(
        Signal.TRACES,
        "{\"resourceSpans\":[{\"resource\":{\"attributes\":[%s]},\"scopeSpans\":[{\"spans\":[%s]}]}]}"
            .formatted(text("service.name", service), spans));
  }

  static String text(String key, String value) {
    return "{\"key\":\"%s\",\"value\":{\"stringValue\":\"%s\"}}".formatted(key, value);
  }

  static Recordings.Request json(Signal signal, String body) {
    return new Recordings.Request("made up", signal, Encoding.JSON, body.getBytes(UTF_8));
  }

  static Recordings.Request protobuf(Signal signal, byte[] body) {
    return new Recordings.Request("made up", signal, Encoding.PROTOBUF, body);
  }
}
