package dev.custody.cli;

import dev.custody.hook.HookException;
import dev.custody.hook.Wire;
import java.util.List;

/** Does something with one wire after the other. */
final class HookWork {
  private HookWork() {}

  /** What is done with one. */
  @FunctionalInterface
  interface Work {
    int with(Wire wire) throws HookException;
  }

  /** The worst exit code; a wire that is refused does not keep the others from being done. */
  static int each(List<Wire> wires, Work work) {
    return each(wires, work, wires.size() > 1);
  }

  /** The same, with each wire's name above what is said of it where {@code named}. */
  static int each(List<Wire> wires, Work work, boolean named) {
    if (wires.isEmpty()) {
      throw new CouldNotRunException(
          "no agent is on this machine: expected its directory of settings, found none",
          "name the agent to set it up all the same",
          null);
    }
    int worst = ExitCode.FOUND;
    CouldNotRunException refused = null;
    for (Wire wire : wires) {
      try {
        if (named) {
          System.out.print(wire.id() + "\n");
        }
        worst = Math.max(worst, work.with(wire));
      } catch (HookException e) {
        CouldNotRunException failure =
            new CouldNotRunException(String.valueOf(e.getMessage()), e.hint(), e);
        if (refused != null) {
          failure.addSuppressed(refused);
          System.err.println("custody: " + Terminal.clean(String.valueOf(refused.getMessage())));
        }
        refused = failure;
      }
    }
    if (refused != null) {
      throw refused;
    }
    return worst;
  }
}
