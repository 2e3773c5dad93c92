package dev.custody.source.agent;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an agent's own tools can do, by name. A tool that is not named, every tool of an MCP server
 * among them, can do anything.
 *
 * @param shell the tool whose input is a shell's command line
 * @param readers tools that change nothing
 * @param writers tools that change files and reach no other system
 * @param others further tools of the agent itself
 */
public record ToolKinds(
    String shell, Set<String> readers, Set<String> writers, Set<String> others) {
  /** Copies. */
  public ToolKinds {
    readers = Set.copyOf(readers);
    writers = Set.copyOf(writers);
    others = Set.copyOf(others);
  }

  /** Whether {@code tool} can change a repository. */
  boolean changes(String tool) {
    return !readers.contains(tool);
  }

  /** Whether what {@code tool} starts can reach another system, and carry a tag there. */
  boolean reaches(String tool) {
    return changes(tool) && !writers.contains(tool);
  }

  /** Whether {@code tool} is known to be the agent's own. */
  public boolean own(@Nullable String tool) {
    return tool != null
        && (tool.equals(shell)
            || readers.contains(tool)
            || writers.contains(tool)
            || others.contains(tool));
  }
}
