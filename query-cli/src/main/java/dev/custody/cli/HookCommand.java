package dev.custody.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Capture on this machine. */
@Command(
    name = "hook",
    mixinStandardHelpOptions = true,
    description = {
      "Wires coding agents and git on this machine to the collector, by their own settings.",
      "Everything that stands in those settings stays as it is; docs/capture.md says what is added."
    },
    subcommands = {HookInstallCommand.class, HookStatusCommand.class, HookUninstallCommand.class})
final class HookCommand implements Runnable {
  @ParentCommand private CustodyCommand custody;
  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init")
  HookCommand() {}

  CustodyCommand custody() {
    return custody;
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "expected a command, found none: install, status or uninstall");
  }
}
