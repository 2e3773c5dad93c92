package dev.custody.source.otlp;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import dev.custody.capture.BadInputException;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.ResourceLogs;
import io.opentelemetry.proto.logs.v1.ScopeLogs;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The records of one request, in one form for both encodings. */
final class Batch {
  /** Exporters send some hundreds at a time. */
  static final int MOST_RECORDS = 10_000;

  private static final int LONGEST_ID = 64;

  private final List<Telemetry> records = new ArrayList<>();
  private int refused;
  private @Nullable String why;

  private Batch() {}

  /**
   * The records of {@code body}.
   *
   * @throws BadInputException when it is no request of {@code signal}
   * @throws TooMuchException when it holds more than is looked at
   */
  static Batch read(Signal signal, Encoding encoding, byte[] body)
      throws BadInputException, TooMuchException {
    Message request =
        encoding == Encoding.JSON
            ? JsonRequest.read(body, signal.request())
            : ProtobufRequest.read(body, signal.request());
    Batch batch = new Batch();
    switch (request) {
      case ExportLogsServiceRequest logs -> batch.logs(logs);
      case ExportTraceServiceRequest traces -> batch.spans(traces);
      default -> {} // Metrics are checked, and not recorded.
    }
    return batch;
  }

  List<Telemetry> records() {
    return records;
  }

  /** How many are no records. */
  int refused() {
    return refused;
  }

  /** Why the first of them is none; null when all are. */
  @Nullable String why() {
    return why;
  }

  private void refuse(int count, RefusedRecordException e) {
    refused += count;
    why = why == null ? e.getMessage() : why;
  }

  private void logs(ExportLogsServiceRequest request) throws TooMuchException {
    requireFew(
        request.getResourceLogsList().stream()
            .flatMap(r -> r.getScopeLogsList().stream())
            .mapToLong(ScopeLogs::getLogRecordsCount)
            .sum());
    for (ResourceLogs resource : request.getResourceLogsList()) {
      for (ScopeLogs scope : resource.getScopeLogsList()) {
        try {
          Origin origin = Origin.of(resource.getResource()).in(scope.getScope());
          scope.getLogRecordsList().forEach(log -> add(() -> log(log, origin)));
        } catch (RefusedRecordException e) {
          refuse(scope.getLogRecordsCount(), e);
        }
      }
    }
  }

  private void spans(ExportTraceServiceRequest request) throws TooMuchException {
    requireFew(
        request.getResourceSpansList().stream()
            .flatMap(r -> r.getScopeSpansList().stream())
            .mapToLong(ScopeSpans::getSpansCount)
            .sum());
    for (ResourceSpans resource : request.getResourceSpansList()) {
      for (ScopeSpans scope : resource.getScopeSpansList()) {
        try {
          Origin origin = Origin.of(resource.getResource()).in(scope.getScope());
          scope.getSpansList().forEach(span -> add(() -> span(span, origin)));
        } catch (RefusedRecordException e) {
          refuse(scope.getSpansCount(), e);
        }
      }
    }
  }

  private static void requireFew(long records) throws TooMuchException {
    if (records > MOST_RECORDS) {
      throw new TooMuchException(
          "the request has more than " + MOST_RECORDS + " records, the limit here");
    }
  }

  @FunctionalInterface
  private interface Read {
    ObjectNode read() throws RefusedRecordException;
  }

  private void add(Read read) {
    try {
      records.add(new Telemetry(read.read()));
    } catch (RefusedRecordException e) {
      refuse(1, e);
    }
  }

  private static ObjectNode log(LogRecord log, Origin origin) throws RefusedRecordException {
    ObjectNode fields = JsonNodeFactory.instance.objectNode().put("signal", "log");
    ObjectNode attributes = Values.object(log.getAttributesList());
    // What some senders put in the field of that name is a place in their source.
    String named = attributes.path("event.name").asText();
    putText(fields, "name", named.isEmpty() ? log.getEventName() : named);
    long time = log.getTimeUnixNano() == 0 ? log.getObservedTimeUnixNano() : log.getTimeUnixNano();
    putTime(fields, "timeUnixNano", time);
    putText(fields, "severityText", log.getSeverityText());
    if (log.getSeverityNumberValue() != 0) {
      fields.put("severityNumber", log.getSeverityNumberValue());
    }
    putId(fields, "traceId", log.getTraceId());
    putId(fields, "spanId", log.getSpanId());
    if (log.hasBody() && log.getBody().getValueCase() != AnyValue.ValueCase.VALUE_NOT_SET) {
      fields.set("body", Values.of(log.getBody()));
    }
    return finish(fields, attributes, log.getDroppedAttributesCount(), origin);
  }

  private static ObjectNode span(Span span, Origin origin) throws RefusedRecordException {
    ObjectNode fields = JsonNodeFactory.instance.objectNode().put("signal", "span");
    putText(fields, "name", span.getName());
    putTime(fields, "startTimeUnixNano", span.getStartTimeUnixNano());
    putTime(fields, "timeUnixNano", span.getEndTimeUnixNano());
    putId(fields, "traceId", span.getTraceId());
    putId(fields, "spanId", span.getSpanId());
    putId(fields, "parentSpanId", span.getParentSpanId());
    if (new Telemetry(fields).trace() == null) {
      throw new RefusedRecordException("expected a span with a trace id and a span id, found none");
    }
    if (span.hasStatus() && span.getStatus().getCodeValue() != 0) {
      ObjectNode status = fields.putObject("status").put("code", span.getStatus().getCodeValue());
      putText(status, "message", span.getStatus().getMessage());
    }
    for (Span.Event event : span.getEventsList()) {
      ObjectNode told = fields.withArray("events").addObject();
      putText(told, "name", event.getName());
      putTime(told, "timeUnixNano", event.getTimeUnixNano());
      told.set("attributes", Values.object(event.getAttributesList()));
    }
    for (Span.Link link : span.getLinksList()) {
      ObjectNode told = fields.withArray("links").addObject();
      putId(told, "traceId", link.getTraceId());
      putId(told, "spanId", link.getSpanId());
    }
    return finish(
        fields, Values.object(span.getAttributesList()), span.getDroppedAttributesCount(), origin);
  }

  private static ObjectNode finish(
      ObjectNode fields, ObjectNode attributes, int dropped, Origin origin) {
    fields.set("attributes", attributes);
    if (dropped != 0) {
      fields.put("droppedAttributes", Integer.toUnsignedLong(dropped));
    }
    origin.addTo(fields);
    return fields;
  }

  private static void putText(ObjectNode in, String field, String text) {
    if (!text.isEmpty()) {
      in.put(field, text);
    }
  }

  private static void putTime(ObjectNode in, String field, long nanos)
      throws RefusedRecordException {
    if (nanos < 0) {
      throw new RefusedRecordException("expected a time before the year 2262, found a later one");
    }
    if (nanos > 0) {
      in.put(field, Long.toString(nanos));
    }
  }

  private static void putId(ObjectNode in, String field, ByteString id)
      throws RefusedRecordException {
    if (id.size() > LONGEST_ID) {
      throw new RefusedRecordException("expected ids of 8 and 16 bytes, found a long one");
    }
    if (!id.isEmpty()) {
      in.put(field, HexFormat.of().formatHex(id.toByteArray()));
    }
  }
}
