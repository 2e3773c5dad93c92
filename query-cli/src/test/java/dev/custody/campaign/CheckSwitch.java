package dev.custody.campaign;

import java.util.Set;
import java.util.TreeSet;

/** Which check of the instrumented verifier is off; the verifier itself knows nothing of it. */
public final class CheckSwitch {
  /** No check. */
  public static final int NONE = -1;

  private static final Set<Integer> refusing = new TreeSet<>();
  private static int off = NONE;

  private CheckSwitch() {}

  /** Asked by the code that {@link Instrumented} weaves in, when {@code check} is to refuse. */
  public static synchronized boolean isOff(int check) {
    if (off == NONE) {
      refusing.add(check);
    }
    return check == off;
  }

  /** Switches {@code check} off and all others on. */
  public static synchronized void turnOff(int check) {
    off = check;
  }

  /** The checks that have refused since it was last asked, while all were on. */
  static synchronized Set<Integer> refused() {
    Set<Integer> all = Set.copyOf(refusing);
    refusing.clear();
    return all;
  }
}
