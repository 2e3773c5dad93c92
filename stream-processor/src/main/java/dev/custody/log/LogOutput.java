package dev.custody.log;

import dev.custody.admit.AdmissionOutcome;

/** What comes out of a log. */
public sealed interface LogOutput {
  /** A tile, the open tile, or a checkpoint. */
  record Published(LogRecord record) implements LogOutput {}

  /** The log stopped, and why. */
  record Stopped(AdmissionOutcome.Suspicion suspicion) implements LogOutput {}
}
