package dev.custody.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** The check that a pre-commit hook makes. */
@Command(
    name = "check-staged",
    mixinStandardHelpOptions = true,
    description = {
      "Refuses a commit whose staged additions contain a secret of a known format, by file, line and kind.",
      "What only stands under a name like 'password' is told and not refused.",
      "CUSTODY_ALLOW_SECRET='why' git commit goes on all the same, and is recorded."
    },
    footerHeading = "%nExit codes:%n",
    footer = {
      "  0  nothing found, or overridden",
      "  1  the commit adds secrets",
      "  2  could not look: the hook lets the commit go on"
    })
final class GitCheckStagedCommand implements Callable<Integer>, ReadsOnly {
  @ParentCommand private GitCommand parent;

  @Option(
      names = "--strict",
      description = "Refuse also what is taken for a secret because of its name alone.")
  private boolean strict;

  @SuppressWarnings("NullAway.Init")
  GitCheckStagedCommand() {}

  @Override
  public Integer call() {
    StagedCheck check =
        new StagedCheck(parent.custody().data(), System.getenv(), strict, System.err);
    return check.run(Path.of("").toAbsolutePath());
  }
}
