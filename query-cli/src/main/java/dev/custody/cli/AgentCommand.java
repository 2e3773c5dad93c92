package dev.custody.cli;

import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Agents: which are expected, and which were seen. */
@Command(
    name = "agent",
    mixinStandardHelpOptions = true,
    description = "Registers and retires agents, and shows which were seen at work.",
    subcommands = {
      AgentRegisterCommand.class,
      AgentRetireCommand.class,
      AgentListCommand.class,
      AgentShowCommand.class
    })
final class AgentCommand implements Runnable {
  @ParentCommand private CustodyCommand custody;
  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init")
  AgentCommand() {}

  Path data() {
    return custody.data();
  }

  Path index() {
    return custody.index();
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        "expected a command, found none: one of " + String.join(", ", spec.subcommands().keySet()));
  }
}
