package dev.custody.cli;

import dev.custody.index.IndexException;
import dev.custody.query.QuerySyntaxException;
import java.io.PrintWriter;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Runs the {@code custody} command, and is the one place where errors are reported. */
public final class Main {
  /** Held, because the log manager does not hold it: its level would be forgotten. */
  private static final Logger LUCENE = Logger.getLogger("org.apache.lucene");

  private static final Logger HELIDON = Logger.getLogger("io.helidon");

  private Main() {}

  /** Runs one command and ends the process with its exit code. */
  public static void main(String[] args) {
    // Lucene recommends options of the JVM on standard error, where only errors belong.
    LUCENE.setLevel(Level.SEVERE);
    HELIDON.setLevel(Level.WARNING);
    System.exit(commandLine().setExecutionStrategy(Main::runLast).execute(args));
  }

  private static int runLast(ParseResult parsed) {
    if (parsed.asCommandLineList().getLast().getCommand() instanceof ReadsOnly) {
      // Nothing in a read is worth a log, and to start the logging takes a third of its time.
      System.setProperty("slf4j.internal.verbosity", "ERROR");
      System.setProperty("slf4j.provider", "org.slf4j.helpers.NOP_FallbackServiceProvider");
    }
    return new CommandLine.RunLast().execute(parsed);
  }

  /** The command line with its error handling. */
  public static CommandLine commandLine() {
    return new CommandLine(new CustodyCommand())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setUsageHelpWidth(100)
        .setExecutionExceptionHandler(
            (failure, command, parsed) -> report(command.getErr(), failure))
        .setParameterExceptionHandler((failure, args) -> reportUse(failure));
  }

  private static int report(PrintWriter err, Exception failure) {
    switch (failure) {
      case CouldNotRunException e -> print(err, e.getMessage(), e.hint());
      case QuerySyntaxException e -> print(err, e.getMessage(), e.hint());
      case IndexException e -> print(err, e.getMessage(), e.hint());
      default ->
          print(
              err,
              "unexpected %s: %s"
                  .formatted(failure.getClass().getSimpleName(), failure.getMessage()),
              "this is a defect of Custody; set CUSTODY_DEBUG=1 to see where it happens");
    }
    if ("1".equals(System.getenv("CUSTODY_DEBUG"))) {
      failure.printStackTrace(err);
    }
    return ExitCode.COULD_NOT_RUN;
  }

  private static int reportUse(ParameterException failure) {
    CommandLine command = failure.getCommandLine();
    String help = command.getCommandSpec().qualifiedName() + " --help shows what it takes";
    if (failure instanceof UnmatchedArgumentException unmatched) {
      List<String> similar = unmatched.getSuggestions();
      print(
          command.getErr(),
          "not understood: '" + String.join(" ", unmatched.getUnmatched()) + "'",
          similar.isEmpty() ? help : "did you mean " + String.join(" or ", similar) + "? " + help);
    } else {
      print(command.getErr(), failure.getMessage(), help);
    }
    return ExitCode.COULD_NOT_RUN;
  }

  private static void print(PrintWriter err, @Nullable String message, String hint) {
    err.println("custody: " + Terminal.clean(String.valueOf(message)));
    err.println("hint: " + Terminal.clean(hint));
    err.flush();
  }
}
