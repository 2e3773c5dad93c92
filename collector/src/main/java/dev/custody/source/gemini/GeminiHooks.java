package dev.custody.source.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.custody.capture.BadInputException;
import dev.custody.capture.Observer;
import dev.custody.digest.Bytes;
import dev.custody.event.Body;
import dev.custody.event.Event;
import dev.custody.event.Outcome;
import dev.custody.event.ToolProvider;
import dev.custody.sighting.SessionRedactors;
import dev.custody.source.agent.AgentHooks;
import dev.custody.source.agent.Denials;
import dev.custody.source.agent.Hook;
import dev.custody.source.agent.Oversight;
import dev.custody.source.agent.Telling;
import dev.custody.source.agent.ToolCall;
import dev.custody.source.agent.ToolKinds;
import dev.custody.source.git.Workplaces;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Gemini CLI's hooks, as {@code docs/events.md} says. Safe for use by several threads. */
public final class GeminiHooks extends AgentHooks<GeminiSession> {
  private static final String PRODUCT = "gemini-cli";
  private static final String MCP = "mcp_";
  private static final Set<String> WRITING = Set.of("write_file", "replace");
  private static final ToolKinds TOOLS =
      new ToolKinds(
          "run_shell_command",
          Set.of(
              "read_file",
              "read_many_files",
              "list_directory",
              "glob",
              "grep_search",
              "search_file_content",
              "google_web_search",
              "web_fetch",
              "write_todos",
              "get_internal_docs",
              "activate_skill",
              "ask_user",
              "enter_plan_mode",
              "exit_plan_mode",
              "update_topic",
              "complete_task",
              "list_mcp_resources",
              "read_mcp_resource"),
          WRITING,
          Set.of());

  private final InstantSource clock;

  /** For hooks that {@code observer} receives, of sessions that {@code oversight} knows more of. */
  public GeminiHooks(Observer observer, SessionRedactors redactors, @Nullable Oversight oversight) {
    super(
        PRODUCT,
        TOOLS,
        observer,
        new Workplaces(observer.clock()),
        MOST_SESSIONS,
        () -> new GeminiSession(observer.fingerprints()),
        redactors,
        oversight);
    this.clock = observer.clock();
  }

  /** Records and does nothing else. */
  public GeminiHooks(Observer observer) {
    this(observer, new SessionRedactors(observer.fingerprints()), null);
  }

  @Override
  protected String session(ObjectNode sent) throws BadInputException {
    Hook.requireName(sent, "hook_event_name", "_-");
    Hook.requireIdentifier(sent.path("session_id"), "session_id");
    return sent.path("session_id").asText();
  }

  @Override
  protected Hook read(ObjectNode fields, GeminiSession session) {
    String name = fields.path("hook_event_name").asText();
    String id = fields.path("session_id").asText();
    Instant told = Hook.time(fields, "timestamp");
    Instant time = told == null ? clock.instant() : told;
    String prompt = name.equals("BeforeAgent") ? session.prompted(id, time) : session.prompt();
    return Hook.of(fields, name, id)
        .in(Hook.path(fields, "cwd"))
        .by(null, told)
        .about(prompt, toolCall(fields, name, id, time, session), null);
  }

  private static @Nullable String toolCall(
      ObjectNode fields, String name, String id, Instant time, GeminiSession session) {
    String tool = Hook.text(fields, "tool_name");
    if (tool == null) {
      return null;
    }
    String input = session.inputName(tool, fields.path("tool_input"));
    return switch (name) {
      case "BeforeTool" -> session.requested(id, input, time);
      case "AfterTool" -> session.ended(id, input, time);
      default -> null;
    };
  }

  @Override
  protected @Nullable ToolCall asked(Hook hook) {
    String tool = hook.text("tool_name");
    return hook.name().equals("BeforeTool") && tool != null ? call(hook, tool) : null;
  }

