package dev.custody.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** What git's hooks ask. */
@Command(
    name = "git",
    mixinStandardHelpOptions = true,
    description = "Answers git's hooks.",
    subcommands = {GitCheckStagedCommand.class})
final class GitCommand implements Runnable {
  @ParentCommand private CustodyCommand custody;
  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init")
  GitCommand() {}

  CustodyCommand custody() {
    return custody;
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "expected a command, found none: check-staged");
  }
}
