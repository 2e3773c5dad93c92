package dev.custody.hook;

import java.nio.file.Path;

/** A way on which hooks reach the collector, as settings name it. */
public sealed interface ProbeTarget {
  /** The wire that uses it. */
  Wire wire();

  /** The agent posts to {@code url}. */
  record Url(Wire wire, String url) implements ProbeTarget {}

  /** The agent has a shell run {@code command}. */
  record Command(Wire wire, String command) implements ProbeTarget {}

  /** The agent's telemetry is posted to {@code url}. */
  record Telemetry(Wire wire, String url) implements ProbeTarget {}

  /**
   * opencode loads the plugin in {@code file}.
   *
   * @param text what is in it
   * @param expected what this version installs there, for the port that it names
   */
  record Plugin(Wire wire, Path file, String text, String expected) implements ProbeTarget {}

  /**
   * git runs {@code file} when something is committed in {@code project}.
   *
   * @param before the hook that stood there before; the one in {@code file} calls it first
   * @param ours whether what is in {@code file} is Custody's
   */
  record GitHook(Wire wire, Path project, Path file, Path before, boolean ours)
      implements ProbeTarget {
    /** When git runs it. */
    public String name() {
      return String.valueOf(file.getFileName());
    }
  }
}
