package dev.custody.cli;

import dev.custody.cli.Terminal.Style;
import java.io.PrintStream;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * Prints the answers of a command, for people or for programs, and says how many more there are.
 */
final class Answers {
  private final boolean json;
  private final boolean apart;
  private final String otherwise;
  private final PrintStream standardOutput;
  private final Terminal terminal;

  /**
   * Answers that take several lines each.
   *
   * @param otherwise what to try when there are none
   */
  Answers(boolean json, String otherwise) {
    this(json, otherwise, true);
  }

  /**
   * Answers.
   *
   * @param otherwise what to try when there are none
   * @param apart whether an empty line stands between them
   */
  Answers(boolean json, String otherwise, boolean apart) {
    this.json = json;
    this.otherwise = otherwise;
    this.apart = apart;
    this.standardOutput = Output.stream();
    this.terminal = Output.terminal();
  }

  <T> int print(
      List<T> answers,
      long more,
      boolean exact,
      BiConsumer<JsonLines, T> forPrograms,
      BiConsumer<Terminal, T> forPeople) {
    if (json) {
      JsonLines lines = new JsonLines(standardOutput);
      answers.forEach(answer -> forPrograms.accept(lines, answer));
      standardOutput.flush();
    } else {
      forPeople(answers, more, exact, forPeople);
      terminal.flush();
    }
    return answers.isEmpty() ? ExitCode.NOTHING_FOUND : ExitCode.FOUND;
  }

  private <T> void forPeople(
      List<T> answers, long more, boolean exact, BiConsumer<Terminal, T> forPeople) {
    boolean first = true;
    for (T answer : answers) {
      if (!first && apart) {
        terminal.line("");
      }
      first = false;
      forPeople.accept(terminal, answer);
    }
    if (answers.isEmpty()) {
      terminal.line("nothing found; " + otherwise);
    } else if (more > 0) {
      terminal.line(
          terminal.styled(
              Style.FAINT,
              "%s%d more %s; --limit N shows more, --since and --until narrow"
                  .formatted(exact ? "" : "at least ", more, more == 1 ? "record" : "records")));
    }
  }
}
