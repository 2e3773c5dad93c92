package dev.custody.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Evidence for somebody else. */
@Command(
    name = "evidence",
    mixinStandardHelpOptions = true,
    description = "Evidence for somebody who has only the root's public key.",
    subcommands = EvidenceExportCommand.class)
final class EvidenceCommand implements Runnable {
  @ParentCommand private CustodyCommand custody;
  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init")
  EvidenceCommand() {}

  CustodyCommand custody() {
    return custody;
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "expected what to do with evidence: export, found nothing");
  }
}
