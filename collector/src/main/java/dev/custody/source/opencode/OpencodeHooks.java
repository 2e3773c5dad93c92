package dev.custody.source.opencode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.custody.capture.BadInputException;
import dev.custody.capture.Observer;
import dev.custody.digest.Bytes;
import dev.custody.event.Body;
import dev.custody.event.Event;
import dev.custody.sighting.SessionRedactors;
import dev.custody.source.agent.AgentHooks;
import dev.custody.source.agent.Denials;
import dev.custody.source.agent.Family;
import dev.custody.source.agent.Hook;
import dev.custody.source.agent.Oversight;
import dev.custody.source.agent.Telling;
import dev.custody.source.agent.ToolCall;
import dev.custody.source.git.Workplaces;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** opencode's callbacks, as {@code docs/events.md} says. Safe for use by several threads. */
public final class OpencodeHooks extends AgentHooks<OpencodeSession> {
  private static final String PRODUCT = "opencode";

  private final Family sessions = new Family();

  /** For hooks that {@code observer} receives, of sessions that {@code oversight} knows more of. */
  public OpencodeHooks(
      Observer observer, SessionRedactors redactors, @Nullable Oversight oversight) {
    super(
        PRODUCT,
        CallTelling.TOOLS,
        observer,
        new Workplaces(observer.clock()),
        MOST_SESSIONS,
        () -> new OpencodeSession(observer.fingerprints()),
        redactors,
        oversight);
  }

  /** Records and does nothing else. */
  public OpencodeHooks(Observer observer) {
    this(observer, new SessionRedactors(observer.fingerprints()), null);
  }

  @Override
  protected String session(ObjectNode sent) throws BadInputException {
    Hook.requireName(sent, "hook", "_-.:");
    Callback callback = new Callback(sent);
    if (needsSession(callback.name())) {
      Hook.requireIdentifier(callback.session(), "input.sessionID");
    }
    String id = callback.sessionId();
    if (id == null) {
      return "";
    }
    String parent = callback.parent();
    if (parent != null || callback.name().equals("event:session.created")) {
      sessions.born(id, parent);
    }
    return sessions.root(id);
  }

  private static boolean needsSession(String name) {
    return name.startsWith("tool.") || name.equals("chat.message");
  }

  @Override
  protected Hook read(ObjectNode fields, OpencodeSession session) {
    Callback callback = new Callback(fields);
    String id = callback.sessionId();
    session.at(callback.directory(), callback.version());
    if (id != null && callback.name().equals("chat.message") && callback.promptId() != null) {
      session.prompted(id, callback.promptId());
    }
    Hook hook =
        Hook.of(fields, callback.name(), id == null ? null : sessions.root(id))
            .in(session.directory())
            .by(session.version(), Hook.time(fields, "at"));
    return hook.about(
        id == null ? null : session.prompt(id),
        callback.toolCall(),
        sessions.isChild(id) ? id : null);
  }

  @Override
  protected @Nullable ToolCall asked(Hook hook) {
    Callback callback = new Callback(hook.fields());
    String tool = Hook.text(callback.input(), "tool");
    return hook.name().equals("tool.execute.before") && tool != null
        ? CallTelling.call(hook, tool, callback.output().path("args"), List.of())
        : null;
  }

  @Override
  protected boolean startsSubAgent(Hook hook) {
    return hook.name().equals("event:session.created") && hook.subAgent() != null;
  }

  @Override
  protected boolean endsSession(Hook hook) {
    return hook.name().equals("event:session.deleted") && hook.subAgent() == null;
  }

  @Override
  protected List<String> written(ObjectNode sent) {
    Callback callback = new Callback(sent);
    String content = callback.input().path("args").path("content").textValue();
    boolean ran =
        callback.name().equals("tool.execute.after")
            && "write".equals(callback.input().path("tool").textValue())
            && !callback.output().path("isError").asBoolean(false);
    return ran && content != null ? List.of(content) : List.of();
  }

  @Override
  protected Bytes denial(String reason) {
    return Denials.decision(reason);
  }

  @Override
  protected void denied(Hook hook, OpencodeSession session) {
    if (hook.toolCall() != null) {
      session.denied(hook.toolCall());
    }
  }

  @Override
  protected List<Event> tell(Telling telling, OpencodeSession session) {
    long missed = missed(telling.hook().fields().path("missed"));
    List<Event> events = new ArrayList<>(ofCallback(telling, session));
    if (missed > 0) {
      events.addAll(telling.missed(missed));
    }
    return events;
  }

  // The plugin counts what it could not hand over, and says so with the next that it can.
  private static long missed(JsonNode count) {
    return count.isIntegralNumber() && count.canConvertToLong() ? count.longValue() : 0;
  }

  private static List<Event> ofCallback(Telling telling, OpencodeSession session) {
    Hook hook = telling.hook();
    String subAgent = hook.subAgent();
    return switch (hook.name()) {
      case "event:session.created" -> started(telling, subAgent);
      case "event:session.deleted" ->
          subAgent == null
              ? telling.other(new Body.SessionEnded("deleted"), "session:end")
              : telling.observed();
      case "event:session.idle" ->
          subAgent == null
              ? telling.observed()
              : telling.other(new Body.SubagentEnded(subAgent, null), "subagent:end");
      case "chat.message" ->
          telling.other(
              new Body.PromptSubmitted(origin(subAgent, new Callback(hook.fields()))),
              "prompt:submit");
      default -> new CallTelling(telling, session).tell();
    };
  }

  private static List<Event> started(Telling telling, @Nullable String subAgent) {
    JsonNode info = new Callback(telling.hook().fields()).info();
    return subAgent == null
        ? telling.sessionStarted(null, null)
        : telling.other(
            new Body.SubagentStarted(subAgent, Hook.text(info, "agent")), "subagent:start");
  }

  // What a sub-agent is told was written by another agent; what is synthetic by opencode itself.
  private static Body.PromptOrigin origin(@Nullable String subAgent, Callback callback) {
    JsonNode parts = callback.output().path("parts");
    boolean texts = false;
    boolean synthetic = true;
    for (JsonNode part : parts) {
      if (part.path("text").isTextual()) {
        texts = true;
        synthetic &= part.path("synthetic").asBoolean(false);
      }
    }
    if (texts && synthetic) {
      return Body.PromptOrigin.NOTIFICATION;
    }
    return texts && subAgent == null ? Body.PromptOrigin.HUMAN : Body.PromptOrigin.UNKNOWN;
  }
}
