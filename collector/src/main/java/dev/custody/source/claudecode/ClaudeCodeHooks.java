package dev.custody.source.claudecode;

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
import dev.custody.source.agent.Denials;
import dev.custody.source.agent.Hook;
import dev.custody.source.agent.Oversight;
import dev.custody.source.agent.Telling;
import dev.custody.source.agent.ToolCall;
import dev.custody.source.git.Workplaces;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Claude Code's hooks, as {@code docs/events.md} says. Safe for use by several threads. */
public final class ClaudeCodeHooks extends AgentHooks<Session> {
  private static final String PRODUCT = "claude-code";
  private static final String NOTIFICATION = "<task-notification>";

  /** For hooks that {@code observer} receives, of sessions that {@code oversight} knows more of. */
  public ClaudeCodeHooks(Observer observer, Oversight oversight) {
    this(observer, new Workplaces(observer.clock()), MOST_SESSIONS, oversight);
  }

  /** The same, naming secrets as others do who share {@code redactors}. */
  public ClaudeCodeHooks(
      Observer observer, SessionRedactors redactors, @Nullable Oversight oversight) {
    this(observer, new Workplaces(observer.clock()), MOST_SESSIONS, oversight, redactors);
  }

  /** Records and does nothing else: no session is bound to a delegation, none is answered. */
  public ClaudeCodeHooks(Observer observer) {
    this(observer, new Workplaces(observer.clock()), MOST_SESSIONS, null);
  }

  ClaudeCodeHooks(
      Observer observer, Workplaces workplaces, int mostSessions, @Nullable Oversight oversight) {
    this(
        observer,
        workplaces,
        mostSessions,
        oversight,
        new SessionRedactors(observer.fingerprints(), mostSessions));
  }

  ClaudeCodeHooks(
      Observer observer,
      Workplaces workplaces,
      int mostSessions,
      @Nullable Oversight oversight,
      SessionRedactors redactors) {
    super(
        PRODUCT,
        Tools.KINDS,
        observer,
        workplaces,
        mostSessions,
        () -> new Session(observer.fingerprints()),
        redactors,
        oversight);
  }

  @Override
  protected String session(ObjectNode sent) throws BadInputException {
    Hook.requireName(sent, "hook_event_name", "_-");
    Hook.requireIdentifier(sent.path("session_id"), "session_id");
    return sent.path("session_id").asText();
  }

  @Override
  protected Hook read(ObjectNode fields, Session session) {
    String name = fields.path("hook_event_name").asText();
    Hook hook =
        Hook.of(fields, name, fields.path("session_id").asText())
            .in(Hook.path(fields, "cwd"))
            .about(
                Hook.text(fields, "prompt_id"),
                Hook.text(fields, "tool_use_id"),
                Hook.text(fields, "agent_id"));
    return name.equals("PermissionRequest") ? joined(hook, session) : hook;
  }

  /** A question names no call: it is about the one that waits with the same input, if one does. */
  private static Hook joined(Hook hook, Session session) {
    String tool = hook.text("tool_name");
    return hook.toolCall() != null || tool == null
        ? hook
        : hook.about(
            hook.prompt(), session.open(tool, hook.fields().path("tool_input")), hook.subAgent());
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
    boolean ran = "PostToolUse".equals(sent.path("hook_event_name").textValue());
    return ran
        ? Written.by(sent.path("tool_name").asText(), sent.path("tool_response"))
        : List.of();
  }

  @Override
  protected Bytes denial(String reason) {
    return Denials.hookSpecific(reason);
  }

  @Override
  protected List<Event> tell(Telling telling, Session session) {
    Hook hook = telling.hook();
    String tool = hook.text("tool_name");
    if (hook.name().equals("PostToolBatch")) {
      return new Batch(telling, session).tell();
    }
    List<Event> call = tool == null ? List.of() : tellCall(telling, tool, session);
    return call.isEmpty() ? tellOther(telling) : call;
  }

  /** A hook of one tool call; nothing if it is of another kind. */
  private static List<Event> tellCall(Telling telling, String tool, Session session) {
    Hook hook = telling.hook();
    return switch (hook.name()) {
      case "PreToolUse" -> requested(telling, tool, session);
      case "PermissionRequest" -> {
        session.asked(tool, hook.fields().path("tool_input"));
        yield telling.decided(call(hook, tool), null, null);
      }
      case "PostToolUse" -> completed(telling, tool, session, Outcome.SUCCESS, null);
      case "PostToolUseFailure" -> completed(telling, tool, session, Outcome.FAILURE, error(hook));
      default -> List.of();
    };
  }

  private static List<Event> requested(Telling telling, String tool, Session session) {
    Hook hook = telling.hook();
    if (hook.toolCall() != null) {
      session.requested(hook.toolCall(), tool, hook.fields().path("tool_input"));
    }
    return telling.requested(call(hook, tool));
  }

  private static List<Event> completed(
      Telling telling, String tool, Session session, Outcome outcome, @Nullable String reason) {
    Hook hook = telling.hook();
    if (hook.toolCall() != null) {
      boolean _ = session.calls().ran(hook.toolCall());
    }
    return telling.completed(call(hook, tool), hook.number("duration_ms"), outcome, reason);
  }

  private static ToolCall call(Hook hook, String tool) {
    return call(hook.fields(), tool, hook.cwd());
  }

  /** What {@code fields}, an object with input and result, tell of a call. */
  static ToolCall call(JsonNode fields, String tool, @Nullable String cwd) {
    JsonNode response = fields.path("tool_response");
    ToolCall call =
        ToolCall.of(
            tool,
            Tools.KINDS,
            ToolCall.byName(tool),
            cwd,
            fields.path("tool_input"),
            List.of(response, fields.path("error")));
    call.mentions().commit(Hook.text(response.path("gitOperation").path("commit"), "sha"));
    return call;
  }

  /** A hook that has a body of its own, or is observed, as where the body lacks its core. */
  private static List<Event> tellOther(Telling telling) {
    Hook hook = telling.hook();
    String subAgent = hook.subAgent();
    String type = hook.text("agent_type");
    return switch (hook.name()) {
      case "SessionStart" -> telling.sessionStarted(hook.text("source"), hook.text("model"));
      case "SessionEnd" -> telling.other(new Body.SessionEnded(hook.text("reason")), "session:end");
      case "UserPromptSubmit" ->
          telling.other(new Body.PromptSubmitted(origin(hook)), "prompt:submit");
      case "SubagentStart" ->
          subAgent == null
              ? telling.observed()
              : telling.other(new Body.SubagentStarted(subAgent, type), "subagent:start");
      case "SubagentStop" ->
          subAgent == null
              ? telling.observed()
              : telling.other(new Body.SubagentEnded(subAgent, type), "subagent:end");
      case "ConfigChange" ->
          telling.other(
              new Body.ConfigurationChanged(hook.text("source"), hook.path("file_path")),
              "configuration:change");
      default -> telling.observed();
    };
  }

  private static Body.PromptOrigin origin(Hook hook) {
    String prompt = hook.fields().path("prompt").textValue();
    if (prompt == null) {
      return Body.PromptOrigin.UNKNOWN;
    }
    return prompt.stripLeading().startsWith(NOTIFICATION)
        ? Body.PromptOrigin.NOTIFICATION
        : Body.PromptOrigin.HUMAN;
  }

  private static @Nullable String error(Hook hook) {
    String error = hook.fields().path("error").textValue();
    return error == null ? null : Telling.reason(error);
  }
}
