package dev.custody.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Credentials: those that the broker gives, and those that agents used. */
@Command(
    name = "credential",
    mixinStandardHelpOptions = true,
    description = "Gives agents short credentials, and tells which ones they used.",
    subcommands = {
      CredentialAwsCommand.class,
      CredentialListCommand.class,
      CredentialShowCommand.class
    })
final class CredentialCommand implements Runnable {
  @ParentCommand private CustodyCommand custody;
  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init")
  CredentialCommand() {}

  CustodyCommand custody() {
    return custody;
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "expected a command, found none: aws, list or show");
  }
}
