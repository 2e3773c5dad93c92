package dev.custody.accuracy.format;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * OTLP/JSON bodies of one session, as Claude Code 2.1.330 sends them with the content of prompts,
 * tools and their output switched on. Not for several threads: its records are numbered.
 */
public final class Telemetry {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String VERSION = "2.1.330";
  private static final Duration ASKED = Duration.ofMillis(9);

  private final String session;
  private final String user;
  private final String trace;
  private int sequence;

  /**
   * Of one session.
   *
   * @param session session id
   * @param user what its installation calls its user, 64 hex digits
   * @param trace 32 hex digits
   */
  public Telemetry(String session, String user, String trace) {
    this.session = session;
    this.user = user;
    this.trace = trace;
  }

  /**
   * A tool call that is over.
   *
   * @param call what was called
   * @param start when the agent asked for it, by the machine's clock
   * @param length how long it took
   * @param error what went wrong, or null
   */
  public record Ended(Hooks.Call call, Instant start, Duration length, @Nullable String error) {
    Instant end() {
      return start.plus(length);
    }
  }

  /** The human, or a notification, asks for something. */
  public ObjectNode prompt(Instant at, String prompt, String text) {
    ObjectNode body = JSON.createObjectNode();
    Attributes told = log(logs(body), "user_prompt", at, prompt);
    told.text("prompt_length", Integer.toString(text.length())).text("prompt", text);
    return body;
  }

  /** The decision on a call, and its result: log records. */
  public ObjectNode records(Ended ended) {
    Hooks.Call call = ended.call();
    ObjectNode body = JSON.createObjectNode();
    ArrayNode logs = logs(body);
    Attributes decision = log(logs, "tool_decision", ended.start().plus(ASKED), call.prompt());
    decision.text("decision", "accept").text("source", "config");
    about(decision, call).text("tool_source", "builtin");
    Attributes result = log(logs, "tool_result", ended.end(), call.prompt());
    about(result, call).text("success", Boolean.toString(ended.error() == null));
    result.text("duration_ms", Long.toString(ended.length().minus(ASKED).toMillis()));
    if (ended.error() != null) {
      result.text("error_type", "ShellError").text("error", "Shell command failed");
    }
    String input = call.input().toString();
    int size = input.getBytes(StandardCharsets.UTF_8).length;
    result.text("tool_input", input).text("tool_input_size_bytes", Integer.toString(size));
    return body;
  }

  /** The spans of a call; the outermost has its output. */
  public ObjectNode spans(Ended ended, String output) {
    Hooks.Call call = ended.call();
    Instant decided = ended.start().plus(ASKED);
    String root = id(call.id(), "tool");
    ObjectNode body = JSON.createObjectNode();
    ArrayNode spans = spans(body);
    span(spans, "tool.blocked_on_user", id(call.id(), "asked"), root, ended.start(), decided)
        .text("decision", "accept")
        .text("source", "config");
    span(spans, "tool.execution", id(call.id(), "run"), root, decided, ended.end())
        .text("tool_use_id", call.id())
        .text("gen_ai.tool.call.id", call.id())
        .truth("success", ended.error() == null);
    Attributes tool =
        span(spans, "tool", root, id(session, "interaction"), ended.start(), ended.end())
            .text("tool_name", call.tool())
            .text("gen_ai.operation.name", "execute_tool")
            .text("gen_ai.tool.name", call.tool())
            .text("tool_use_id", call.id())
            .text("gen_ai.tool.call.id", call.id());
    String command = call.input().path("command").asText();
    if (!command.isEmpty()) {
      tool.text("full_command", command).text("bash_argv0", command.split(" ", 2)[0]);
    }
    if (call.subAgent() != null) {
      tool.text("agent_id", call.subAgent());
    }
    ObjectNode event = ((ObjectNode) spans.get(spans.size() - 1)).putArray("events").addObject();
    Attributes told = new Attributes(event.putArray("attributes"));
    if (!command.isEmpty()) {
      told.text("bash_command", command);
    }
    told.text("output", output);
    event.put("name", "tool.output").put("timeUnixNano", nanos(ended.end()));
    event.put("droppedAttributesCount", 0);
    return body;
  }

