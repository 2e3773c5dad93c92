package dev.custody.source.codex;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.custody.capture.BadInputException;
import dev.custody.capture.Observer;
import dev.custody.digest.Bytes;
import dev.custody.event.Body;
import dev.custody.event.Event;
import dev.custody.event.Outcome;
import dev.custody.sighting.SessionRedactors;
import dev.custody.source.agent.AgentHooks;
import dev.custody.source.agent.AgentSession;
import dev.custody.source.agent.Denials;
import dev.custody.source.agent.Family;
import dev.custody.source.agent.Hook;
import dev.custody.source.agent.Oversight;
import dev.custody.source.agent.Telling;
import dev.custody.source.agent.ToolCall;
import dev.custody.source.agent.ToolKinds;
import dev.custody.source.git.Workplaces;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Codex's hooks, as {@code docs/events.md} says. Safe for use by several threads. */
public final class CodexHooks extends AgentHooks<AgentSession> {
  private static final String PRODUCT = "codex";
  private static final String PATCH = "apply_patch";
  private static final ToolKinds TOOLS =
      new ToolKinds(
          "Bash",
          Set.of(
              "view_image",
              "update_plan",
              "web_search",
              "list_mcp_resources",
              "list_mcp_resource_templates",
              "read_mcp_resource",
              "request_user_input",
              "tool_search",
              "wait_agent",
              "list_agents",
              "multi_agent_v1wait_agent"),
          Set.of(PATCH),
          Set.of());

  /** Threads that were started as sub-agents: {@code notify} names the thread only. */
  private final Family threads = new Family();

  /** For hooks that {@code observer} receives, of sessions that {@code oversight} knows more of. */
  public CodexHooks(Observer observer, SessionRedactors redactors, @Nullable Oversight oversight) {
    super(
        PRODUCT,
        TOOLS,
        observer,
        new Workplaces(observer.clock()),
        MOST_SESSIONS,
        () -> new AgentSession(observer.fingerprints()),
        redactors,
        oversight);
  }

  /** Records and does nothing else. */
  public CodexHooks(Observer observer) {
    this(observer, new SessionRedactors(observer.fingerprints()), null);
  }

  // A program that notifies is handed the type of what happened, and the thread's id.
  private static boolean notifies(JsonNode body) {
    return body.path("hook_event_name").isMissingNode() && body.has("thread-id");
  }

  @Override
  protected String session(ObjectNode sent) throws BadInputException {
    boolean notifies = notifies(sent);
    String id = notifies ? "thread-id" : "session_id";
    Hook.requireName(sent, notifies ? "type" : "hook_event_name", "_-");
    Hook.requireIdentifier(sent.path(id), id);
    return notifies ? threads.root(sent.path(id).asText()) : sent.path(id).asText();
  }

  @Override
  protected Hook read(ObjectNode fields, AgentSession session) {
    if (notifies(fields)) {
      String thread = fields.path("thread-id").asText();
      return Hook.of(fields, fields.path("type").asText(), threads.root(thread))
          .in(Hook.path(fields, "cwd"))
          .about(Hook.text(fields, "turn-id"), null, threads.isChild(thread) ? thread : null);
    }
    return Hook.of(
            fields, fields.path("hook_event_name").asText(), fields.path("session_id").asText())
        .in(Hook.path(fields, "cwd"))
        .about(
            Hook.text(fields, "turn_id"),
            Hook.text(fields, "tool_use_id"),
            Hook.text(fields, "agent_id"));
  }

  @Override
  protected @Nullable ToolCall asked(Hook hook) {
    String tool = hook.text("tool_name");
    return hook.name().equals("PreToolUse") && tool != null ? call(hook, tool) : null;
  }

  @Override
  protected boolean startsSubAgent(Hook hook) {
    return hook.name().equals("SubagentStart");
  }

  @Override
  protected List<String> written(ObjectNode sent) {
    boolean ran =
        "PostToolUse".equals(sent.path("hook_event_name").textValue())
            && PATCH.equals(sent.path("tool_name").textValue())
            && "0".equals(Patch.exitCode(sent.path("tool_response").textValue()));
    return ran ? Patch.added(sent.path("tool_input").path("command").textValue()) : List.of();
  }

  @Override
  protected Bytes denial(String reason) {
    return Denials.hookSpecific(reason);
  }

  @Override
  protected List<Event> tell(Telling telling, AgentSession session) {
    Hook hook = telling.hook();
    String tool = hook.text("tool_name");
    String subAgent = hook.subAgent();
    String type = hook.text("agent_type");
    return switch (hook.name()) {
      case "SessionStart" -> telling.sessionStarted(hook.text("source"), hook.text("model"));
      case "SessionEnd" -> telling.other(new Body.SessionEnded(hook.text("reason")), "session:end");
      case "UserPromptSubmit" ->
          telling.other(new Body.PromptSubmitted(origin(hook)), "prompt:submit");
      case "PreToolUse" -> tool == null ? telling.observed() : telling.requested(call(hook, tool));
      case "PermissionRequest" ->
          tool == null ? telling.observed() : telling.decided(call(hook, tool), null, null);
      case "PostToolUse" -> tool == null ? telling.observed() : completed(telling, tool);
      case "SubagentStart" -> subAgent == null ? telling.observed() : born(telling, subAgent, type);
      case "SubagentStop" ->
          subAgent == null
              ? telling.observed()
              : telling.other(new Body.SubagentEnded(subAgent, type), "subagent:end");
      default -> telling.observed();
    };
  }

  private List<Event> born(Telling telling, String subAgent, @Nullable String type) {
    String session = telling.hook().session();
    if (session != null) {
      threads.born(subAgent, session);
    }
    return telling.other(new Body.SubagentStarted(subAgent, type), "subagent:start");
  }

  // What a sub-agent is told was written by another agent.
  private static Body.PromptOrigin origin(Hook hook) {
    return hook.subAgent() == null && hook.fields().path("prompt").isTextual()
        ? Body.PromptOrigin.HUMAN
        : Body.PromptOrigin.UNKNOWN;
  }

  private static ToolCall call(Hook hook, String tool) {
    JsonNode input = hook.fields().path("tool_input");
    JsonNode response = hook.fields().path("tool_response");
    ToolCall call =
        ToolCall.of(tool, TOOLS, ToolCall.byName(tool), hook.cwd(), input, List.of(response));
    call.mentions().commitsIn(call.command(), response.textValue());
    if (tool.equals(PATCH)) {
      Patch.files(input.path("command").textValue()).forEach(call.mentions()::path);
    }
    return call;
  }

  private static List<Event> completed(Telling telling, String tool) {
    JsonNode response = telling.hook().fields().path("tool_response");
    ToolCall call = call(telling.hook(), tool);
    if (tool.equals(TOOLS.shell())) {
      // The output without the exit code, also of a command that failed.
      return telling.completed(call, null, Outcome.UNKNOWN, null);
    }
    String exit = tool.equals(PATCH) ? Patch.exitCode(response.textValue()) : null;
    if (exit != null && !exit.equals("0")) {
      return telling.completed(call, null, Outcome.FAILURE, "Exit code: " + exit);
    }
    boolean failed = response.path("isError").asBoolean(false);
    return telling.completed(call, null, failed ? Outcome.FAILURE : Outcome.SUCCESS, null);
  }
}
