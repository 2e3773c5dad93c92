package dev.custody.source.claudecode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.custody.capture.BadInputException;
import dev.custody.capture.Observer;
import dev.custody.event.Actor;
import dev.custody.event.Agent;
import dev.custody.event.Body;
import dev.custody.event.Event;
import dev.custody.event.EventBuilder;
import dev.custody.event.Human;
import dev.custody.event.HumanBasis;
import dev.custody.event.Outcome;
import dev.custody.event.Source;
import dev.custody.event.ToolProvider;
import dev.custody.event.ToolProviderKind;
import dev.custody.identity.SpiffeId;
import dev.custody.redact.Finding;
import dev.custody.redact.Redacted;
import dev.custody.sighting.Sighting;
import dev.custody.sighting.StrictJson;
import dev.custody.source.git.Workplace;
import dev.custody.source.git.Workplaces;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Turns the bodies of Claude Code's hooks into events, as {@code docs/events.md} says. Safe for use
 * by several threads.
 */
public final class ClaudeCodeHooks {
  private static final String PRODUCT = "claude-code";
  private static final String NOTIFICATION = "<task-notification>";
  private static final String MCP = "mcp__";
  private static final String CALLS = "tool_calls";
  private static final String FIRST_CALL = "/" + CALLS + "/0/";

  /** Sessions whose state is kept; of one more, the one that was quiet for longest is forgotten. */
  private static final int MOST_SESSIONS = 512;

  private final Observer observer;
  private final Workplaces workplaces;
  private final Sessions sessions;

  /** For hooks that {@code observer} receives. */
  public ClaudeCodeHooks(Observer observer) {
    this(observer, new Workplaces(observer.clock()), MOST_SESSIONS);
  }

  ClaudeCodeHooks(Observer observer, Workplaces workplaces, int mostSessions) {
    this.observer = observer;
    this.workplaces = workplaces;
    this.sessions = new Sessions(observer.fingerprints(), mostSessions);
  }

  /**
   * The events that one hook's body tells of, in order; never none.
   *
   * @throws BadInputException when the body is no hook; the message repeats nothing of it
   */
  public List<Event> events(byte[] body) throws BadInputException {
    ObjectNode sent = StrictJson.object(body);
    Hook.check(sent);
    String id = sent.path("session_id").asText();
    Session session = sessions.of(id);
    Redacted<JsonNode> record = session.redactor().json(sent);
    Hook hook = new Hook((ObjectNode) record.value());
    List<Event> events =
        hook.name().equals("PostToolBatch")
            ? batch(hook, record, session)
            : single(hook, record, session);
    if (hook.name().equals("SessionEnd")) {
      sessions.end(id);
    }
    return events;
  }

  private List<Event> single(Hook hook, Redacted<JsonNode> record, Session session) {
    Sighting sighting = sighting(hook, record, hook.text("tool_use_id"));
    String tool = hook.text("tool_name");
    EventBuilder draft = tool == null ? null : toolCall(hook, tool, sighting, session);
    return sighting.finish(draft == null ? other(hook, sighting) : draft);
  }

  /** A hook of one tool call; null if it is of another kind. */
  private static @Nullable EventBuilder toolCall(
      Hook hook, String tool, Sighting sighting, Session session) {
    String id = hook.text("tool_use_id");
    JsonNode input = hook.fields().path("tool_input");
    EventBuilder draft;
    switch (hook.name()) {
      case "PreToolUse" -> {
        if (id != null) {
          session.requested(id);
        }
        draft = sighting.event(new Body.ToolCallRequested(tool));
      }
      case "PermissionRequest" -> {
        session.asked(tool, input);
        draft = sighting.event(new Body.ToolCallDecided(tool, null, null));
      }
      case "PostToolUse", "PostToolUseFailure" -> {
        if (id != null) {
          session.ran(id);
        }
        boolean failed = hook.name().equals("PostToolUseFailure");
        draft =
            sighting
                .event(new Body.ToolCallCompleted(tool, hook.number("duration_ms")))
                .outcome(failed ? Outcome.FAILURE : Outcome.SUCCESS, failed ? error(hook) : null);
      }
      default -> {
        return null;
      }
    }
    return about(draft, tool, hook.cwd(), hook.fields());
  }

  /** Adds what {@code call}, an object with input and result, tells of its tool. */
  private static EventBuilder about(
      EventBuilder draft, String tool, @Nullable String cwd, JsonNode call) {
    Mentions mentions =
        new Mentions(cwd)
            .pathsOf(call.path("tool_input"))
            .textsOf(call.path("tool_input"))
            .textsOf(call.path("tool_response"))
            .textsOf(call.path("error"))
            .commitOf(call.path("tool_response"));
    return draft
        .action("tool:" + tool)
        .toolProvider(provider(tool))
        .resources(Sighting.bounded(mentions.resources()))
        .identifiers(mentions.identifiers());
  }

  private static EventBuilder other(Hook hook, Sighting sighting) {
    EventBuilder draft = known(hook, sighting);
    if (draft == null) {
      draft = sighting.event(new Body.Observed(hook.name()));
    }
    Mentions mentions = new Mentions(hook.cwd()).pathsOf(hook.fields()).textsOf(hook.fields());
    return draft
        .resources(Sighting.bounded(mentions.resources()))
        .identifiers(mentions.identifiers());
  }

