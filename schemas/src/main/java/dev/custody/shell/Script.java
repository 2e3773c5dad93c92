package dev.custody.shell;

import java.util.List;

/**
 * What a shell was given.
 *
 * @param pipelines in order; how they are joined ({@code ;}, {@code &&}, {@code ||}) is not kept
 * @param partlyRead whether something was left out, because of a bound
 */
public record Script(List<Pipeline> pipelines, boolean partlyRead) {
  /** Copies. */
  public Script {
    pipelines = List.copyOf(pipelines);
  }

  /**
   * Stages that are joined by pipes; one stage where there is no pipe.
   *
   * @param stages at least one
   */
  public record Pipeline(List<Stage> stages) {
    /** Copies. */
    public Pipeline {
      stages = List.copyOf(stages);
    }
  }

  /** What stands between two pipes. */
  public sealed interface Stage permits Command, Group {}

  /**
   * Commands in a subshell, in braces, in a function, a loop, a condition.
   *
   * @param variable the variable of a {@code for} loop; empty in any other group
   * @param values what that variable is given
   * @param body the commands
   * @param redirections of the group as a whole
   */
  public record Group(
      String variable, List<Word> values, List<Pipeline> body, List<Redirection> redirections)
      implements Stage {
    /** Copies. */
    public Group {
      values = List.copyOf(values);
      body = List.copyOf(body);
      redirections = List.copyOf(redirections);
    }
  }
}
