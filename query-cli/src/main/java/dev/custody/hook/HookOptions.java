package dev.custody.hook;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How something is wired.
 *
 * @param project directory of one project; null for all that the user does
 * @param port where the collector listens
 * @param timeoutSeconds longest time that an agent waits for the collector
 * @param telemetry whether the agent's telemetry is sent as well
 */
public record HookOptions(@Nullable Path project, int port, int timeoutSeconds, boolean telemetry) {
  /** Where the collector listens when nobody says otherwise. */
  public static final int PORT = 4319;

  /** The agent's wait when nobody says otherwise. */
  public static final int TIMEOUT_SECONDS = 2;

  /** The user's own, on the usual port, with telemetry. */
  public static HookOptions ofUser() {
    return new HookOptions(null, PORT, TIMEOUT_SECONDS, true);
  }

  String address() {
    return "http://127.0.0.1:" + port;
  }
}
