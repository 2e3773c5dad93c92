package dev.custody.cli;

import dev.custody.detect.ShippedRules;
import dev.custody.sigma.LoadedRules;
import dev.custody.sigma.RuleContext;
import dev.custody.sigma.RuleError;
import dev.custody.sigma.RuleSet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Sigma rules, without a running Custody. */
@Command(
    name = "rule",
    mixinStandardHelpOptions = true,
    description =
        "Lists, checks and tries detection rules; nothing has to run for that. Records which are in force.",
    subcommands = {
      RuleListCommand.class,
      RuleLintCommand.class,
      RuleTestCommand.class,
      RuleLoadCommand.class
    })
final class RuleCommand implements Runnable {
  @ParentCommand private CustodyCommand custody;
  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init")
  RuleCommand() {}

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "expected a command, found none: list, lint, test or load");
  }

  /** The data directory. */
  Path data() {
    return custody.data();
  }

  /**
   * The rules in {@code paths} that can be used, or those that come with Custody where there are
   * none; names those that were refused on standard error.
   */
  static LoadedRules load(List<Path> paths, RuleContext context) {
    LoadedRules loaded = read(paths, context);
    loaded.refused().forEach(RuleCommand::tell);
    return loaded;
  }

  /** As {@link #load}, but at least one of them must be of use. */
  static RuleSet usable(List<Path> paths, RuleContext context) {
    LoadedRules loaded = load(paths, context);
    if (loaded.isUseless()) {
      throw new CouldNotRunException(
          "none of these rules can be used: " + loaded.refused().getFirst(),
          "custody rule lint PATH names everything that is wrong",
          null);
    }
    return loaded.set();
  }

  /** What came of loading {@code paths}, or the rules that come with Custody. */
  static LoadedRules read(List<Path> paths, RuleContext context) {
    if (paths.isEmpty()) {
      return new LoadedRules(ShippedRules.load(context), List.of(), List.of());
    }
    try {
      return LoadedRules.load(context, paths.toArray(Path[]::new));
    } catch (RuleError e) {
      throw new CouldNotRunException(
          String.valueOf(e.getMessage()), "expected files or directories with rules", e);
    } catch (IOException e) {
      throw new CouldNotRunException("can't read rules: " + e, "expected files or directories", e);
    }
  }

  private static void tell(LoadedRules.Problem refused) {
    System.err.println("custody: refused: " + Terminal.clean(refused.toString()));
  }
}
