package dev.custody.cli;

import dev.custody.local.Installation;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The root of the command line. */
@Command(
    name = "custody",
    description = "Which agent did it, under whose delegation, and can you prove it?",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    subcommands = {
      DemoCommand.class,
      UpCommand.class,
      HookCommand.class,
      DoctorCommand.class,
      ImportCommand.class,
      AgentCommand.class,
      DelegateCommand.class,
      CredentialCommand.class,
      GitCommand.class,
      McpCommand.class,
      WhoCommand.class,
      TraceCommand.class,
      SearchCommand.class,
      AlertsCommand.class,
      RuleCommand.class,
      CoverageCommand.class,
      VerifyCommand.class,
      TlogCommand.class,
      KeysCommand.class,
      ExplainCommand.class,
      EvidenceCommand.class,
      CollectorCommand.class,
      ProcessorCommand.class,
      IndexCommand.class,
      WitnessCommand.class,
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  custody who s3:DeleteBucket --since 7d   who deleted a bucket this week?",
      "  custody who touched .env                 who went for the secrets?",
      "  custody who commit 1a2b3c4               who wrote this commit?",
      "  custody trace 69689aad                   all that came of a prompt, as a tree",
      "  custody alerts                           findings, newest first",
      "",
      "Exit codes: 0 found or intact, 1 nothing found or not intact, 2 could not run."
    })
public final class CustodyCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      scope = ScopeType.INHERIT,
      description = "Data directory; without it $CUSTODY_DATA, or ~/.custody.")
  private Path data = defaultData();

  /** Made by the command line's library; {@code spec} is set right after. */
  @SuppressWarnings("NullAway.Init")
  public CustodyCommand() {}

  static Path defaultData() {
    String set = System.getenv("CUSTODY_DATA");
    return set != null && !set.isBlank() ? Path.of(set) : Installation.home().resolve(".custody");
  }

  /** The data directory. */
  public Path data() {
    return data.toAbsolutePath().normalize();
  }

  /** Where the index is in it. */
  public Path index() {
    return data().resolve("index");
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        "expected a command, found none: one of " + String.join(", ", spec.subcommands().keySet()));
  }
}
