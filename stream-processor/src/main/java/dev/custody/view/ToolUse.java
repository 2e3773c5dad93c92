package dev.custody.view;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.custody.event.Body;
import dev.custody.event.Event;
import dev.custody.event.ToolProvider;
import dev.custody.event.ToolProviderKind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A call of a tool, wherever the source that told of it keeps its parts: hooks of Claude Code,
 * Codex and Gemini CLI, callbacks of opencode, telemetry, messages to MCP servers.
 *
 * @param tool its name
 * @param input what it is given; missing where the event does not carry it
 * @param result what came of it; missing likewise
 * @param server whether an MCP server's
 */
record ToolUse(String tool, JsonNode input, JsonNode result, boolean server) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int LONGEST_INNER = 256 << 10;
  private static final List<String> INPUTS =
      List.of(
          "/tool_input",
          "/tool_calls/0/tool_input",
          "/output/args",
          "/input/args",
          "/input/properties/part/state/input",
          "/message/params/arguments",
          "/attributes/tool_input",
          "/attributes/arguments",
          "/attributes/function_args",
          "/attributes/tool_parameters",
          "/details");
  private static final List<String> RESULTS =
      List.of(
          "/tool_response",
          "/tool_calls/0/tool_response",
          "/output/output",
          "/message/result",
          "/attributes/output",
          "/attributes/tool_output");

  /** The call that {@code event} tells of; null if it tells of none. */
  static @Nullable ToolUse of(Event event, ObjectNode record) {
    String tool =
        switch (event.body()) {
          case Body.ToolCallRequested requested -> requested.tool();
          case Body.ToolCallDecided decided -> decided.tool();
          case Body.ToolCallCompleted completed -> completed.tool();
          case Body.ToolCallRefused refused -> refused.tool();
          default -> null;
        };
    if (tool == null) {
      return null;
    }
    ToolProvider provider = event.toolProvider();
    boolean server =
        tool.startsWith("mcp_")
            || (provider != null && provider.kind() == ToolProviderKind.MCP_SERVER);
    return new ToolUse(tool, input(record), first(record, RESULTS), server);
  }

  private static JsonNode input(ObjectNode record) {
    JsonNode input = first(record, INPUTS);
    String text = input.textValue();
    if (text == null) {
      return input;
    }
    JsonNode inner = MissingNode.getInstance();
    if (text.startsWith("{") && text.length() <= LONGEST_INNER) {
      try {
        inner = JSON.readTree(text);
      } catch (JsonProcessingException e) {
        // No JSON: a text that begins like it.
      }
    }
    return inner.isObject() ? inner : JsonNodeFactory.instance.objectNode().put("input", text);
  }

  private static JsonNode first(ObjectNode record, List<String> pointers) {
    for (String pointer : pointers) {
      JsonNode found = record.at(pointer);
      if (!found.isMissingNode() && !found.isNull()) {
        return found;
      }
    }
    return MissingNode.getInstance();
  }

  /** The name by which acts know it: a server's tool says so. */
  String actTool() {
    return server && !tool.startsWith("mcp_") ? "mcp__server__" + tool : tool;
  }

  /** The command line that it is given, where it is given one; null otherwise. */
  @Nullable String command() {
    for (String field : List.of("command", "cmd", "script")) {
      JsonNode value = input.path(field);
      if (value.isTextual()) {
        return isPatch(value.textValue()) ? null : value.textValue();
      }
      if (value.isArray() && !value.isEmpty()) {
        StringBuilder words = new StringBuilder();
        value.forEach(word -> words.append(words.isEmpty() ? "" : " ").append(word.asText()));
        return words.toString();
      }
    }
    return null;
  }

  private static boolean isPatch(String text) {
    return text.startsWith("*** Begin Patch");
  }
}
