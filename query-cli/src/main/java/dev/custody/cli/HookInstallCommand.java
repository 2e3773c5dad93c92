package dev.custody.cli;

import dev.custody.hook.HookOptions;
import dev.custody.hook.HookSetup;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

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
final class HookInstallCommand implements Callable<Integer> {
  @ParentCommand private HookCommand parent;

  @Parameters(
      arity = "1..*",
      paramLabel = "AGENT",
      description = "claude-code, codex, gemini-cli, opencode, git, or all.")
  private List<String> names = List.of();

  @Mixin private WireOptions wires;
  @Mixin private PlanWriter writer;

  @SuppressWarnings("NullAway.Init")
  HookInstallCommand() {}

  @Override
  public Integer call() {
    HookSetup setup = new HookSetup(wires.machine(parent.custody()));
    HookOptions options = wires.options(parent.custody());
    return HookWork.each(
        wires.wires(names, setup, true), wire -> writer.write(setup, setup.install(wire, options)));
  }
}
