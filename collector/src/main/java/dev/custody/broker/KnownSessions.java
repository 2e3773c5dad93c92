package dev.custody.broker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.custody.capture.BadInputException;
import dev.custody.capture.CaptureException;
import dev.custody.capture.SourceNotes;
import dev.custody.event.Actor;
import dev.custody.event.Agent;
import dev.custody.event.Body;
import dev.custody.event.Event;
import dev.custody.event.Human;
import dev.custody.event.HumanBasis;
import dev.custody.sighting.StrictJson;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sessions whose hooks were seen, the latest of them, and what each was given. Those that hold
 * credentials survive a restart; of the others the next hook tells again. Safe for several threads.
 */
final class KnownSessions {
  private static final String NOTE = "broker.sessions";
  private static final int MOST = 4096;

  /** Of one session more are forgotten, the oldest first; none lasts longer than 12 hours. */
  private static final int MOST_HELD = 1024;

  private static final Logger LOG = LoggerFactory.getLogger(KnownSessions.class);

  private final SourceNotes notes;
  private final Map<String, Entry> latest = new LinkedHashMap<>(16, 0.75f, true);

  /**
   * A credential that a session was given.
   *
   * @param accessKeyId its id
   * @param expiresAt its end
   */
  record Held(String accessKeyId, Instant expiresAt) {}

  private static final class Entry {
    KnownSession session;
    boolean ended;
    final List<Held> held = new ArrayList<>();

    Entry(KnownSession session) {
      this.session = session;
    }
  }

  private KnownSessions(SourceNotes notes) {
    this.notes = notes;
  }

  /**
   * With what was noted before.
   *
   * @throws CaptureException when the notes cannot be read
   */
  static KnownSessions open(SourceNotes notes) throws CaptureException {
    KnownSessions sessions = new KnownSessions(notes);
    byte[] noted = notes.get(NOTE);
    if (noted != null) {
      try {
        sessions.restore(StrictJson.object(noted));
      } catch (BadInputException | IllegalArgumentException e) {
        // Hooks tell of the sessions again; what they were given ends by itself.
        LOG.warn("the broker's note of sessions is of another release; it begins anew");
      }
    }
    return sessions;
  }

  /** Learns of the session of an agent's event; answers whether the event ends it. */
  synchronized boolean seen(Event event) {
    String id = event.session();
    Agent agent = event.actor().agent();
    if (id == null || agent == null || event.source().kind().equals("custody")) {
      return false;
    }
    Entry entry = latest.get(id);
    KnownSession now = session(id, event, agent, entry);
    if (entry == null) {
      entry = new Entry(now);
      latest.put(id, entry);
      forgetEldest();
    }
    entry.session = now;
    boolean ends = event.body() instanceof Body.SessionEnded;
    if (ends || begins(event.body())) {
      entry.ended = ends;
    }
    return ends;
  }

  private static KnownSession session(String id, Event event, Agent agent, @Nullable Entry before) {
    Agent main =
        new Agent(agent.product(), agent.version(), agent.spiffeId(), agent.instance(), null);
    String delegation =
        event.delegation() == null && before != null
            ? before.session.delegation()
            : event.delegation();
    String project =
        event.project() == null && before != null ? before.session.project() : event.project();
    Human human = human(event.actor().human(), before);
    return new KnownSession(id, new Actor(human, main), project, delegation);
  }

  // Whose credentials a session gets is settled by the first who was named. It outlives a restart
  // where the session holds any.
  private static @Nullable Human human(@Nullable Human told, @Nullable Entry before) {
    Human known = before == null ? null : before.session.actor().human();
    return known == null || known.basis() != HumanBasis.GIT_EMAIL
        ? told
        : known.told(told == null ? null : told.gitEmail());
  }

  /** A session that was ended can be resumed. */
  private static boolean begins(Body body) {
    return switch (body) {
      case Body.SessionStarted _, Body.PromptSubmitted _, Body.ToolCallRequested _ -> true;
      default -> false;
    };
  }

