package dev.custody.source.otlp;

import com.fasterxml.jackson.databind.JsonNode;
import dev.custody.event.ToolProvider;
import dev.custody.event.ToolProviderKind;
import dev.custody.event.TraceContext;
import dev.custody.source.agent.Bounded;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Claude Code: log records with a counter of their own, and, where switched on, spans. */
final class ClaudeCodeTelemetry implements Client {
  private static final String PRODUCT = "claude-code";
  private static final String SCOPE = "com.anthropic.claude_code";

  /** In place of the name of a server's tool, which the parameters tell. */
  private static final String ANY_MCP_TOOL = "mcp_tool";

  /** Calls that may wait for their own span at once, each with an id of 16 and one of 8 bytes. */
  private static final int MOST_REJECTED = 1_024;

  // By trace and span: calls that were asked about and rejected. Their own spans do not say so, and
  // end after the question's.
  private final Map<String, Boolean> rejected =
      Collections.synchronizedMap(Bounded.latest(MOST_REJECTED));

  @Override
  public String kind(Telemetry record) {
    return "claude-code-otlp";
  }

  @Override
  public String product(Telemetry record) {
    return PRODUCT;
  }

  @Override
  public boolean sent(Telemetry record) {
    return record.service().equals(PRODUCT) || record.scope().startsWith(SCOPE);
  }

  @Override
  public @Nullable String session(Telemetry record) {
    return record.identifier("session.id");
  }

  @Override
  public @Nullable String account(Telemetry record) {
    String email = record.identifier("user.email");
    return email == null ? record.identifier("user.account_uuid") : email;
  }

  @Override
  public @Nullable Long sequence(Telemetry record) {
    return record.number("event.sequence");
  }

  @Override
  public void learn(List<Telemetry> records) {
    for (Telemetry record : records) {
      TraceContext trace = record.trace();
      String call = record.fields().path("parentSpanId").textValue();
      if (record.isSpan()
          && record.name().equals("claude_code.tool.blocked_on_user")
          && "reject".equals(record.text("decision"))
          && trace != null
          && call != null) {
        rejected.put(trace.traceId() + call, true);
      }
    }
  }

  private boolean isRejected(Telemetry span) {
    TraceContext trace = span.trace();
    return trace != null && rejected.containsKey(trace.traceId() + trace.spanId());
  }

  @Override
  public Told told(Telemetry record) {
    Told told = record.isSpan() ? span(record) : log(record);
    return told.within(record.identifier("prompt.id"), record.identifier("tool_use_id"))
        .by(record.identifier("agent_id"));
  }

  private static Told log(Telemetry log) {
    return switch (log.name()) {
      case "user_prompt" -> Prompts.submitted(log, "prompt");
      case "tool_decision" -> {
        String tool = tool(log);
        yield Calls.decided(tool, log.text("decision"), log.text("source"))
            .of(provider(tool, log), log.inner("tool_parameters"));
      }
      case "tool_result" -> {
        String tool = tool(log);
        Told told =
            Calls.completed(
                    tool, log.number("duration_ms"), provider(tool, log), log.inner("tool_input"))
                .reporting(commit(log));
        String error = log.attributes().path("error").textValue();
        yield Calls.outcome(
            told, log.truth("success"), error == null ? log.text("error_type") : error);
      }
      case "subagent_completed" -> Prompts.subAgentEnded(log, "agent_id", "agent_type");
      case "api_request", "api_request_body", "api_response_body", "assistant_response" ->
          Told.observed(log).repeating();
      default -> Told.observed(log);
    };
  }

  private Told span(Telemetry span) {
    return switch (span.name()) {
      case "claude_code.tool" -> {
        if (isRejected(span)) {
          yield Told.observed(span); // It never ran; tool_decision tells of the rejection.
        }
        String tool = span.text("tool_name");
        tool = tool == null ? ANY_MCP_TOOL : tool;
        String server = span.text("anthropic.mcp.server.name");
        yield Calls.outcome(
            Calls.completed(
                tool, span.number("duration_ms"), Calls.provider(tool, server), span.attributes()),
            span);
      }
      case "claude_code.llm_request" -> Told.observed(span).repeating();
      default -> Calls.outcome(Told.observed(span), span.truth("success"), span.text("error"));
    };
  }

  /** The full id of the commit that a command made; of any other command it is none. */
  private static @Nullable String commit(Telemetry log) {
    String command = log.inner("tool_input").path("command").asText("commit");
    String head = log.identifier("vcs.ref.head.revision");
    if (head == null) {
      head = Telemetry.identifier(log.inner("tool_parameters"), "git_commit_id");
    }
    return command.contains("commit") ? head : null;
  }

  /** As the hooks name it. */
  private static String tool(Telemetry log) {
    String tool = log.text("tool_name");
    JsonNode parameters = log.inner("tool_parameters");
    String server = Telemetry.text(parameters, "mcp_server_name", Telemetry.LONGEST_NAME);
    String name = Telemetry.text(parameters, "mcp_tool_name", Telemetry.LONGEST_NAME);
    if (ANY_MCP_TOOL.equals(tool) && server != null && name != null) {
      return "mcp__" + server + "__" + name;
    }
    return tool == null ? "unknown" : tool;
  }

  private static ToolProvider provider(String tool, Telemetry log) {
    return tool.equals(ANY_MCP_TOOL) || "mcp".equals(log.text("tool_source"))
        ? new ToolProvider(ToolProviderKind.MCP_SERVER, Calls.provider(tool, null).name(), null)
        : Calls.provider(tool, null);
  }
}
