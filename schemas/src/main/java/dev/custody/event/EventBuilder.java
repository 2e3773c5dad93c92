package dev.custody.event;

import dev.custody.digest.Bytes;
import dev.custody.digest.Salt;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes events. A fresh builder has a fresh id and a fresh salt; whoever observes sets the rest.
 */
public final class EventBuilder {
  private final EventId id = EventId.fresh();
  private final Instant observedAt;
  private final Source source;
  private final Host host;
  private final Body body;
  private final List<String> resources = new ArrayList<>();
  private final List<Identifier> identifiers = new ArrayList<>();
  private final List<Redaction> redactions = new ArrayList<>();
  private Instant occurredAt;
  private Actor actor = new Actor(null, null);
  private @Nullable String session;
  private @Nullable String prompt;
  private @Nullable String toolCall;
  private @Nullable ToolProvider toolProvider;
  private @Nullable TraceContext trace;
  private @Nullable String delegation;
  private @Nullable String project;
  private @Nullable String action;
  private Outcome outcome = Outcome.UNKNOWN;
  private @Nullable String outcomeReason;
  private Bytes content = new Bytes(new byte[0]);
  private long contentOmitted;

  /**
   * An event learnt from {@code source} at {@code observedAt}, which counts as its time until
   * another is given.
   */
  public EventBuilder(Source source, Host host, Instant observedAt, Body body) {
    this.source = source;
    this.host = host;
    this.observedAt = observedAt.truncatedTo(ChronoUnit.MILLIS);
    this.occurredAt = this.observedAt;
    this.body = body;
  }

  /** The id that the event will have. */
  public EventId id() {
    return id;
  }

  /** When it happened, as the source says; milliseconds count. */
  public EventBuilder occurredAt(Instant value) {
    this.occurredAt = value.truncatedTo(ChronoUnit.MILLIS);
    return this;
  }

  /** Who is said to have acted. */
  public EventBuilder actor(Actor value) {
    this.actor = value;
    return this;
  }

  /** Session, prompt and tool call, each null where there is none. */
  public EventBuilder within(
      @Nullable String session, @Nullable String prompt, @Nullable String toolCall) {
    this.session = session;
    this.prompt = prompt;
    this.toolCall = toolCall;
    return this;
  }

  /** Who supplies the tool. */
  public EventBuilder toolProvider(@Nullable ToolProvider value) {
    this.toolProvider = value;
    return this;
  }

  /** Where it stands in a distributed trace. */
  public EventBuilder trace(@Nullable TraceContext value) {
    this.trace = value;
    return this;
  }

  /** The delegation that was presented. */
  public EventBuilder delegation(@Nullable String value) {
    this.delegation = value;
    return this;
  }

  /** Directory or repository at work. */
  public EventBuilder project(@Nullable String value) {
    this.project = value;
    return this;
  }

  /** Adds what is touched or named. */
  public EventBuilder resources(List<String> values) {
    this.resources.addAll(values);
    return this;
  }

  /** What was done. */
  public EventBuilder action(@Nullable String value) {
    this.action = value;
    return this;
  }

  /** What came of it, and why. */
  public EventBuilder outcome(Outcome value, @Nullable String reason) {
    this.outcome = value;
    this.outcomeReason = reason;
    return this;
  }

  /** Adds public identifiers. */
  public EventBuilder identifiers(List<Identifier> values) {
    this.identifiers.addAll(values);
    return this;
  }

  /** Adds secrets that were replaced. */
  public EventBuilder redactions(List<Redaction> values) {
    this.redactions.addAll(values);
    return this;
  }

  /**
   * The redacted source record.
   *
   * @param json UTF-8 JSON
   * @param omitted bytes that were left out of it
   */
  public EventBuilder content(byte[] json, long omitted) {
    this.content = new Bytes(json);
    this.contentOmitted = omitted;
    return this;
  }

  /** The event. */
  public Event build() {
    return new Event(
        Salt.fresh(),
        id,
        occurredAt,
        observedAt,
        source,
        host,
        actor,
        session,
        prompt,
        toolCall,
        toolProvider,
        trace,
        delegation,
        project,
        resources,
        action,
        outcome,
        outcomeReason,
        identifiers.stream().distinct().toList(),
        redactions,
        content,
        "",
        contentOmitted,
        body);
  }
}