  private void forgetEldest() {
    if (latest.size() > MOST) {
      latest.remove(latest.keySet().iterator().next());
    }
  }

  synchronized Optional<KnownSession> find(String id) {
    return Optional.ofNullable(latest.get(id)).map(entry -> entry.session);
  }

  synchronized boolean isEnded(String id) {
    Entry entry = latest.get(id);
    return entry != null && entry.ended;
  }

  /** Notes durably what a session was given. */
  synchronized void given(KnownSession session, Held held, Instant now) throws CaptureException {
    Entry entry = latest.computeIfAbsent(session.id(), id -> new Entry(session));
    entry.held.add(held);
    if (entry.held.size() > MOST_HELD) {
      entry.held.removeFirst();
    }
    write(now);
  }

  /** What a session holds that has not ended by itself. */
  synchronized List<Held> heldBy(String id, Instant now) {
    Entry entry = latest.get(id);
    return entry == null
        ? List.of()
        : entry.held.stream().filter(h -> h.expiresAt().isAfter(now)).toList();
  }

  /** It is recorded what became of a session's credentials. */
  synchronized void settled(String id, Instant now) throws CaptureException {
    Entry entry = latest.get(id);
    if (entry != null && !entry.held.isEmpty()) {
      entry.held.clear();
      write(now);
    }
  }

  private void write(Instant now) throws CaptureException {
    ObjectNode note = JsonNodeFactory.instance.objectNode();
    ArrayNode sessions = note.putArray("sessions");
    for (Entry entry : latest.values()) {
      entry.held.removeIf(h -> !h.expiresAt().isAfter(now));
      if (!entry.held.isEmpty()) {
        write(sessions.addObject(), entry);
      }
    }
    notes.put(NOTE, note.toString().getBytes(StandardCharsets.UTF_8));
  }

  private static void write(ObjectNode to, Entry entry) {
    KnownSession session = entry.session;
    to.put("id", session.id()).put("project", session.project());
    to.put("delegation", session.delegation()).put("ended", entry.ended);
    Agent agent = session.actor().agent();
    if (agent != null) {
      ObjectNode one = to.putObject("agent").put("product", agent.product());
      one.put("version", agent.version()).put("spiffeId", agent.spiffeId());
      one.put("instance", agent.instance());
    }
    Human human = session.actor().human();
    if (human != null) {
      ObjectNode one = to.putObject("human").put("id", human.id());
      one.put("basis", human.basis().name()).put("osUser", human.osUser());
      one.put("gitEmail", human.gitEmail());
    }
    ArrayNode held = to.putArray("held");
    entry.held.forEach(
        h -> held.addObject().put("id", h.accessKeyId()).put("until", h.expiresAt().toString()));
  }

  private void restore(JsonNode note) {
    for (JsonNode one : note.path("sessions")) {
      JsonNode agent = one.path("agent");
      JsonNode human = one.path("human");
      Actor actor =
          new Actor(
              human.isMissingNode()
                  ? null
                  : new Human(
                      human.path("id").asText(),
                      HumanBasis.valueOf(human.path("basis").asText()),
                      human.path("osUser").textValue(),
                      human.path("gitEmail").textValue()),
              new Agent(
                  agent.path("product").asText(),
                  agent.path("version").textValue(),
                  agent.path("spiffeId").asText(),
                  agent.path("instance").textValue(),
                  null));
      String id = one.path("id").asText();
      Entry entry =
          new Entry(
              new KnownSession(
                  id, actor, one.path("project").textValue(), one.path("delegation").textValue()));
      entry.ended = one.path("ended").asBoolean();
      for (JsonNode held : one.path("held")) {
        entry.held.add(
            new Held(held.path("id").asText(), Instant.parse(held.path("until").asText())));
      }
      latest.put(id, entry);
    }
  }
}
