package dev.custody.source.otlp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.custody.capture.Observer;
import dev.custody.event.Actor;
import dev.custody.event.Agent;
import dev.custody.event.Event;
import dev.custody.event.EventBuilder;
import dev.custody.event.Human;
import dev.custody.event.HumanBasis;
import dev.custody.event.Source;
import dev.custody.identity.SpiffeId;
import dev.custody.redact.Redacted;
import dev.custody.redact.Redactor;
import dev.custody.sighting.SessionRedactors;
import dev.custody.sighting.Sighting;
import dev.custody.source.SessionPlaces;
import dev.custody.source.SessionPlaces.Place;
import dev.custody.source.agent.Mentions;
import dev.custody.source.git.Workplace;
import dev.custody.source.git.Workplaces;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** From one record to the events that tell of it. */
final class TelemetryEvents {
  private static final String UNKNOWN = "unknown";

  /** Where an agent may say where it works; few do. */
  private static final List<String> DIRECTORIES =
      List.of("process.working_directory", "workspace.path", "cwd");

  private static final int LONGEST_PATH = 4_096;

  private final Observer observer;
  private final SessionRedactors redactors;
  private final SessionPlaces places;
  private final Workplaces workplaces;

  TelemetryEvents(Observer observer, SessionRedactors redactors, SessionPlaces places) {
    this.observer = observer;
    this.redactors = redactors;
    this.places = places;
    this.workplaces = new Workplaces(observer.clock());
  }

  /**
   * The events that {@code sent} tells of.
   *
   * @param sessionless redacts what belongs to no session
   */
  List<Event> of(Telemetry sent, Client client, Redactor sessionless) {
    String product = client.product(sent);
    String named = client.session(sent);
    Redactor redactor = named == null ? sessionless : redactors.of(product, named);
    Redacted<JsonNode> redacted = redactor.json(sent.fields());
    Telemetry record = new Telemetry((ObjectNode) redacted.value());
    String session = client.session(record);
    Long sequence = client.sequence(record);
    Source source =
        new Source(
            client.kind(record),
            client.event(record),
            RecordId.of(redacted, record, session, sequence, observer.fingerprints()),
            record.version(),
            sequence);
    Told told = client.told(record);
    Place place = place(record, product, session);
    Human human = human(client.account(record), place.human());
    Agent agent = new Agent(product, record.version(), place.spiffeId(), session, told.subAgent());
    Sighting sighting =
        new Sighting(observer, source, redacted)
            .actor(new Actor(human, agent))
            .project(place.project())
            .delegation(place.delegation())
            .within(session, told.prompt(), told.toolCall());
    Instant time = record.time();
    if (time != null) {
      sighting.occurredAt(time);
    }
    return sighting.finish(draft(sighting, record, told, place));
  }

  private static EventBuilder draft(Sighting sighting, Telemetry record, Told told, Place place) {
    Mentions named = named(record, told, place.project());
    return sighting
        .event(told.body())
        .action(told.action())
        .toolProvider(told.provider())
        .trace(record.trace())
        .outcome(told.outcome(), told.reason())
        .resources(Sighting.bounded(named.resources()))
        .identifiers(named.identifiers());
  }

  private static Mentions named(Telemetry record, Told told, @Nullable String directory) {
    Mentions named = new Mentions(directory).commit(told.commit());
    if (!told.repeats()) {
      named
          .pathsOf(told.input())
          .textsOf(record.attributes())
          .textsOf(record.body())
          .textsOf(record.fields().path("events"));
    }
    return named;
  }

  /** As the session's hooks told; else what the record says; else unknown. */
  private Place place(Telemetry record, String product, @Nullable String session) {
    Place told = session == null ? null : places.of(product, session);
    if (told != null) {
      return told;
    }
    String directory = directory(record);
    if (directory == null) {
      return new Place(null, null, spiffeId(product, UNKNOWN), null);
    }
    Workplace workplace = workplaces.at(directory);
    return new Place(
        directory,
        workplace.gitEmail() == null ? null : observer.human(session, workplace.gitEmail()),
        spiffeId(product, workplace.project()),
        null);
  }

  private String spiffeId(String product, String project) {
    return SpiffeId.agent(observer.trustDomain(), product, project).toString();
  }

  private static @Nullable String directory(Telemetry record) {
    for (String name : DIRECTORIES) {
      String directory = Telemetry.text(record.attributes(), name, LONGEST_PATH);
      if (directory == null) {
        directory = Telemetry.text(record.resource(), name, LONGEST_PATH);
      }
      if (directory != null) {
        return directory;
      }
    }
    return null;
  }

  private Human human(@Nullable String account, @Nullable Human placed) {
    String osUser = observer.osUser();
    if (account != null) {
      return new Human(
          account, HumanBasis.AGENT_ACCOUNT, osUser, placed == null ? null : placed.gitEmail());
    }
    if (placed != null) {
      return placed;
    }
    return observer.human(null);
  }
}
