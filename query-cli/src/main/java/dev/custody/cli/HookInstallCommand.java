package dev.custody.cli;

import dev.custody.hook.HookException;
import dev.custody.hook.HookOptions;
import dev.custody.hook.HookSetup;
import dev.custody.hook.Wire;
import picocli.CommandLine.Command;

/** Adds ours to the settings of agents. */
@Command(
    name = "install",
    mixinStandardHelpOptions = true,
    description = {
      "Adds Custody's hooks to the settings of an agent or of a repository, and has the agent send its telemetry.",
      "Shows the difference and asks first. What is there stays; an original is kept for the uninstall."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  custody hook install claude-code",
      "  custody hook install all --yes               every agent that is on this machine",
      "  custody hook install git --project ~/src/api",
      "  custody hook install codex --dry-run"
    })
final class HookInstallCommand extends HookEditCommand {
  HookInstallCommand() {
    super(true);
  }

  @Override
  HookSetup.Plan plan(HookSetup setup, Wire wire, HookOptions options) throws HookException {
    return setup.install(wire, options);
  }
}
