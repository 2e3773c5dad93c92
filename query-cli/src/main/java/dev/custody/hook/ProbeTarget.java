package dev.custody.hook;

/** A way on which hooks reach the collector, as the settings of an agent name it. */
public sealed interface ProbeTarget {
  /** The wire that uses it. */
  Wire wire();

  /** The agent posts to {@code url}. */
  record Url(Wire wire, String url) implements ProbeTarget {}

  /** The agent has a shell run {@code command}. */
  record Command(Wire wire, String command) implements ProbeTarget {}

  /** The agent's telemetry is posted to {@code url}. */
  record Telemetry(Wire wire, String url) implements ProbeTarget {}
}
