package dev.custody.source.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.custody.capture.Observer;
import dev.custody.event.Body;
import dev.custody.event.Event;
import dev.custody.event.EventBuilder;
import dev.custody.event.Identifier;
import dev.custody.event.Outcome;
import dev.custody.event.Source;
import dev.custody.redact.Redacted;
import dev.custody.sighting.Sighting;
import dev.custody.source.git.Repositories;
import dev.custody.tag.SessionTags;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tells one hook as events, each with all that is common to an agent's events. */
public final class Telling {
  private static final int LONGEST_REASON = 300;

  private final Observer observer;
  private final @Nullable SessionTags tags;
  private final ToolKinds kinds;
  private final Hook hook;
  private final Redacted<JsonNode> record;
  private final List<Identifier> contents;
  private final Setting setting;

  Telling(
      Observer observer,
      @Nullable SessionTags tags,
      ToolKinds kinds,
      Hook hook,
      Redacted<JsonNode> record,
      List<Identifier> contents,
      Setting setting) {
    this.observer = observer;
    this.tags = tags;
    this.kinds = kinds;
    this.hook = hook;
    this.record = record;
    this.contents = List.copyOf(contents);
    this.setting = setting;
  }

  /** The first line, bounded: an outcome's reason is no place for a whole text. */
  public static String reason(String text) {
    String line = text.strip().lines().findFirst().orElse("");
    return line.length() <= LONGEST_REASON ? line : line.substring(0, LONGEST_REASON) + "…";
  }

  /** The hook that is told. */
  public Hook hook() {
    return hook;
  }

  /** The same record, told of {@code other}: the same hook, of which more was known. */
  public Telling of(Hook other) {
    return new Telling(observer, tags, kinds, other, record, contents, setting);
  }

  /** All that was sent, redacted. */
  public Redacted<JsonNode> record() {
    return record;
  }

  /** A hook without a body of its own. */
  public List<Event> observed() {
    return other(new Body.Observed(hook.name()), null);
  }

  /** A session began. */
  public List<Event> sessionStarted(@Nullable String how, @Nullable String model) {
    Sighting sighting = sighting(record, hook.toolCall());
    EventBuilder draft = named(sighting.event(new Body.SessionStarted(how, model)));
    return sighting.finish(draft.action("session:start").identifiers(tag()));
  }

  /** A hook that is no call of a tool. */
  public List<Event> other(Body body, @Nullable String action) {
    Sighting sighting = sighting(record, hook.toolCall());
    return sighting.finish(named(sighting.event(body)).action(action));
  }

  /** A hook that names nothing which others of its call or session do not name. */
  public List<Event> bare(Body body) {
    Sighting sighting = sighting(record, null);
    return sighting.finish(sighting.event(body));
  }

  private EventBuilder named(EventBuilder draft) {
    Mentions mentions = new Mentions(hook.cwd()).pathsOf(hook.fields()).textsOf(hook.fields());
    return draft
        .resources(Sighting.bounded(mentions.resources()))
        .identifiers(mentions.identifiers());
  }

  /** Before this hook {@code count} others found no collector, as the agent says now. */
  public List<Event> missed(long count) {
    ObjectNode note = JsonNodeFactory.instance.objectNode().put("missed", count);
    Sighting sighting = sighting(new Redacted<>(note, List.of()), null);
    return sighting.finish(sighting.event(new Body.HookMissed("unknown")).action("hook:miss"));
  }

  /** A call is about to run. */
  public List<Event> requested(ToolCall call) {
    List<Identifier> known = new ArrayList<>(repository(call));
    if (kinds.reaches(call.tool())) {
      known.addAll(tag());
    }
    return call(new Body.ToolCallRequested(call.tool()), call, Outcome.UNKNOWN, null, known);
  }

  /** Somebody was asked to permit a call, or answered. */
  public List<Event> decided(ToolCall call, @Nullable String decision, @Nullable String by) {
    return call(
        new Body.ToolCallDecided(call.tool(), decision, by),
        call,
        Outcome.UNKNOWN,
        null,
        List.of());
  }

  /** A call ended; {@code outcome} is {@code UNKNOWN} where the agent does not say how. */
  public List<Event> completed(
      ToolCall call, @Nullable Long millis, Outcome outcome, @Nullable String reason) {
    List<Identifier> known = new ArrayList<>(repository(call));
    known.addAll(contents);
    return call(new Body.ToolCallCompleted(call.tool(), millis), call, outcome, reason, known);
  }

  /** A call was not allowed to run. */
  public List<Event> refused(ToolCall call, String by, String reason) {
    return refused(call, by, reason, record, hook.toolCall());
  }

  /** Call {@code id}, which {@code part} of the record tells of, was not allowed to run. */
  public List<Event> refused(
      ToolCall call, String by, String reason, Redacted<JsonNode> part, @Nullable String id) {
    Sighting sighting = sighting(part, id);
    Body body = new Body.ToolCallRefused(call.tool(), by);
    return sighting.finish(
        drafted(sighting, body, call, List.of()).outcome(Outcome.DENIED, reason));
  }

  private List<Event> call(
      Body body,
      ToolCall call,
      Outcome outcome,
      @Nullable String reason,
      List<Identifier> identifiers) {
    Sighting sighting = sighting(record, hook.toolCall());
    return sighting.finish(drafted(sighting, body, call, identifiers).outcome(outcome, reason));
  }

  private static EventBuilder drafted(
      Sighting sighting, Body body, ToolCall call, List<Identifier> identifiers) {
    return sighting
        .event(body)
        .action("tool:" + call.tool())
        .toolProvider(call.provider())
        .resources(Sighting.bounded(call.mentions().resources()))
        .identifiers(call.mentions().identifiers())
        .identifiers(identifiers);
  }

  /** By what the traces of a call are known in the repository that it can change. */
  private List<Identifier> repository(ToolCall call) {
    String repository = setting.workplace().repository();
    return repository != null && kinds.changes(call.tool())
        ? List.of(Repositories.identifier(observer.host(), repository))
        : List.of();
  }

  /** The session's tag, once its tools were told it. */
  private List<Identifier> tag() {
    String session = hook.session();
    return tags != null && session != null && tags.isGiven(session)
        ? List.of(tags.of(session).identifier())
        : List.of();
  }

  private Sighting sighting(Redacted<JsonNode> part, @Nullable String toolCall) {
    Source source = new Source(setting.product(), hook.name(), null, hook.version());
    Sighting sighting =
        new Sighting(observer, source, part)
            .actor(setting.actor(hook))
            .delegation(setting.binding().id())
            .project(hook.cwd())
            .within(hook.session(), hook.prompt(), toolCall);
    return hook.at() == null ? sighting : sighting.occurredAt(hook.at());
  }
}
