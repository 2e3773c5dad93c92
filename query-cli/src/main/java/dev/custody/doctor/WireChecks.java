package dev.custody.doctor;

import dev.custody.hook.HookException;
import dev.custody.hook.HookOptions;
import dev.custody.hook.HookSetup;
import dev.custody.hook.ProbeTarget;
import dev.custody.hook.Wire;
import dev.custody.hook.WireStatus;
import dev.custody.hook.WireStatus.State;
import java.util.ArrayList;
import java.util.List;

/**
 * How whole the wires are, and which ways they take.
 *
 * @param checks one for each wire that is there
 * @param targets the ways, each once
 */
public record WireChecks(List<Check> checks, List<ProbeTarget> targets) {
  /** Copies. */
  public WireChecks {
    checks = List.copyOf(checks);
    targets = List.copyOf(targets);
  }

  /** Those of the user, and those of the project that {@code options} name. */
  public static WireChecks of(HookSetup setup, HookOptions options) {
    List<Check> checks = new ArrayList<>();
    List<ProbeTarget> targets = new ArrayList<>();
    HookOptions user =
        new HookOptions(null, options.port(), options.timeoutSeconds(), options.telemetry());
    for (Wire wire : Wire.agents()) {
      add(setup, wire, user, checks, targets);
    }
    if (options.project() != null) {
      for (Wire wire : Wire.values()) {
        add(setup, wire, options, checks, targets);
      }
    }
    if (checks.isEmpty()) {
      checks.add(
          Check.failed("wires", "no agent is wired to a collector", "custody hook install all"));
    }
    return new WireChecks(checks, targets.stream().distinct().toList());
  }

  private static void add(
      HookSetup setup,
      Wire wire,
      HookOptions options,
      List<Check> checks,
      List<ProbeTarget> targets) {
    try {
      WireStatus status = setup.status(wire, options);
      if (status.state() == State.NOT_INSTALLED) {
        return;
      }
      String where = options.project() == null ? "" : " in " + options.project();
      String install =
          "custody hook install "
              + wire.id()
              + (options.project() == null ? "" : " --project " + options.project());
      checks.add(check(wire.id() + where, status, install));
      targets.addAll(setup.targets(wire, options));
    } catch (HookException e) {
      checks.add(Check.failed(wire.id(), String.valueOf(e.getMessage()), e.hint()));
    }
  }

  private static Check check(String name, WireStatus status, String install) {
    return switch (status.state()) {
      case INSTALLED -> Check.ok(name, "wired" + notes(status));
      case PARTLY ->
          Check.note(
              name, "wired in part; missing: " + String.join(", ", status.missing()), install);
      case OTHER_PORT ->
          Check.failed(
              name,
              "wired to port "
                  + String.join(
                      ", ", status.ports().stream().sorted().map(String::valueOf).toList()),
              install);
      case NOT_INSTALLED -> Check.note(name, "not wired", install);
    };
  }

  private static String notes(WireStatus status) {
    return status.notes().isEmpty() ? "" : "; " + String.join("; ", status.notes());
  }
}
