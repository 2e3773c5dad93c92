package dev.custody.accuracy.world;

import java.nio.file.Path;
import java.time.Duration;

/**
 * A machine that agents run on.
 *
 * @param name host name
 * @param osUser who its agents run as
 * @param home where its repositories lie
 * @param skew how far its clock is ahead of the provider's; negative: behind
 * @param address from where the world sees it; many share one
 * @param capture what tells of the agents here
 * @param offline whether what its collector records reaches Kafka a day later only
 */
public record Machine(
    String name,
    String osUser,
    Path home,
    Duration skew,
    String address,
    Capture capture,
    boolean offline) {
  /** What tells of agents. */
  public enum Capture {
    /** Custody's hooks. */
    HOOKS,
    /** OpenTelemetry of the agent itself; the hooks are off. */
    TELEMETRY,
    /** Nothing. */
    NOTHING
  }

  /** Whether the agents here have Custody's hooks. */
  public boolean hooks() {
    return capture == Capture.HOOKS;
  }

  /** Whether anything tells of the agents here, and so a collector runs. */
  public boolean tells() {
    return capture != Capture.NOTHING;
  }
}
