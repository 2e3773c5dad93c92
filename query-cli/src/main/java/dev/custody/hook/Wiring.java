package dev.custody.hook;

import java.util.List;

/** How one agent, or git, is wired. */
interface Wiring {
  /** Whether the forwarder is needed. */
  boolean needsForwarder();

  /** The files that are edited. */
  List<FileEdit> edits() throws HookException;

  /** What is there. */
  WireStatus status() throws HookException;

  /** The ways that its settings name now. */
  List<ProbeTarget> targets() throws HookException;
}
