package dev.custody.source.agent;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which session started which: what agents call a child session is a sub-agent of the topmost one.
 * The latest used are remembered. Safe for use by several threads.
 */
public final class Family {
  private static final int MOST = 4096;
  private static final int DEEPEST = 64;

  private final Map<String, String> parents = Bounded.latest(MOST);

  /**
   * {@code parent} started {@code child}, or nobody did. What is told first holds: no later word
   * makes a session another's.
   */
  public synchronized void born(String child, @Nullable String parent) {
    parents.putIfAbsent(child, parent == null ? child : parent);
  }

  /** Whether anybody started {@code session}. */
  public synchronized boolean isChild(@Nullable String session) {
    return session != null && !session.equals(parents.getOrDefault(session, session));
  }

  /** The topmost session above {@code session}; itself when nobody started it. */
  public synchronized String root(String session) {
    String at = session;
    for (int i = 0; i < DEEPEST; i++) {
      String parent = parents.get(at);
      if (parent == null || parent.equals(at)) {
        return at;
      }
      at = parent;
    }
    // Told in a circle: then none of them is above another.
    return session;
  }
}
