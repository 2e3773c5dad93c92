package dev.custody.source.claudecode;

import dev.custody.signing.FingerprintKey;
import java.util.LinkedHashMap;
import java.util.Map;

/** The running sessions, the latest used of them. Safe for use by several threads. */
final class Sessions {
  private final FingerprintKey organisation;
  private final Map<String, Session> running;

  Sessions(FingerprintKey organisation, int most) {
    this.organisation = organisation;
    this.running =
        new LinkedHashMap<>(16, 0.75f, true) {
          @Override
          protected boolean removeEldestEntry(Map.Entry<String, Session> eldest) {
            return size() > most;
          }
        };
  }

  synchronized Session of(String id) {
    Session session = running.get(id);
    if (session == null) {
      session = new Session(organisation);
      running.put(id, session);
    }
    return session;
  }

  /** Its key goes with it: from now on no guess can be tested against its fingerprints. */
  synchronized void end(String id) {
    running.remove(id);
  }
}
