package dev.custody.cli;

import dev.custody.access.TokenFile;
import dev.custody.local.CollectorClient;
import dev.custody.sigma.RuleSet;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** Has it recorded which rules are in force. */
@Command(
    name = "load",
    mixinStandardHelpOptions = true,
    description = {
      "Records the rules that a processor runs with: their ids, and the digest that its findings name. For a processor that",
      "runs by itself; custody up records its own. A set that is recorded already is not recorded again."
    },
    footerHeading = "%nExamples:%n",
    footer = {"  custody rule load --rules rules/"})
final class RuleLoadCommand implements Callable<Integer> {
  @ParentCommand private RuleCommand parent;

  @Option(
      names = "--import-token-file",
      paramLabel = "FILE",
      description = {
        "Whose first token says that this may be recorded; else that which $CUSTODY_IMPORT_TOKEN_FILE names, else",
        "DATA/import.token, which the collector makes."
      })
  private @Nullable Path importTokenFile;

  @Mixin private RunOptions run;

  @SuppressWarnings("NullAway.Init")
  RuleLoadCommand() {}

  @Override
  public Integer call() {
    Path data = parent.data();
    RuleSet rules = run.rules();
    Path token =
        importTokenFile == null ? TokenFile.ofImports(System.getenv(), data) : importTokenFile;
    return Writing.run(
        data,
        run,
        collector -> {
          CollectorClient importing = collector.importing(token);
          boolean added = importing.rules(rules);
          System.out.printf(
              "%s %d rules, digest %s%n",
              added ? "recorded" : "known already:", rules.documents().size(), rules.digest());
          return ExitCode.FOUND;
        });
  }
}
