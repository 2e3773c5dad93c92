package dev.custody.shell;

import java.util.List;

/**
 * What a command has run.
 *
 * @param way how
 * @param host where, of {@link Way#REMOTE}; as it was written; else empty
 * @param pipelines what
 */
public record Nested(Way way, String host, List<Script.Pipeline> pipelines) {
  /** Copies. */
  public Nested {
    pipelines = List.copyOf(pipelines);
  }

  /** How it is run. */
  public enum Way {
    /** By a shell here: {@code bash -c}, {@code eval}, {@code trap}, a here-document. */
    SHELL,
    /** With further arguments from the input: {@code xargs}, {@code parallel}. */
    ARGUMENTS,
    /** With files that are found: {@code find -exec}. */
    FILES,
    /** On another machine or in a container: {@code ssh}, {@code docker exec}. */
    REMOTE
  }
}
