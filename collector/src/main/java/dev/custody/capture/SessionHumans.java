package dev.custody.capture;

import dev.custody.event.Human;
import dev.custody.event.HumanBasis;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * For whom the latest sessions act. An agent can write the {@code user.email} of its repository,
 * and a hook can name any directory: the first that a session worked under is its human's for good,
 * and what its repositories say later is told beside it, as {@code gitEmail}, and gives it nobody
 * else's delegations. Never stored. Safe for use by several threads.
 */
public final class SessionHumans {
  private static final int MOST = 4_096;

  private final Map<String, Human> first =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Human> eldest) {
          return size() > MOST;
        }
      };

  /** The human of {@code session}, of whom {@code now} is what is told at the moment. */
  synchronized Human of(String session, Human now) {
    Human known = first.get(session);
    if (known == null || known.basis() != HumanBasis.GIT_EMAIL) {
      first.put(session, now);
      return now;
    }
    return known.told(now.gitEmail());
  }
}
