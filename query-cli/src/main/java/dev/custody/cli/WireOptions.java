package dev.custody.cli;

import dev.custody.hook.HookOptions;
import dev.custody.hook.HookSetup;
import dev.custody.hook.Machine;
import dev.custody.hook.Wire;
import dev.custody.local.Installation;
import dev.custody.local.RunningMark;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which wires, of whom, and to which collector. */
final class WireOptions {
  private static final String ALL = "all";

  @Option(names = "--user", description = "For all that this user does; the default.")
  private boolean user;

  @Option(
      names = "--project",
      paramLabel = "DIR",
      description = "In the settings of one project only; git is always set up so.")
  private @Nullable Path project;

  @Option(
      names = "--port",
      paramLabel = "N",
      description =
          "Port of the collector; without it that of the one that runs on the data directory, or 4319.")
  private @Nullable Integer port;

  @Option(
      names = "--no-telemetry",
      description = "Hooks only; the agent's telemetry is left as it is.")
  private boolean withoutTelemetry;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "" + HookOptions.TIMEOUT_SECONDS,
      description =
          "Longest time that Claude Code waits for the collector; ${DEFAULT-VALUE}. Above the policy's deadline.")
  private int timeout;

  @Option(
      names = "--launcher",
      paramLabel = "FILE",
      description = "The command that git's hooks call; without it the custody that runs this.")
  private @Nullable Path launcher;

  @Option(names = "--home", hidden = true, description = "Another home directory.")
  private @Nullable Path home;

  /** Where things are; only a home that is named has nothing of this process's environment. */
  Machine machine(CustodyCommand custody) {
    Path custodys = launcher;
    String own = System.getProperty("custody.launcher");
    if (custodys == null && own != null) {
      custodys = Path.of(own);
    }
    return home == null
        ? new Machine(Installation.home(), custody.data(), System.getenv(), custodys)
        : new Machine(
            home,
            custody.data(),
            java.util.Map.of(
                "PATH", java.util.Objects.requireNonNullElse(System.getenv("PATH"), "")),
            custodys);
  }

  HookOptions options(CustodyCommand custody) {
    if (user && project != null) {
      throw new CouldNotRunException(
          "expected --user or --project, found both", "leave one of them out", null);
    }
    int chosen = port(custody);
    if (chosen < 1 || chosen > 65_535) {
      throw new CouldNotRunException(
          "--port: expected 1 to 65535, found " + chosen, "custody up says where it listens", null);
    }
    if (timeout < 1 || timeout > 60) {
      throw new CouldNotRunException(
          "--timeout: expected 1 to 60, found " + timeout, "leave it out for 2", null);
    }
    Path directory = project == null ? null : project.toAbsolutePath().normalize();
    return new HookOptions(directory, chosen, timeout, !withoutTelemetry);
  }

  private int port(CustodyCommand custody) {
    if (port != null) {
      return port;
    }
    int running =
        RunningMark.read(custody.data()).map(m -> URI.create(m.http()).getPort()).orElse(-1);
    return running > 0 ? running : HookOptions.PORT;
  }

  /**
   * The wires that {@code names} name: {@code all} is every agent that is on this machine, and git
   * where a project is named.
   */
  List<Wire> wires(List<String> names, HookSetup setup, boolean present) {
    List<Wire> wires = new ArrayList<>();
    for (String name : names) {
      if (name.equals(ALL)) {
        Wire.agents().stream().filter(w -> !present || setup.isPresent(w)).forEach(wires::add);
        if (project != null) {
          wires.add(Wire.GIT);
        }
      } else {
        wires.add(
            Wire.of(name)
                .orElseThrow(() ->
                    new CouldNotRunException(
                        "expected an agent, git or all, found '" + name + "'",
                        "one of claude-code, codex, gemini-cli, opencode, git, all",
                        null)));
      }
    }
    return wires.stream().distinct().toList();
  }
}
