package dev.custody.coverage;

import dev.custody.event.Agent;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which tool calls hooks and telemetry both tell of by one id: only of those one can be missed. */
public final class TwoWitnesses {
  /** opencode's spans are of its own tools; those of MCP servers are not among them. */
  private static final Set<String> OPENCODE_OWN =
      Set.of(
          "bash",
          "read",
          "grep",
          "glob",
          "list",
          "webfetch",
          "websearch",
          "codesearch",
          "todoread",
          "todowrite",
          "question",
          "lsp",
          "skill",
          "write",
          "edit",
          "multiedit",
          "patch",
          "apply_patch",
          "task",
          "batch");

  private static final String TOOL = "tool:";

  private TwoWitnesses() {}

  /**
   * Whether both are to be expected to tell of a call.
   *
   * @param agent whose it is
   * @param action {@code tool:NAME}
   */
  public static boolean areExpected(@Nullable Agent agent, @Nullable String action) {
    if (agent == null) {
      return true;
    }
    return switch (agent.product()) {
      // Its hooks name no call, its spans name one: what both tell of has two ids.
      case "gemini-cli" -> false;
      // The spans of a sub-agent are of a session of its own, its hooks of that of its parent.
      case "opencode" ->
          agent.subAgent() == null
              && action != null
              && action.startsWith(TOOL)
              && OPENCODE_OWN.contains(action.substring(TOOL.length()));
      default -> true;
    };
  }
}
