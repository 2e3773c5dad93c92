package dev.custody.source.agent;

import java.util.Map;

/** How far the latest calls of tools in a session got. Safe for use by several threads. */
public final class Calls {
  private enum Stage {
    REQUESTED,
    RAN,
    REFUSED
  }

  private static final int MOST = 1024;

  private final Map<String, Stage> calls = Bounded.latest(MOST);

  /** A call is about to run. What is known of its end stays: hooks may overtake each other. */
  public synchronized void requested(String call) {
    calls.putIfAbsent(call, Stage.REQUESTED);
  }

  /** Whether this is the first time that a call is known to have ended. */
  public synchronized boolean ran(String call) {
    return calls.put(call, Stage.RAN) != Stage.RAN;
  }

  /** Whether this is the first time that a call is known to be refused. */
  public synchronized boolean refused(String call) {
    return calls.put(call, Stage.REFUSED) != Stage.REFUSED;
  }

  /** Whether a call got no further than its request. */
  public synchronized boolean isOpen(String call) {
    return calls.get(call) == Stage.REQUESTED;
  }

  /** Whether anything is known of a call. */
  public synchronized boolean isKnown(String call) {
    return calls.containsKey(call);
  }
}