  /** A hook that has a body of its own; null for any other, and where the body lacks its core. */
  private static @Nullable EventBuilder known(Hook hook, Sighting sighting) {
    String subAgent = hook.text("agent_id");
    String type = hook.text("agent_type");
    return switch (hook.name()) {
      case "SessionStart" ->
          sighting
              .event(new Body.SessionStarted(hook.text("source"), hook.text("model")))
              .action("session:start");
      case "SessionEnd" ->
          sighting.event(new Body.SessionEnded(hook.text("reason"))).action("session:end");
      case "UserPromptSubmit" ->
          sighting.event(new Body.PromptSubmitted(origin(hook))).action("prompt:submit");
      case "SubagentStart" ->
          subAgent == null
              ? null
              : sighting.event(new Body.SubagentStarted(subAgent, type)).action("subagent:start");
      case "SubagentStop" ->
          subAgent == null
              ? null
              : sighting.event(new Body.SubagentEnded(subAgent, type)).action("subagent:end");
      case "ConfigChange" ->
          sighting
              .event(new Body.ConfigurationChanged(hook.text("source"), hook.path("file_path")))
              .action("configuration:change");
      default -> null;
    };
  }

  /** The batch itself, and each call in it that was not allowed to run. */
  private List<Event> batch(Hook hook, Redacted<JsonNode> record, Session session) {
    Sighting whole = sighting(hook, record, null);
    // No resources and no identifiers: the calls' own hooks told them, with the call's id.
    List<Event> events = new ArrayList<>(whole.finish(whole.event(new Body.Observed(hook.name()))));
    JsonNode calls = hook.fields().path(CALLS);
    for (int i = 0; calls.isArray() && i < calls.size(); i++) {
      events.addAll(refused(hook, record, i, session));
    }
    return List.copyOf(events);
  }

  private List<Event> refused(Hook hook, Redacted<JsonNode> record, int at, Session session) {
    JsonNode call = hook.fields().path(CALLS).path(at);
    String tool = Hook.text(call, "tool_name", Hook.LONGEST_NAME);
    String id = Hook.text(call, "tool_use_id", Hook.LONGEST_NAME);
    Refusal refusal = tool == null ? null : Refusal.of(call, tool, id, session);
    if (tool == null || refusal == null || (id != null && !session.refused(id))) {
      return List.of();
    }
    Sighting sighting = sighting(hook, only(hook, record, at), id);
    EventBuilder draft =
        sighting
            .event(new Body.ToolCallRefused(tool, refusal.by()))
            .outcome(Outcome.DENIED, refusal.reason());
    return sighting.finish(about(draft, tool, hook.cwd(), call));
  }

  /** The record as if it had told of one call only. */
  private static Redacted<JsonNode> only(Hook hook, Redacted<JsonNode> record, int at) {
    ObjectNode narrowed = hook.fields().objectNode();
    hook.fields().properties().forEach(field -> narrowed.set(field.getKey(), field.getValue()));
    narrowed.putArray(CALLS).add(hook.fields().path(CALLS).path(at));
    String prefix = "/" + CALLS + "/" + at + "/";
    List<Finding> findings = new ArrayList<>();
    for (Finding finding : record.findings()) {
      String location = finding.location();
      if (location.startsWith(prefix)) {
        String moved = FIRST_CALL + location.substring(prefix.length());
        findings.add(new Finding(finding.kind(), finding.fingerprint(), moved));
      } else if (!location.startsWith("/" + CALLS + "/")) {
        findings.add(finding);
      }
    }
    return new Redacted<>(narrowed, findings);
  }

  private Sighting sighting(Hook hook, Redacted<JsonNode> record, @Nullable String toolCall) {
    String cwd = hook.cwd();
    Workplace workplace = workplaces.at(cwd == null ? "" : cwd);
    Agent agent =
        new Agent(
            PRODUCT,
            null,
            SpiffeId.agent(observer.trustDomain(), PRODUCT, workplace.project()).toString(),
            hook.session(),
            hook.text("agent_id"));
    return new Sighting(observer, new Source(PRODUCT, hook.name(), null, null), record)
        .actor(new Actor(human(workplace.gitEmail()), agent))
        .project(cwd)
        .within(hook.session(), hook.text("prompt_id"), toolCall);
  }

  private Human human(@Nullable String email) {
    String osUser = observer.osUser();
    if (email != null) {
      return new Human(email, HumanBasis.GIT_EMAIL, osUser, email);
    }
    return osUser != null
        ? new Human(osUser, HumanBasis.OS_USER, osUser, null)
        : new Human("unknown human on " + observer.host().name(), HumanBasis.UNKNOWN, null, null);
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

  private static ToolProvider provider(String tool) {
    int end = tool.startsWith(MCP) ? tool.indexOf("__", MCP.length()) : -1;
    return end > MCP.length()
        ? new ToolProvider(ToolProviderKind.MCP_SERVER, tool.substring(MCP.length(), end), null)
        : new ToolProvider(ToolProviderKind.BUILT_IN, null, null);
  }

  private static @Nullable String error(Hook hook) {
    String error = hook.fields().path("error").textValue();
    return error == null ? null : Refusal.reason(error);
  }
}
