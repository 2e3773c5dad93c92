package dev.custody.hook;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** git's hooks in one repository. A hook that is there already is moved aside, and called first. */
final class GitHooks {
  private static final List<String> NAMES = List.of("pre-commit", "prepare-commit-msg");
  private static final String ASIDE = ".before-custody";
  private static final String MARK = "# Custody's hook of git;";
  private static final String LAUNCHER = "@CUSTODY@";

  private final Machine machine;
  private final HookOptions options;

  GitHooks(Machine machine, HookOptions options) {
    this.machine = machine;
    this.options = options;
  }

  private Path directory() throws HookException {
    Path project = options.project();
    if (project == null) {
      throw new HookException(
          "git: expected one repository, found none: hooks for all of a user's repositories would take"
              + " the place of each one's own",
          "name it: --project DIR");
    }
    if (!Files.isDirectory(project)) {
      throw new HookException(project + " is no directory", "--project names a work tree");
    }
    Path hooks = asked(project, "hooks", "rev-parse", "--git-path", "hooks");
    Path common = asked(project, "directory", "rev-parse", "--git-common-dir");
    Path top = asked(project, "work tree", "rev-parse", "--show-toplevel");
    if (!hooks.startsWith(common) && !hooks.startsWith(top)) {
      throw new HookException(
          "core.hooksPath is %s, outside of this repository: other repositories use it as well"
              .formatted(hooks),
          "set it for this repository only: git config core.hooksPath .git/hooks");
    }
    return hooks;
  }

  private Path asked(Path project, String what, String... arguments) throws HookException {
    List<String> command = new ArrayList<>(List.of("git"));
    command.addAll(List.of(arguments));
    String answer =
        Program.ask(machine, project, command.toArray(String[]::new))
            .map(String::stripTrailing)
            .filter(a -> !a.isEmpty())
            .orElseThrow(() ->
                new HookException(
                    "%s: git does not tell its %s".formatted(project, what),
                    "is it a git work tree, and is git installed?"));
    Path at = project.resolve(answer).toAbsolutePath().normalize();
    try {
      return Files.exists(at) ? at.toRealPath() : at;
    } catch (java.io.IOException e) {
      throw new HookException(at + " cannot be read", "is it yours?");
    }
  }

  HookSetup.Plan install() throws HookException {
    Path launcher = machine.launcher();
    if (launcher == null) {
      throw new HookException(
          "git: expected to know where the command custody is, found nothing",
          "run this with the launcher of the installation, or name it: --launcher FILE");
    }
    Path hooks = directory();
    List<FileChange> changes = new ArrayList<>();
    for (String name : NAMES) {
      add(changes, hooks, name, launcher);
    }
    return new HookSetup.Plan(changes.stream().filter(FileChange::isChange).toList(), List.of());
  }

  private static void add(List<FileChange> changes, Path hooks, String name, Path launcher)
      throws HookException {
    Path file = hooks.resolve(name);
    Path aside = hooks.resolve(name + ASIDE);
    String there = read(file);
    String wanted = script(name, launcher);
    if (there != null && !isOurs(there)) {
      if (Files.exists(aside, LinkOption.NOFOLLOW_LINKS)) {
        throw new HookException(
            "%s: expected Custody's hook beside %s, found another".formatted(file, aside),
            "somebody replaced it: make one hook of the two, and remove " + aside);
      }
      // First: a crash leaves the hook twice, and never not at all.
      changes.add(FileChange.own(aside, null, there, TextFile.mode(file, FileChange.PROGRAM)));
    }
    changes.add(FileChange.own(file, there, wanted, FileChange.PROGRAM));
  }

  HookSetup.Plan uninstall() throws HookException {
    Path hooks = directory();
    List<FileChange> changes = new ArrayList<>();
    List<String> notes = new ArrayList<>();
    for (String name : NAMES) {
      Path file = hooks.resolve(name);
      Path aside = hooks.resolve(name + ASIDE);
      String there = read(file);
      String before = read(aside);
      if (there == null || !isOurs(there)) {
        if (before != null) {
          notes.add(
              aside + " is what stood there before; " + file + " is not Custody's: both stay");
        }
        continue;
      }
      changes.add(FileChange.own(file, there, before, TextFile.mode(aside, FileChange.PROGRAM)));
      if (before != null) {
        changes.add(FileChange.own(aside, before, null, FileChange.PROGRAM));
      }
    }
    return new HookSetup.Plan(changes, notes);
  }

  WireStatus status() throws HookException {
    Path hooks = directory();
    TreeSet<Integer> ports = new TreeSet<>();
    List<String> missing = new ArrayList<>();
    for (String name : NAMES) {
      String there = read(hooks.resolve(name));
      if (there != null && isOurs(there)) {
        ports.add(options.port());
      }
      Path launcher = machine.launcher();
      boolean whole =
          there != null
              && (launcher == null ? isOurs(there) : there.equals(script(name, launcher)))
              && Files.isExecutable(hooks.resolve(name));
      if (!whole) {
        missing.add(name);
      }
    }
    List<Path> files = NAMES.stream().map(hooks::resolve).toList();
    return WireStatus.of(Wire.GIT, files, options.port(), ports, missing, List.of());
  }

  /** Each of ours, also one that is gone; none where nothing is ours. */
  List<ProbeTarget> targets() throws HookException {
    Path hooks = directory();
    Path project = Objects.requireNonNull(options.project());
    List<ProbeTarget> targets = new ArrayList<>();
    boolean any = false;
    for (String name : NAMES) {
      Path file = hooks.resolve(name);
      String there = read(file);
      boolean ours = there != null && isOurs(there);
      any |= ours;
      targets.add(
          new ProbeTarget.GitHook(Wire.GIT, project, file, hooks.resolve(name + ASIDE), ours));
    }
    return any ? targets : List.of();
  }

  private static @Nullable String read(Path file) throws HookException {
    if (Files.isSymbolicLink(file)) {
      throw new HookException(
          file + ": expected a file, found a link", "make a file of it, or add our lines by hand");
    }
    return TextFile.read(file);
  }

  private static boolean isOurs(String text) {
    return text.contains(MARK);
  }

  private static String script(String name, Path launcher) throws HookException {
    return Forwarder.resource(name)
        .replace(LAUNCHER, Forwarder.quoted(launcher.toAbsolutePath().toString()));
  }
}
