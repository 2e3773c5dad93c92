package dev.custody.campaign;

/** Which check of the instrumented verifier is off; the verifier itself knows nothing of it. */
public final class CheckSwitch {
  /** No check. */
  public static final int NONE = -1;

  private static volatile int off = NONE;

  private CheckSwitch() {}

  /** Asked by the code that {@link Instrumented} weaves in. */
  public static boolean isOff(int check) {
    return check == off;
  }

  /** Switches {@code check} off and all others on. */
  public static void turnOff(int check) {
    off = check;
  }
}
