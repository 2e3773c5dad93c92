package dev.custody.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Brings audit logs of the world into the chain. */
@Command(
    name = "import",
    mixinStandardHelpOptions = true,
    description = "Imports audit logs of the world.",
    subcommands = ImportCommand.CloudTrail.class)
final class ImportCommand implements Runnable {
  @ParentCommand private CustodyCommand custody;
  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init")
  ImportCommand() {}

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "expected what to import, found nothing: cloudtrail");
  }

  /** AWS CloudTrail. */
  @Command(
      name = "cloudtrail",
      mixinStandardHelpOptions = true,
      description = {
        "Imports AWS CloudTrail records: .json, .json.gz, {\"Records\": [...]}, arrays, one record a line; directories; - for",
        "standard input. A record that was imported before is left out, so an import can be repeated or gone on with at any time.",
        "A damaged file is named with the place of the damage; the rest goes on, and the exit code is 1."
      },
      footerHeading = "%nExamples:%n",
      footer = {
        "  custody import cloudtrail trail.json.gz",
        "  custody import cloudtrail /var/log/cloudtrail/",
        "  zcat *.gz | custody import cloudtrail -"
      })
  static final class CloudTrail implements Callable<Integer> {
    @ParentCommand private ImportCommand parent;

    @Parameters(
        arity = "1..*",
        paramLabel = "PATH",
        description = "Files, directories, or - for standard input.")
    private List<Path> paths = new ArrayList<>();

    @Mixin private RunOptions run;

    @SuppressWarnings("NullAway.Init")
    CloudTrail() {}

    @Override
    public Integer call() {
      return Writing.run(
          parent.custody.data(),
          run,
          collector -> new CloudTrailImport(collector, System.err).run(paths));
    }
  }
}
