package dev.custody.cli;

import dev.custody.hook.FileChange;
import dev.custody.hook.HookException;
import dev.custody.hook.HookSetup;
import dev.custody.redact.Redactor;
import dev.custody.sighting.SecretPrints;
import dev.custody.signing.FingerprintKey;
import java.io.Console;
import picocli.CommandLine.Option;

/** Shows what would be written, asks, and writes. */
final class PlanWriter {
  @Option(names = "--yes", description = "Writes without asking.")
  private boolean yes;

  @Option(names = "--dry-run", description = "Shows what would be written, and writes nothing.")
  private boolean dry;

  /** Whether it was done, or need not be. */
  int write(HookSetup setup, HookSetup.Plan plan) throws HookException {
    Terminal terminal = Output.terminal();
    plan.notes().forEach(note -> terminal.line("note: " + Terminal.clean(note)));
    if (plan.changes().isEmpty()) {
      terminal.line("nothing to do: everything is as it should be");
      terminal.flush();
      return ExitCode.FOUND;
    }
    plan.changes().forEach(change -> show(terminal, change));
    terminal.flush();
    if (dry) {
      return ExitCode.FOUND;
    }
    if (!yes && !agreed()) {
      return ExitCode.COULD_NOT_RUN;
    }
    setup.apply(plan);
    plan.changes()
        .forEach(change ->
            terminal.line(
                (change.after() == null ? "removed " : "wrote ")
                    + Terminal.clean(change.file().toString())));
    terminal.flush();
    return ExitCode.FOUND;
  }

  // It is null in Java 25 again, where no terminal is.
  @SuppressWarnings("SystemConsoleNull")
  private static boolean agreed() {
    Console console = System.console();
    if (console == null || !console.isTerminal()) {
      System.err.println("custody: nothing was written: nobody can be asked");
      System.err.println("hint: --yes writes it");
      return false;
    }
    String answer = console.readLine("Write this? [y/N] ");
    if (answer != null && answer.strip().matches("(?i)y(es)?")) {
      return true;
    }
    System.err.println("custody: nothing was written");
    return false;
  }

  // A user's settings may hold tokens, and what is shown here may end in a log.
  private static void show(Terminal terminal, FileChange change) {
    Redactor redactor =
        SecretPrints.redactor(FingerprintKey.ephemeral(), FingerprintKey.ephemeral());
    for (String line : redactor.text(change.diff(), "diff").value().split("\n", -1)) {
      if (!line.isEmpty()) {
        // The first column is the difference's own; white space behind it counts.
        String text = line.substring(1).replace("\t", "    ");
        String shown =
            line.charAt(0)
                + text.substring(0, text.length() - text.stripLeading().length())
                + Terminal.clean(text);
        terminal.line(terminal.styled(style(line.charAt(0)), shown));
      }
    }
  }

  private static Terminal.Style style(char first) {
    return switch (first) {
      case '+' -> Terminal.Style.GOOD;
      case '-' -> Terminal.Style.BAD;
      default -> Terminal.Style.FAINT;
    };
  }
}
