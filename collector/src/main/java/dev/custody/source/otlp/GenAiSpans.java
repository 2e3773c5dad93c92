package dev.custody.source.otlp;

import dev.custody.event.Body;
import dev.custody.event.ToolProvider;
import dev.custody.event.ToolProviderKind;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Any other agent that tells of itself by OpenTelemetry's conventions for generative AI and MCP. Of
 * other senders nothing is recorded.
 */
final class GenAiSpans implements Client {
  private static final String MCP_TOOL_CALL = "tools/call";

  @Override
  public String kind(Telemetry record) {
    return "otlp";
  }

  @Override
  public String product(Telemetry record) {
    String service = Telemetry.identifier(record.resource(), "service.name");
    return service == null ? "unknown" : service;
  }

  @Override
  public boolean sent(Telemetry record) {
    if (record.name().startsWith("gen_ai.")) {
      return true;
    }
    for (Map.Entry<String, ?> attribute : record.attributes().properties()) {
      if (attribute.getKey().startsWith("gen_ai.") || attribute.getKey().startsWith("mcp.")) {
        return true;
      }
    }
    return false;
  }

  @Override
  public @Nullable String session(Telemetry record) {
    String session = record.identifier("gen_ai.conversation.id");
    return session == null ? record.identifier("session.id") : session;
  }

  @Override
  public Told told(Telemetry record) {
    Told told = record.isSpan() ? span(record) : Told.observed(record).repeating();
    String call = record.identifier("gen_ai.tool.call.id");
    return told.within(null, call == null ? record.identifier("gen_ai.tool.call_id") : call)
        .by(null);
  }

  private static Told span(Telemetry span) {
    String tool = span.text("gen_ai.tool.name");
    String operation = span.text("gen_ai.operation.name");
    String server = span.text("mcp.server.name");
    if (tool != null
        && ("execute_tool".equals(operation)
            || MCP_TOOL_CALL.equals(span.text("mcp.method.name")))) {
      return Calls.outcome(
          Told.of(new Body.ToolCallCompleted(tool, span.millis()), "tool:" + tool)
              .of(
                  isMcp(span) ? new ToolProvider(ToolProviderKind.MCP_SERVER, server, null) : null,
                  span.inner("gen_ai.tool.call.arguments")),
          span);
    }
    Told told = Calls.outcome(Told.observed(span), span);
    // What a model is asked and answers repeats the conversation.
    return operation == null || operation.equals("invoke_agent") ? told : told.repeating();
  }

  private static boolean isMcp(Telemetry span) {
    return span.has("mcp.server.name") || span.has("mcp.method.name");
  }
}
