package dev.custody.shell;

import java.util.List;

/**
 * A simple command.
 *
 * @param assignments variables set before it; the only thing that a command without words does
 * @param words all of them, from a wrapper ({@code sudo}, {@code env}) on
 * @param program index in {@code words} of the program behind all wrappers; the number of words
 *     where there is none
 * @param redirections in order
 * @param nested what it has a shell, or another program, run
 * @param inline programs of interpreters that stand in it
 */
public record Command(
    List<Assignment> assignments,
    List<Word> words,
    int program,
    List<Redirection> redirections,
    List<Nested> nested,
    List<InlineProgram> inline)
    implements Script.Stage {
  /** Copies. */
  public Command {
    assignments = List.copyOf(assignments);
    words = List.copyOf(words);
    redirections = List.copyOf(redirections);
    nested = List.copyOf(nested);
    inline = List.copyOf(inline);
  }

  /** Name of the program without its directory; empty where there is none. */
  public String name() {
    return program < words.size() ? words.get(program).baseName() : "";
  }

  /** What the program is given. */
  public List<Word> arguments() {
    return program < words.size() ? words.subList(program + 1, words.size()) : List.of();
  }

  /**
   * A variable that is set.
   *
   * @param name name of the variable
   * @param values one, or the elements of an array
   */
  public record Assignment(String name, List<Word> values) {
    /** Copies. */
    public Assignment {
      values = List.copyOf(values);
    }
  }
}
