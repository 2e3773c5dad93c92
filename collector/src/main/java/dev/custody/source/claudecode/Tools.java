package dev.custody.source.claudecode;

import dev.custody.source.agent.ToolKinds;
import java.util.Set;

/** Claude Code's own tools. */
final class Tools {
  static final ToolKinds KINDS =
      new ToolKinds(
          "Bash",
          Set.of(
              "Read",
              "Glob",
              "Grep",
              "LS",
              "NotebookRead",
              "WebFetch",
              "WebSearch",
              "TodoRead",
              "TodoWrite",
              "AskUserQuestion",
              "EnterPlanMode",
              "ExitPlanMode",
              "BashOutput",
              "TaskOutput",
              "ToolSearch"),
          Set.of("Write", "Edit", "MultiEdit", "NotebookEdit"),
          Set.of());

  private Tools() {}
}
