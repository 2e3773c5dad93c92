package dev.custody.source.otlp;

import dev.custody.event.Body;
import org.jspecify.annotations.Nullable;

/** Gemini CLI: its log records name no tool call, its spans do. */
final class GeminiTelemetry implements Client {
  private static final String PRODUCT = "gemini-cli";

  @Override
  public String kind(Telemetry record) {
    return "gemini-cli-otlp";
  }

  @Override
  public String product(Telemetry record) {
    return PRODUCT;
  }

  @Override
  public boolean sent(Telemetry record) {
    return record.service().equals(PRODUCT);
  }

  @Override
  public @Nullable String session(Telemetry record) {
    String session = record.identifier("session.id");
    session = session == null ? record.identifier("gen_ai.conversation.id") : session;
    return session == null ? Telemetry.identifier(record.resource(), "session.id") : session;
  }

  @Override
  public @Nullable String account(Telemetry record) {
    return record.identifier("user.email");
  }

  @Override
  public Told told(Telemetry record) {
    Told told = record.isSpan() ? span(record) : log(record);
    String call = record.identifier("gen_ai.tool.call_id");
    return told.within(
        record.identifier("prompt_id"),
        call == null ? record.identifier("gen_ai.tool.call.id") : call);
  }

  private static Told log(Telemetry log) {
    return switch (log.name()) {
      case "gemini_cli.config" -> Prompts.sessionStarted(log);
      case "gemini_cli.user_prompt" -> Prompts.submitted(log, "prompt");
      case "gemini_cli.tool_call" -> toolCall(log);
      case "gemini_cli.agent.start" -> Prompts.subAgentStarted(log, "agent_id", "agent_name");
      case "gemini_cli.agent.finish" -> Prompts.subAgentEnded(log, "agent_id", "agent_name");
      case "gemini_cli.hook_call",
          "gemini_cli.api_request",
          "gemini_cli.api_response",
          "gen_ai.client.inference.operation.details" ->
          Told.observed(log).repeating();
      default -> Told.observed(log);
    };
  }

  /** One record is the decision and the result: what was rejected never ran. */
  private static Told toolCall(Telemetry log) {
    String tool = log.text("function_name");
    tool = tool == null ? "unknown" : tool;
    String decision = log.text("decision");
    if ("reject".equals(decision)) {
      return Calls.decided(tool, decision, null)
          .of(Calls.provider(tool, log.text("mcp_server_name")), log.inner("function_args"));
    }
    return Calls.outcome(
        Calls.completed(
            tool,
            log.number("duration_ms"),
            Calls.provider(tool, log.text("mcp_server_name")),
            log.inner("function_args")),
        log.truth("success"),
        log.attributes().path("error").textValue());
  }

  private static Told span(Telemetry span) {
    String tool = span.text("gen_ai.tool.name");
    if (span.name().equals("tool_call") && tool != null) {
      // Whether it is a server's tool, a span does not say.
      return Calls.outcome(
          Told.of(new Body.ToolCallCompleted(tool, span.millis()), "tool:" + tool)
              .of(null, span.inner("gen_ai.input.messages").path("args")),
          span);
    }
    Told told = Calls.outcome(Told.observed(span), span);
    // A schedule shows the same inputs and outputs as the calls in it.
    return span.name().equals("agent_call") ? told : told.repeating();
  }
}
