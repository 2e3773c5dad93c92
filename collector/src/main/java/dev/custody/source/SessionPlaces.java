package dev.custody.source;

import dev.custody.event.Actor;
import dev.custody.event.Agent;
import dev.custody.event.Body;
import dev.custody.event.Event;
import dev.custody.event.Human;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where, for whom and under what the latest sessions work, as their hooks told: telemetry of the
 * same session does not say. Never stored. Safe for use by several threads.
 */
public final class SessionPlaces {
  private static final int MOST = 512;
  private static final int MOST_SUB_AGENTS = 2_048;

  /**
   * A session's place.
   *
   * @param project directory at work
   * @param human for whom
   * @param spiffeId the agent in its project
   * @param delegation the delegation that it works under
   */
  public record Place(
      @Nullable String project,
      @Nullable Human human,
      String spiffeId,
      @Nullable String delegation) {}

  private final Map<String, Place> places = latest(MOST);
  private final Map<String, String> parents = latest(MOST_SUB_AGENTS);

  /** Learns from what hooks told. */
  public synchronized void recorded(List<Event> events) {
    for (Event event : events) {
      Actor actor = event.actor();
      Agent agent = actor.agent();
      String session = event.session();
      if (agent == null || session == null) {
        continue;
      }
      if (event.body() instanceof Body.SubagentStarted started) {
        belongs(agent.product(), started.subAgent(), session);
      }
      if (agent.subAgent() == null) {
        places.put(
            key(agent.product(), session),
            new Place(event.project(), actor.human(), agent.spiffeId(), event.delegation()));
      }
    }
  }

  /** Learns that {@code subAgent}, which some agents tell of as a session, works in another. */
  public synchronized void belongs(String product, String subAgent, String session) {
    if (!subAgent.equals(session)) {
      parents.put(key(product, subAgent), session);
    }
  }

  /** Where {@code session} of the agent {@code product} works; null where no hook told. */
  public synchronized @Nullable Place of(String product, String session) {
    return places.get(key(product, session));
  }

  /** The session in which {@code subAgent} works; null where it is none, as far as is known. */
  public synchronized @Nullable String parent(String product, String subAgent) {
    return parents.get(key(product, subAgent));
  }

  private static String key(String product, String id) {
    return product + '\0' + id;
  }

  private static <V> Map<String, V> latest(int most) {
    return new LinkedHashMap<>(16, 0.75f, true) {
      @Override
      protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
        return size() > most;
      }
    };
  }
}
