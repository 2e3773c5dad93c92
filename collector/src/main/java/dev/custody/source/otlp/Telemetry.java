package dev.custody.source.otlp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.custody.capture.BadInputException;
import dev.custody.event.TraceContext;
import dev.custody.sighting.StrictJson;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One log record or span, whichever way it was encoded. What should be a text and is none counts as
 * absent.
 *
 * @param fields all that was sent: {@code signal}, {@code name}, {@code attributes}, {@code
 *     resource}, {@code scope}, ids and times; recorded as content once it is redacted
 */
record Telemetry(ObjectNode fields) {
  /** Longest identifier or name. */
  static final int LONGEST_NAME = 256;

  /** Longest text inside a record that is read as JSON. */
  private static final int LONGEST_INNER = 1 << 20;

  private static final long NANOS = 1_000_000_000L;
  private static final Pattern TRACE_ID = Pattern.compile("(?!0{32})[0-9a-f]{32}");
  private static final Pattern SPAN_ID = Pattern.compile("(?!0{16})[0-9a-f]{16}");
  private static final Pattern DIGITS = Pattern.compile("[0-9]{1,18}");

  boolean isSpan() {
    return fields.path("signal").asText().equals("span");
  }

  /** The event's or the span's name; {@code log} where a log record has none. */
  String name() {
    String name = fields.path("name").textValue();
    return name == null || name.isEmpty() || name.length() > LONGEST_NAME ? "log" : name;
  }

  JsonNode attributes() {
    return fields.path("attributes");
  }

  JsonNode body() {
    return fields.path("body");
  }

  JsonNode resource() {
    return fields.path("resource");
  }

  /** An attribute that is a text of at most {@link #LONGEST_NAME} characters. */
  @Nullable String text(String attribute) {
    return text(attributes(), attribute, LONGEST_NAME);
  }

  /** An attribute that is a short text of printable ASCII, as identifiers are. */
  @Nullable String identifier(String attribute) {
    return identifier(attributes(), attribute);
  }

  static @Nullable String identifier(JsonNode in, String field) {
    String text = text(in, field, LONGEST_NAME);
    return text != null && text.chars().allMatch(c -> c > ' ' && c < 127) ? text : null;
  }

  static @Nullable String text(JsonNode in, String field, int longest) {
    String text = in.path(field).textValue();
    return text == null || text.isEmpty() || text.length() > longest ? null : text;
  }

  boolean has(String attribute) {
    return attributes().has(attribute);
  }

  /** An attribute that is a whole number, or one written as text; null for any other. */
  @Nullable Long number(String attribute) {
    JsonNode value = attributes().path(attribute);
    if (value.isIntegralNumber() && value.canConvertToLong()) {
      return value.longValue();
    }
    String text = value.textValue();
    return text != null && DIGITS.matcher(text).matches() ? Long.valueOf(text) : null;
  }

  /** An attribute that is true or false, or either written as text; null for any other. */
  @Nullable Boolean truth(String attribute) {
    return switch (attributes().path(attribute).asText()) {
      case "true" -> true;
      case "false" -> false;
      default -> null;
    };
  }

  /** The JSON that an attribute holds as a text; nothing where it holds no object. */
  JsonNode inner(String attribute) {
    return inner(attributes().path(attribute));
  }

  /** The JSON object that {@code value} is, or holds as a text; nothing where it does neither. */
  static JsonNode inner(JsonNode value) {
    String text = value.textValue();
    if (text == null) {
      return value.isObject() ? value : value.path("");
    }
    try {
      return text.startsWith("{") && text.length() <= LONGEST_INNER
          ? StrictJson.object(text.getBytes(StandardCharsets.UTF_8))
          : value.path("");
    } catch (BadInputException e) {
      // Cut off or never JSON: it stays a text.
      return value.path("");
    }
  }

  /** When it happened, a span when it ended, as the sender says; null where it does not say. */
  @Nullable Instant time() {
    String nanos = fields.path("timeUnixNano").textValue();
    if (nanos == null) {
      return null;
    }
    long value = Long.parseLong(nanos);
    return Instant.ofEpochSecond(value / NANOS, value % NANOS);
  }

  /** A span's length in milliseconds; null for a log record. */
  @Nullable Long millis() {
    String start = fields.path("startTimeUnixNano").textValue();
    String end = fields.path("timeUnixNano").textValue();
    if (start == null || end == null) {
      return null;
    }
    long nanos = Long.parseLong(end) - Long.parseLong(start);
    return nanos < 0 ? null : nanos / 1_000_000;
  }

  /** Where it stands in a trace; null where the sender does not say. */
  @Nullable TraceContext trace() {
    String trace = fields.path("traceId").asText();
    String span = fields.path("spanId").asText();
    return TRACE_ID.matcher(trace).matches() && SPAN_ID.matcher(span).matches()
        ? new TraceContext(trace, span)
        : null;
  }

  /** A span's status: 0 unset, 1 ok, 2 error. */
  int status() {
    return fields.path("status").path("code").asInt();
  }

  @Nullable String statusMessage() {
    return text(fields.path("status"), "message", Integer.MAX_VALUE);
  }

  /** What the sender calls itself. */
  String service() {
    String name = text(resource(), "service.name", LONGEST_NAME);
    return name == null ? "" : name;
  }

  String scope() {
    return fields.path("scope").path("name").asText();
  }

  /**
   * Version of the sender; null where it does not say, and where what it says is the version of
   * what it runs on.
   */
  @Nullable String version() {
    String version = text(resource(), "service.version", LONGEST_NAME);
    String runtime = text(resource(), "process.runtime.version", LONGEST_NAME);
    boolean runtimes =
        version != null
            && runtime != null
            && (version.equals(runtime) || version.equals("v" + runtime));
    return runtimes ? null : version;
  }
}
