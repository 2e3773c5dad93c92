package dev.custody.cli;

import dev.custody.sigma.LoadedRules;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Names everything that keeps rules from being loaded. */
@Command(
    name = "lint",
    mixinStandardHelpOptions = true,
    description = {
      "Checks rules: names each one that is refused, with file and line, and what is wrong with it, and what an author",
      "should know of those that load. Exit code 1 when there is anything.",
      "Also names rules for log sources that no event has; that is not wrong."
    },
    footerHeading = "%nExamples:%n",
    footer = {"  custody rule lint rules/"})
final class RuleLintCommand implements Callable<Integer>, ReadsOnly {
  @Parameters(arity = "1..*", paramLabel = "PATH", description = "Rule files and directories.")
  private List<Path> paths = List.of();

  @Mixin private RuleContextOptions context;

  @SuppressWarnings("NullAway.Init")
  RuleLintCommand() {}

  @Override
  public Integer call() {
    LoadedRules loaded = RuleCommand.read(paths, context.context());
    Terminal terminal = Output.terminal();
    loaded.refused().forEach(problem -> terminal.line(problem.toString()));
    loaded.warnings().forEach(problem -> terminal.line(problem + " (loads all the same)"));
    loaded.set().rules().stream()
        .filter(rule -> !RuleListCommand.hasSource(rule))
        .forEach(rule ->
            terminal.line(
                "rule %s: no source: %s; no event has it, so the rule never fires"
                    .formatted(rule.id(), RuleListCommand.source(rule))));
    int wrong = loaded.refused().size() + loaded.warnings().size();
    int rules = loaded.set().documents().size();
    terminal.line(
        wrong == 0 ? "%d rules, none of them wrong".formatted(rules) : "%d wrong".formatted(wrong));
    terminal.flush();
    return wrong == 0 ? ExitCode.FOUND : ExitCode.NOTHING_FOUND;
  }
}
