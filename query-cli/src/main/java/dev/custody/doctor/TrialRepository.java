package dev.custody.doctor;

import dev.custody.hook.Machine;
import dev.custody.hook.ProbeTarget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A git repository of its own in which one hook runs: by its own path, as git runs it in the
 * project. Other hooks that stand beside it are somebody else's and are left alone.
 */
final class TrialRepository {
  private static final Duration LONGEST = Duration.ofSeconds(60);

  /** What the user's own configuration may say otherwise, and the trial is not about. */
  private static final List<String> SETTINGS =
      List.of(
          "user.name=custody doctor",
          "user.email=doctor@custody.invalid",
          "commit.gpgSign=false",
          "core.autocrlf=false",
          "core.safecrlf=false",
          "core.attributesFile=/dev/null",
          "core.fsmonitor=false",
          "gc.auto=0",
          "maintenance.auto=false");

  private final Machine machine;
  private final Scratch scratch;
  private final Path git;
  private final Path worktree;

  private TrialRepository(Machine machine, Scratch scratch, Path git) throws IOException {
    this.machine = machine;
    this.scratch = scratch;
    this.git = git;
    this.worktree = Files.createDirectory(scratch.path().resolve("repository"));
  }

  /**
   * Makes it in {@code scratch}.
   *
   * @throws IOException saying why nothing can be tried
   */
  static TrialRepository make(Machine machine, Scratch scratch, ProbeTarget.GitHook hook)
      throws IOException, InterruptedException {
    Path git =
        Attempt.find(machine, "git").orElseThrow(() -> new IOException("git is not on the PATH"));
    TrialRepository repository = new TrialRepository(machine, scratch, git);
    repository.install(hook);
    Attempt made = repository.git(Map.of(), "init", "-q", "--template=");
    if (!made.succeeded()) {
      throw new IOException("git init " + made.end());
    }
    return repository;
  }

  private void install(ProbeTarget.GitHook hook) throws IOException {
    Path file = Files.createDirectory(hooks()).resolve(hook.name());
    String quoted = "'" + hook.file().toString().replace("'", "'\\''") + "'";
    Files.writeString(file, "#!/bin/sh\nexec " + quoted + " \"$@\"\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    if (!Files.isExecutable(file)) {
      throw new IOException(
          "no program can be run in " + scratch.path() + ": it is mounted noexec");
    }
  }

  private Path hooks() {
    return scratch.path().resolve("hooks");
  }

  /** Puts {@code text} into {@code file} and stages it. */
  void stage(String file, String text) throws IOException, InterruptedException {
    Files.writeString(worktree.resolve(file), text);
    // Forced: the user's own patterns may ignore any name.
    Attempt added = git(Map.of(), "add", "-f", "--", file);
    if (!added.succeeded()) {
      throw new IOException("git add " + added.end());
    }
  }

  /** Commits what is staged, which may be nothing. */
  Attempt commit(Map<String, String> environment) throws IOException, InterruptedException {
    return git(environment, "commit", "-q", "--allow-empty", "-m", "custody doctor");
  }

  /** The message of the newest commit. */
  String message() throws IOException, InterruptedException {
    Attempt shown = git(Map.of(), "log", "-1", "--format=%B");
    if (!shown.succeeded()) {
      throw new IOException("git log " + shown.end());
    }
    return shown.said();
  }

  private Attempt git(Map<String, String> environment, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(git.toString()));
    for (String setting : SETTINGS) {
      command.addAll(List.of("-c", setting));
    }
    command.addAll(List.of("-c", "core.hooksPath=" + hooks()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).directory(worktree.toFile());
    Map<String, String> given = builder.environment();
    given.clear();
    given.putAll(machine.environment());
    // Which repository is meant is said by the directory alone; and nothing is overridden.
    given.keySet().removeIf(n -> n.startsWith("GIT_") || n.equals("CUSTODY_ALLOW_SECRET"));
    given.keySet().removeIf(n -> n.startsWith("CUSTODY_SESSION"));
    given.put("HOME", machine.home().toString());
    given.put("GIT_DEFAULT_HASH", "sha1");
    given.put("GIT_TERMINAL_PROMPT", "0");
    given.putAll(environment);
    return Attempt.of(builder, scratch, LONGEST);
  }
}