  private static Attributes about(Attributes record, Hooks.Call call) {
    record.text("tool_name", call.tool()).text("tool_use_id", call.id());
    JsonNode command = call.input().path("command");
    if (command.isTextual()) {
      ObjectNode parameters = JSON.createObjectNode();
      parameters.put("bash_command", command.textValue().split(" ", 2)[0]);
      parameters.set("full_command", command);
      parameters.set("description", call.input().path("description"));
      record.text("tool_parameters", parameters.toString());
    }
    if (call.subAgent() != null) {
      record.text("agent_id", call.subAgent());
    }
    return record;
  }

  private static ArrayNode logs(ObjectNode body) {
    ObjectNode resource = body.putArray("resourceLogs").addObject();
    resource(resource);
    ObjectNode scope = resource.putArray("scopeLogs").addObject();
    scope
        .putObject("scope")
        .put("name", "com.anthropic.claude_code.events")
        .put("version", VERSION);
    return scope.putArray("logRecords");
  }

  private static ArrayNode spans(ObjectNode body) {
    ObjectNode resource = body.putArray("resourceSpans").addObject();
    resource(resource);
    ObjectNode scope = resource.putArray("scopeSpans").addObject();
    scope
        .putObject("scope")
        .put("name", "com.anthropic.claude_code.tracing")
        .put("version", "1.0.0");
    return scope.putArray("spans");
  }

  private static void resource(ObjectNode in) {
    ObjectNode resource = in.putObject("resource");
    new Attributes(resource.putArray("attributes"))
        .text("host.arch", "amd64")
        .text("os.type", "linux")
        .text("os.version", "6.8.0-45-generic")
        .text("service.name", "claude-code")
        .text("service.version", VERSION);
    resource.put("droppedAttributesCount", 0);
  }

  private Attributes log(ArrayNode logs, String event, Instant at, String prompt) {
    ObjectNode record = logs.addObject();
    Instant told = at.truncatedTo(ChronoUnit.MILLIS);
    record.put("timeUnixNano", nanos(told)).put("observedTimeUnixNano", nanos(told));
    record.putObject("body").put("stringValue", "claude_code." + event);
    Attributes attributes = common(record);
    attributes.text("event.name", event).text("event.timestamp", told.toString());
    attributes.number("event.sequence", sequence++).text("prompt.id", prompt);
    record.put("droppedAttributesCount", 0).put("flags", 1).put("traceId", trace);
    record.put("spanId", id(session, "interaction"));
    return attributes;
  }

  private Attributes span(
      ArrayNode spans, String type, String id, String parent, Instant start, Instant end) {
    ObjectNode span = spans.addObject();
    span.put("traceId", trace).put("spanId", id).put("parentSpanId", parent);
    span.put("name", "claude_code." + type).put("kind", 1);
    span.put("startTimeUnixNano", nanos(start)).put("endTimeUnixNano", nanos(end));
    Attributes attributes = common(span);
    attributes.text("gen_ai.provider.name", "anthropic").text("span.type", type);
    attributes.text("gen_ai.conversation.id", session);
    attributes.number("duration_ms", Duration.between(start, end).toMillis());
    span.put("droppedAttributesCount", 0);
    span.putArray("events");
    span.put("droppedEventsCount", 0).putObject("status").put("code", 0);
    span.putArray("links");
    span.put("droppedLinksCount", 0).put("flags", 257);
    return attributes;
  }

  private Attributes common(ObjectNode in) {
    return new Attributes(in.putArray("attributes"))
        .text("user.id", user)
        .text("session.id", session)
        .text("anthropic.provider", "firstParty")
        .text("terminal.type", "xterm-256color");
  }

  private static String nanos(Instant at) {
    return Long.toString(at.getEpochSecond()) + String.format("%09d", at.getNano());
  }

  /** 16 hex digits, the same for the same parts. */
  private static String id(String of, String part) {
    return String.format("%08x%08x", of.hashCode() | 1, part.hashCode());
  }

  /** OTLP's list of keys and values. */
  private record Attributes(ArrayNode all) {
    Attributes text(String key, String value) {
      all.addObject().put("key", key).putObject("value").put("stringValue", value);
      return this;
    }

    Attributes number(String key, long value) {
      all.addObject().put("key", key).putObject("value").put("intValue", value);
      return this;
    }

    Attributes truth(String key, boolean value) {
      all.addObject().put("key", key).putObject("value").put("boolValue", value);
      return this;
    }
  }
}
