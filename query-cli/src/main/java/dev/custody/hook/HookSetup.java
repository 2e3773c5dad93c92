package dev.custody.hook;

import dev.custody.hook.FileChange.Keep;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Wires agents and git to the collector, and takes the wires away again. */
public final class HookSetup {
  private final Machine machine;
  private final Originals originals;

  /** On {@code machine}. */
  public HookSetup(Machine machine) {
    this.machine = machine;
    this.originals = new Originals(machine);
  }

  /**
   * What would be done. Nothing is until {@link #apply}.
   *
   * @param changes files that change
   * @param notes what the user should know
   */
  public record Plan(List<FileChange> changes, List<String> notes) {
    /** Copies. */
    public Plan {
      changes = List.copyOf(changes);
      notes = List.copyOf(notes);
    }
  }

  /** What has to change so that {@code wire} is set up. */
  public Plan install(Wire wire, HookOptions options) throws HookException {
    if (wire == Wire.GIT) {
      return new GitHooks(machine, options).install();
    }
    if (wire == Wire.CLAUDE_CODE) {
      ClaudeCodeVersion.check(machine);
    }
    Wiring wiring = wiring(wire, options);
    List<FileChange> changes = new ArrayList<>();
    List<String> notes = new ArrayList<>();
    if (wiring.needsForwarder()) {
      changes.add(Forwarder.change(machine));
    }
    for (FileEdit edit : wiring.edits()) {
      changes.add(installed(edit, notes));
    }
    notes.addAll(wire == Wire.CODEX ? List.of(CodexWiring.TRUST) : List.of());
    return plan(changes, notes);
  }

  private FileChange installed(FileEdit edit, List<String> notes) throws HookException {
    Path file = TextFile.target(edit.file());
    String before = TextFile.read(file);
    String after = edit.install(before, notes);
    Optional<Originals.Original> kept = originals.of(file);
    String original =
        before == null
            ? null
            : kept.isPresent() && kept.get().isUnchanged(before)
                ? kept.get().text()
                // Without a copy, or after changes by somebody else: as it is now, without ours.
                : edit.uninstall(before, kept.map(Originals.Original::text).orElse(null));
    return new FileChange(
        file, before, after, TextFile.mode(file, FileChange.PRIVATE), Keep.ORIGINAL, original);
  }

  /** What has to change so that nothing of {@code wire} is left. */
  public Plan uninstall(Wire wire, HookOptions options) throws HookException {
    if (wire == Wire.GIT) {
      return new GitHooks(machine, options).uninstall();
    }
    List<FileChange> changes = new ArrayList<>();
    // Backwards: what was made for the first file goes last.
    for (FileEdit edit : wiring(wire, options).edits().reversed()) {
      Path file = TextFile.target(edit.file());
      String before = TextFile.read(file);
      if (before != null) {
        changes.add(
            new FileChange(
                file,
                before,
                uninstalled(edit, file, before),
                TextFile.mode(file, FileChange.PRIVATE),
                Keep.FORGET,
                null));
      }
    }
    return plan(changes, List.of());
  }

  private @Nullable String uninstalled(FileEdit edit, Path file, String before)
      throws HookException {
    Optional<Originals.Original> kept = originals.of(file);
    if (kept.isPresent() && kept.get().isUnchanged(before)) {
      return kept.get().text();
    }
    String after = edit.uninstall(before, kept.map(Originals.Original::text).orElse(null));
    return after.isEmpty() && !before.isEmpty() ? null : after;
  }

  private static Plan plan(List<FileChange> changes, List<String> notes) {
    return new Plan(changes.stream().filter(FileChange::isChange).toList(), notes);
  }

  /** What of {@code wire} is there. */
  public WireStatus status(Wire wire, HookOptions options) throws HookException {
    if (wire == Wire.GIT) {
      return new GitHooks(machine, options).status();
    }
    WireStatus status = wiring(wire, options).status();
    Path forwarder = Forwarder.path(machine);
    boolean needed =
        status.state() != WireStatus.State.NOT_INSTALLED && wiring(wire, options).needsForwarder();
    if (!needed || (Files.isExecutable(forwarder) && !Forwarder.change(machine).isChange())) {
      return status;
    }
    List<String> missing = new ArrayList<>(status.missing());
    missing.add(
        "%s %s"
            .formatted(
                forwarder, Files.isExecutable(forwarder) ? "is another version" : "is not there"));
    return WireStatus.of(
        wire, status.files(), options.port(), status.ports(), missing, status.notes());
  }

  /** The ways to the collector that the settings of {@code wire} name now. */
  public List<ProbeTarget> targets(Wire wire, HookOptions options) throws HookException {
    return wire == Wire.GIT
        ? new GitHooks(machine, options).targets()
        : wiring(wire, options).targets();
  }

  /** Whether {@code agent} has left a directory of settings on this machine. */
  public boolean isPresent(Wire agent) {
    Path directory =
        switch (agent) {
          case CLAUDE_CODE -> machine.directory("CLAUDE_CONFIG_DIR", ".claude");
          case CODEX -> machine.directory("CODEX_HOME", ".codex");
          case GEMINI_CLI -> machine.home().resolve(".gemini");
          case OPENCODE -> machine.directory("XDG_CONFIG_HOME", ".config").resolve("opencode");
          case GIT -> machine.home();
        };
    return Files.isDirectory(directory);
  }

  private Wiring wiring(Wire wire, HookOptions options) {
    return switch (wire) {
      case CLAUDE_CODE -> new ClaudeCodeWiring(machine, options);
      case CODEX -> new CodexWiring(machine, options);
      case GEMINI_CLI -> new GeminiWiring(machine, options);
      case OPENCODE -> new OpencodeWiring(machine, options);
      case GIT -> throw new IllegalArgumentException("git has no settings of an agent's kind");
    };
  }

  /**
   * Does it, file by file, each at once or not at all.
   *
   * @throws HookException when a file has changed since it was planned, or cannot be written
   */
  public void apply(Plan plan) throws HookException {
    for (FileChange change : plan.changes()) {
      if (!Objects.equals(TextFile.read(change.file()), change.before())) {
        throw new HookException(
            change.file() + ": it has changed since the difference was shown",
            "run the command again");
      }
      if (change.keep() == Keep.ORIGINAL) {
        originals.keep(change.file(), change.original(), String.valueOf(change.after()));
      }
      String after = change.after();
      if (after == null) {
        TextFile.delete(change.file());
      } else {
        TextFile.write(change.file(), after, change.mode());
      }
      if (change.keep() == Keep.FORGET) {
        originals.forget(change.file());
      }
    }
    if (Files.exists(machine.data(), LinkOption.NOFOLLOW_LINKS)) {
      TextFile.makePrivate(machine.data().resolve("hook"));
    }
  }
}