  @Override
  protected void denied(Hook hook, GeminiSession session) {
    if (hook.toolCall() != null) {
      session.denied(hook.toolCall());
    }
  }

  @Override
  protected boolean startsSubAgent(Hook hook) {
    return false;
  }

  @Override
  protected List<String> written(ObjectNode sent) {
    JsonNode display = sent.path("tool_response").path("returnDisplay");
    String content = display.path("newContent").textValue();
    boolean ran =
        "AfterTool".equals(sent.path("hook_event_name").textValue())
            && WRITING.contains(sent.path("tool_name").asText());
    // What the human changed in the agent's proposal is theirs.
    JsonNode stat = display.path("diffStat");
    long byHuman =
        stat.path("user_added_lines").asLong() + stat.path("user_removed_lines").asLong();
    return ran && content != null && byHuman == 0 ? List.of(content) : List.of();
  }

  @Override
  protected Bytes denial(String reason) {
    return Denials.decision(reason);
  }

  @Override
  protected List<Event> tell(Telling telling, GeminiSession session) {
    Hook hook = telling.hook();
    String tool = hook.text("tool_name");
    return switch (hook.name()) {
      case "SessionStart" -> telling.sessionStarted(hook.text("source"), null);
      case "SessionEnd" -> telling.other(new Body.SessionEnded(hook.text("reason")), "session:end");
      case "BeforeAgent" -> telling.other(new Body.PromptSubmitted(origin(hook)), "prompt:submit");
      case "BeforeTool" -> tool == null ? telling.observed() : telling.requested(call(hook, tool));
      case "AfterTool" -> tool == null ? telling.observed() : completed(telling, tool);
      case "Notification" -> notified(telling);
      default -> telling.observed();
    };
  }

  private static Body.PromptOrigin origin(Hook hook) {
    return hook.fields().path("prompt").isTextual()
        ? Body.PromptOrigin.HUMAN
        : Body.PromptOrigin.UNKNOWN;
  }

  private static List<Event> notified(Telling telling) {
    JsonNode details = telling.hook().fields().path("details");
    String tool = Hook.text(details, "tool_name");
    return tool != null && "ToolPermission".equals(telling.hook().text("notification_type"))
        ? telling.decided(
            ToolCall.of(
                tool,
                TOOLS,
                provider(telling.hook(), tool),
                telling.hook().cwd(),
                details,
                List.of()),
            null,
            null)
        : telling.observed();
  }

  private static ToolCall call(Hook hook, String tool) {
    JsonNode input = hook.fields().path("tool_input");
    JsonNode response = hook.fields().path("tool_response");
    ToolCall call =
        ToolCall.of(tool, TOOLS, provider(hook, tool), hook.cwd(), input, List.of(response));
    call.mentions().commitsIn(call.command(), ShellResult.output(response));
    return call;
  }

  private static @Nullable ToolProvider provider(Hook hook, String tool) {
    String server = Hook.text(hook.fields().path("mcp_context"), "server_name");
    if (server != null) {
      return ToolCall.server(server);
    }
    return tool.startsWith(MCP) ? null : ToolCall.BUILT_IN;
  }

  private static List<Event> completed(Telling telling, String tool) {
    JsonNode response = telling.hook().fields().path("tool_response");
    ToolCall call = call(telling.hook(), tool);
    JsonNode error = response.path("error");
    if (error.isObject()) {
      String message = error.path("message").textValue();
      return telling.completed(
          call, null, Outcome.FAILURE, message == null ? null : Telling.reason(message));
    }
    if (!tool.equals(TOOLS.shell())) {
      return telling.completed(
          call, null, response.isObject() ? Outcome.SUCCESS : Outcome.UNKNOWN, null);
    }
    ShellResult result = ShellResult.of(response);
    return telling.completed(
        call,
        null,
        result.outcome(),
        result.reason() == null ? null : Telling.reason(result.reason()));
  }
}
