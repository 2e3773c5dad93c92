package dev.custody.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Assumptions;
import picocli.CommandLine;

/** Runs a command as the shell does, inside this process. */
public final class CommandRun {
  private CommandRun() {}

  /**
   * What came of it.
   *
   * @param code exit code
   * @param out standard output
   * @param err standard error
   */
  public record Result(int code, String out, String err) {}

  /** Skips a test of what only humans may run: such commands refuse inside a coding agent. */
  public static void assumeOutsideAgents() {
    Assumptions.assumeTrue(
        AgentProcess.around().isEmpty(), "skipped: inside a coding agent; run it in a shell");
  }

  /** Runs {@code custody args}. */
  public static synchronized Result run(String... args) {
    PrintStream outBefore = System.out;
    PrintStream errBefore = System.err;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
    try {
      CommandLine command = Main.commandLine();
      int code = command.execute(args);
      System.out.flush();
      return new Result(
          code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    } finally {
      System.setOut(outBefore);
      System.setErr(errBefore);
    }
  }
}
