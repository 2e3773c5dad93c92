package dev.custody.cli;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Tells whether this process was started by a coding agent. It stops an agent that is merely eager,
 * not one that hides: a process can clear its environment and leave its parents.
 */
final class AgentProcess {
  private static final List<String> VARIABLES =
      List.of(
          "CLAUDECODE",
          "CLAUDE_CODE_SESSION_ID",
          "AI_AGENT",
          "CODEX_SESSION_ID",
          "CODEX_THREAD_ID",
          "GEMINI_CLI",
          "OPENCODE");
  private static final Set<String> PROGRAMS =
      Set.of("claude", "claude.exe", "codex", "gemini", "opencode");

  private AgentProcess() {}

  /**
   * Refuses to go on inside an agent.
   *
   * @throws CouldNotRunException saying what gives the agent away
   */
  static void refuse() {
    around()
        .ifPresent(agent -> {
          throw new CouldNotRunException(
              "refused: this command runs inside a coding agent (" + agent + ")",
              "run it in a shell of your own",
              null);
        });
  }

  /** What gives the agent away, or nothing. */
  static Optional<String> around() {
    Optional<String> variable =
        VARIABLES.stream().filter(v -> System.getenv(v) != null).findFirst();
    return variable.isPresent()
        ? variable.map(v -> v + " is set")
        : ancestor(ProcessHandle.current());
  }

  private static Optional<String> ancestor(ProcessHandle process) {
    Optional<ProcessHandle> parent = process.parent();
    while (parent.isPresent()) {
      String command = parent.get().info().command().orElse("");
      String program = command.substring(command.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
      if (PROGRAMS.contains(program)) {
        return Optional.of("its parent " + parent.get().pid() + " is " + program);
      }
      parent = parent.get().parent();
    }
    return Optional.empty();
  }
}
