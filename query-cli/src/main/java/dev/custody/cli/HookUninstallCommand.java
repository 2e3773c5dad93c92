package dev.custody.cli;

import dev.custody.hook.HookOptions;
import dev.custody.hook.HookSetup;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

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
final class HookUninstallCommand implements Callable<Integer> {
  @ParentCommand private HookCommand parent;

  @Parameters(
      arity = "1..*",
      paramLabel = "AGENT",
      description = "claude-code, codex, gemini-cli, opencode, git, or all.")
  private List<String> names = List.of();

  @Mixin private WireOptions wires;
  @Mixin private PlanWriter writer;

  @SuppressWarnings("NullAway.Init")
  HookUninstallCommand() {}

  @Override
  public Integer call() {
    HookSetup setup = new HookSetup(wires.machine(parent.custody()));
    HookOptions options = wires.options(parent.custody());
    return HookWork.each(
        wires.wires(names, setup, false),
        wire -> writer.write(setup, setup.uninstall(wire, options)));
  }
}
