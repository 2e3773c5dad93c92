package dev.custody.sighting;

import com.fasterxml.jackson.databind.JsonNode;
import dev.custody.capture.Observer;
import dev.custody.event.Actor;
import dev.custody.event.Body;
import dev.custody.event.Event;
import dev.custody.event.EventBuilder;
import dev.custody.event.EventId;
import dev.custody.event.Identifier;
import dev.custody.event.IdentifierKind;
import dev.custody.event.Redaction;
import dev.custody.event.Source;
import dev.custody.redact.Finding;
import dev.custody.redact.Redacted;
import dev.custody.wire.Formats;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One redacted record and where it was seen. It drafts the event that tells of the record, and
 * finishes it together with one {@code SecretObserved} for each distinct secret that was replaced.
 *
 * <p>Lists are bounded here, for a record can name anything any number of times; what is over the
 * bound is still in the content.
 */
public final class Sighting {
  /** Most secrets of one record that get an event of their own. */
  public static final int MOST_SECRETS = 256;

  /** Most characters in an event's resources, in its identifiers, in its redactions. */
  private static final int MOST_CHARACTERS = 64 << 10;

  private static final int LONGEST_LOCATION = 512;

  /** Room for what the encoding of a longer content adds around it. */
  private static final int FRAME = 64;

  /** A record so short that what an event tells of it beside the content is short as well. */
  private static final int SMALL = 16 << 10;

  /** Of such a record: twenty fields, each of which is at most all of it. */
  private static final int FIELDS = 20 * SMALL;

  private static final byte[] NOTHING = {};

  private final Observer observer;
  private final Instant observedAt;
  private final Source source;
  private final Redacted<JsonNode> record;
  private Actor actor = new Actor(null, null);
  private @Nullable Instant occurredAt;
  private @Nullable String project;
  private @Nullable String delegation;
  private @Nullable String session;
  private @Nullable String prompt;
  private @Nullable String toolCall;

  /** What {@code source} showed just now. */
  public Sighting(Observer observer, Source source, Redacted<JsonNode> record) {
    this.observer = observer;
    this.observedAt = observer.clock().instant();
    this.source = source;
    this.record = record;
  }

  /** Who is said to have acted. */
  public Sighting actor(Actor value) {
    this.actor = value;
    return this;
  }

  /** When it happened, as the source says. */
  public Sighting occurredAt(Instant value) {
    this.occurredAt = value;
    return this;
  }

  /** Directory or repository at work. */
  public Sighting project(@Nullable String value) {
    this.project = value;
    return this;
  }

  /** The delegation that was presented. */
  public Sighting delegation(@Nullable String value) {
    this.delegation = value;
    return this;
  }

  /** Session, prompt and tool call, each null where there is none. */
  public Sighting within(
      @Nullable String session, @Nullable String prompt, @Nullable String toolCall) {
    this.session = session;
    this.prompt = prompt;
    this.toolCall = toolCall;
    return this;
  }

  /** A draft with everything that is common to this record's events. */
  public EventBuilder event(Body body) {
    return draft(source, body);
  }

  /** As many of {@code resources} as an event holds, each once. */
  public static List<String> bounded(List<String> resources) {
    List<String> kept = new ArrayList<>();
    int characters = 0;
    for (String resource : new LinkedHashSet<>(resources)) {
      characters += resource.length();
      if (characters > MOST_CHARACTERS) {
        break;
      }
      kept.add(resource);
    }
    return List.copyOf(kept);
  }

  /** The finished event, and right behind it those of its secrets. */
  public List<Event> finish(EventBuilder draft) {
    draft.redactions(redactions());
    Event event = fitted(draft);
    if (record.findings().isEmpty()) {
      return List.of(event);
    }
    List<Event> events = new ArrayList<>();
    events.add(event);
    events.addAll(secrets(draft.id()));
    return List.copyOf(events);
  }

  private Event fitted(EventBuilder draft) {
    byte[] whole = StrictJson.bytes(record.value());
    if (whole.length <= SMALL) {
      Event event = draft.content(whole, 0).build();
      if (frameAtMost(event) <= Formats.MAX_EVENT_BYTES - SMALL) {
        return event;
      }
    }
    int frame = Formats.EVENT.encode(draft.content(NOTHING, 0).build()).length + FRAME;
    ContentLimit.Fitted fitted =
        ContentLimit.fit(record.value(), whole, Formats.MAX_EVENT_BYTES - frame);
    return draft.content(fitted.json().toByteArray(), fitted.omitted()).build();
  }

  // No less than what is around the content of a short record. To encode an event only to learn its
  // size costs as much again as to encode it.
  private static long frameAtMost(Event event) {
    long characters = 2L * FRAME * event.redactions().size();
    for (String resource : event.resources()) {
      characters += FRAME + resource.length();
    }
    for (Identifier identifier : event.identifiers()) {
      characters += FRAME + identifier.value().length();
    }
    for (Redaction redaction : event.redactions()) {
      characters += redaction.location().length();
    }
    return FIELDS + 3 * characters;
  }

  private EventBuilder draft(Source from, Body body) {
    EventBuilder draft =
        new EventBuilder(from, observer.host(), observedAt, body)
            .actor(actor)
            .within(session, prompt, toolCall)
            .delegation(delegation)
            .project(project);
    return occurredAt == null ? draft : draft.occurredAt(occurredAt);
  }

  private List<Redaction> redactions() {
    List<Redaction> redactions = new ArrayList<>();
    int characters = 0;
    for (Finding finding : record.findings()) {
      String location = location(finding);
      characters += location.length() + LONGEST_LOCATION / 8;
      if (characters > MOST_CHARACTERS) {
        break;
      }
      redactions.add(new Redaction(finding.kind().id(), finding.fingerprint(), location));
    }
    return List.copyOf(redactions);
  }

  private List<Event> secrets(EventId seenIn) {
    List<Event> events = new ArrayList<>();
    Set<String> known = new HashSet<>();
    for (Finding finding : record.findings()) {
      String kind = finding.kind().id();
      String name = kind + ':' + finding.fingerprint();
      if (events.size() == MOST_SECRETS) {
        break;
      }
      if (known.add(name)) {
        Body body = new Body.SecretObserved(kind, finding.fingerprint(), location(finding), seenIn);
        events.add(
            draft(secretSource(events.size() + 1), body)
                .identifiers(List.of(new Identifier(IdentifierKind.SECRET_FINGERPRINT, name)))
                .build());
      }
    }
    return events;
  }

  private Source secretSource(int number) {
    String id = source.id() == null ? null : source.id() + "#secret-" + number;
    return new Source(source.kind(), source.event(), id, source.version());
  }

  private static String location(Finding finding) {
    String location = finding.location();
    return location.length() <= LONGEST_LOCATION
        ? location
        : location.substring(0, LONGEST_LOCATION);
  }
}
