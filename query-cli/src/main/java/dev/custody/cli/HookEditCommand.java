package dev.custody.cli;

import dev.custody.hook.HookException;
import dev.custody.hook.HookOptions;
import dev.custody.hook.HookSetup;
import dev.custody.hook.Wire;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Edits the settings of the agents that are named, each after it was shown and agreed to. */
abstract class HookEditCommand implements Callable<Integer> {
  @ParentCommand private HookCommand parent;

  @Parameters(
      arity = "1..*",
      paramLabel = "AGENT",
      description = "claude-code, codex, gemini-cli, opencode, git, or all.")
  private List<String> names = List.of();

  @Mixin private WireOptions wires;
  @Mixin private PlanWriter writer;

  private final boolean present;

  /**
   * A command.
   *
   * @param present whether {@code all} is only what is on this machine
   */
  @SuppressWarnings("NullAway.Init")
  HookEditCommand(boolean present) {
    this.present = present;
  }

  /** What is to be done with one. */
  abstract HookSetup.Plan plan(HookSetup setup, Wire wire, HookOptions options)
      throws HookException;

  @Override
  public Integer call() {
    HookSetup setup = new HookSetup(wires.machine(parent.custody()));
    HookOptions options = wires.options(parent.custody());
    return HookWork.each(
        wires.wires(names, setup, present),
        wire -> writer.write(setup, plan(setup, wire, options)));
  }
}
