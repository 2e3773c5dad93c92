package dev.custody.source.otlp;

import com.fasterxml.jackson.databind.JsonNode;
import dev.custody.event.Body;
import dev.custody.source.SessionPlaces;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Codex: a sub-agent has a conversation of its own, which its hooks do not call a session; the
 * result of the call that spawned it tells whose it is.
 */
final class CodexTelemetry implements Client {
  private static final String PRODUCT = "codex";
  private static final String TOOL_RESULT = "codex.tool_result";
  private static final String MCP = "mcp__";
  private static final String DELTA = ".delta";

  private final SessionPlaces places;

  CodexTelemetry(SessionPlaces places) {
    this.places = places;
  }

  @Override
  public String kind(Telemetry record) {
    return "codex-otlp";
  }

  @Override
  public String product(Telemetry record) {
    return PRODUCT;
  }

  @Override
  public boolean sent(Telemetry record) {
    return record.service().equals(PRODUCT)
        || record.service().startsWith("codex_")
        || record.service().startsWith("codex-");
  }

  @Override
  public boolean tells(Telemetry record) {
    if (record.isSpan()) {
      return call(record) != null
          || conversation(record) != null
          || turn(record) != null
          || record.status() == 2;
    }
    // Every few characters of an answer are one.
    String kind = record.text("event.kind");
    return kind == null || !kind.endsWith(DELTA);
  }

  @Override
  public @Nullable String session(Telemetry record) {
    String conversation = conversation(record);
    String parent = conversation == null ? null : places.parent(PRODUCT, conversation);
    return parent == null ? conversation : parent;
  }

  @Override
  public @Nullable String account(Telemetry record) {
    String email = record.identifier("user.email");
    return email == null ? record.identifier("user.account_id") : email;
  }

  @Override
  public void learn(List<Telemetry> records) {
    for (Telemetry record : records) {
      String conversation = conversation(record);
      if (conversation != null
          && record.name().equals(TOOL_RESULT)
          && "spawn_agent".equals(record.text("tool_name"))) {
        String spawned = Telemetry.identifier(record.inner("output"), "agent_id");
        if (spawned != null) {
          String parent = places.parent(PRODUCT, conversation);
          places.belongs(PRODUCT, spawned, parent == null ? conversation : parent);
        }
      }
    }
  }

  @Override
  public Told told(Telemetry record) {
    Told told = record.isSpan() ? span(record) : log(record);
    return told.within(turn(record), call(record)).by(subAgent(record));
  }

  private Told log(Telemetry log) {
    return switch (log.name()) {
      case "codex.conversation_starts" -> {
        String subAgent = subAgent(log);
        yield subAgent == null
            ? Prompts.sessionStarted(log)
            : Told.of(new Body.SubagentStarted(subAgent, null), "subagent:start");
      }
      // What a sub-agent is told to do, no human said.
      case "codex.user_prompt" ->
          subAgent(log) == null
              ? Prompts.submitted(log, "prompt")
              : Told.of(new Body.PromptSubmitted(Body.PromptOrigin.UNKNOWN), "prompt:submit");
      case "codex.tool_decision" ->
          Calls.decided(tool(log), log.text("decision"), log.text("source"))
              .of(Calls.provider(tool(log), log.text("mcp_server")), log.inner("arguments"));
      case TOOL_RESULT ->
          Calls.outcome(
              Calls.completed(
                  tool(log),
                  log.number("duration_ms"),
                  Calls.provider(tool(log), log.text("mcp_server")),
                  log.inner("arguments")),
              log.truth("success"),
              null);
      default -> Told.observed(log);
    };
  }

  private static Told span(Telemetry span) {
    Told told = Calls.outcome(Told.observed(span), span);
    String server = span.text("mcp.server.name");
    JsonNode nothing = span.fields().path("");
    return server == null ? told : told.of(Calls.provider(span.name(), server), nothing);
  }

  /** As the hooks name it, but for the shell, which they call Bash. */
  private static String tool(Telemetry log) {
    String tool = log.text("tool_name");
    String namespace = log.text("tool_namespace");
    if (tool == null) {
      return "unknown";
    }
    return namespace != null && namespace.startsWith(MCP) ? namespace + "__" + tool : tool;
  }

  private @Nullable String subAgent(Telemetry record) {
    String conversation = conversation(record);
    return conversation == null || places.parent(PRODUCT, conversation) == null
        ? null
        : conversation;
  }

  private static @Nullable String conversation(Telemetry record) {
    return record.identifier("conversation.id");
  }

  private static @Nullable String turn(Telemetry record) {
    String turn = record.identifier("turn.id");
    return turn == null ? record.identifier("turn_id") : turn;
  }

  private static @Nullable String call(Telemetry record) {
    String call = record.identifier("call_id");
    return call == null ? record.identifier("tool.call_id") : call;
  }
}
