package dev.custody.cli;

import dev.custody.hook.HookException;
import dev.custody.hook.HookOptions;
import dev.custody.hook.HookSetup;
import dev.custody.hook.Wire;
import picocli.CommandLine.Command;

/** Takes ours out of the settings of agents. */
@Command(
    name = "uninstall",
    mixinStandardHelpOptions = true,
    description = {
      "Takes Custody's hooks out again: byte for byte as it was where nothing else has changed since, else only what is ours.",
      "Shows the difference and asks first."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  custody hook uninstall claude-code",
      "  custody hook uninstall git --project ~/src/api --yes"
    })
final class HookUninstallCommand extends HookEditCommand {
  HookUninstallCommand() {
    super(false);
  }

  @Override
  HookSetup.Plan plan(HookSetup setup, Wire wire, HookOptions options) throws HookException {
    return setup.uninstall(wire, options);
  }
}
