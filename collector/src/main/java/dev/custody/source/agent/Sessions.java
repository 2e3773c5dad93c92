package dev.custody.source.agent;

import java.util.Map;
import java.util.function.Supplier;

/** The sessions, the latest used of them. Safe for use by several threads. */
final class Sessions<S extends AgentSession> {
  private final Supplier<S> unknown;
  private final Map<String, S> known;

  Sessions(Supplier<S> unknown, int most) {
    this.unknown = unknown;
    this.known = Bounded.latest(most);
  }

  synchronized S of(String id) {
    S session = known.get(id);
    if (session == null) {
      session = unknown.get();
      known.put(id, session);
    }
    return session;
  }
}
