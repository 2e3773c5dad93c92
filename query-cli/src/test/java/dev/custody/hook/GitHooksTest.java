package dev.custody.hook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.custody.hook.WireStatus.State;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With the real git. */
class GitHooksTest {
  @TempDir Path directory;

  private Machine machine;
  private HookSetup setup;
  private HookOptions options;
  private Path repository;
  private Path hooks;
  private Path calls;

  @BeforeEach
  void repository() throws Exception {
    machine = TestMachine.in(directory);
    setup = new HookSetup(machine);
    Files.createDirectories(machine.home());
    repository = Files.createDirectories(directory.resolve("my repo"));
    options = new HookOptions(repository, 4319, 2, true);
    assertThat(git("init", "-q", "-b", "main")).isZero();
    assertThat(git("config", "user.email", "dana@example.test")).isZero();
    assertThat(git("config", "user.name", "Dana")).isZero();
    hooks = repository.resolve(".git/hooks");
    calls = directory.resolve("calls");
    launcher(0);
  }

  private void launcher(int code) throws Exception {
    program(
        Objects.requireNonNull(machine.launcher()),
        "echo custody \"$@\" >>'" + calls + "'\nexit " + code);
  }

  private static void program(Path file, String script) throws Exception {
    Files.createDirectories(file.getParent());
    Files.writeString(file, "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private int git(String... arguments) throws Exception {
    return git(Map.of(), arguments);
  }

  private int git(Map<String, String> environment, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("git"));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).directory(repository.toFile());
    builder.environment().keySet().removeIf(n -> n.startsWith("GIT_") || n.startsWith("CUSTODY"));
    builder.environment().put("HOME", machine.home().toString());
    builder.environment().put("GIT_CONFIG_NOSYSTEM", "1");
    builder.environment().putAll(environment);
    builder.redirectErrorStream(true).redirectOutput(directory.resolve("git.out").toFile());
    return builder.start().waitFor();
  }

  private int commit() throws Exception {
    return git(
        Map.of("CUSTODY_SESSION_TAG", "custody-0011"),
        "commit",
        "-q",
        "--allow-empty",
        "-m",
        "work");
  }

  @Test
  void bothHooksRunInARealCommit() throws Exception {
    setup.apply(setup.install(Wire.GIT, options));
    assertThat(setup.status(Wire.GIT, options).state()).isEqualTo(State.INSTALLED);
    assertThat(setup.install(Wire.GIT, options).changes()).isEmpty();
    assertThat(commit()).isZero();
    assertThat(calls).hasContent("custody git check-staged");
    assertThat(git("log", "-1", "--format=%B")).isZero();
    assertThat(Files.readString(directory.resolve("git.out")))
        .contains("Custody-Session: custody-0011");
  }

  @Test
  void aHookThatCannotBeRunAnyMoreIsMadeToRunByInstallingAgain() throws Exception {
    setup.apply(setup.install(Wire.GIT, options));
    Path hook = hooks.resolve("pre-commit");
    Files.setPosixFilePermissions(hook, PosixFilePermissions.fromString("rw-r--r--"));
    HookSetup.Plan plan = setup.install(Wire.GIT, options);
    assertThat(plan.changes())
        .extracting(FileChange::diff)
        .containsExactly(" %s: cannot be run, its mode becomes rwxr-xr-x\n".formatted(hook));
    setup.apply(plan);
    assertThat(setup.status(Wire.GIT, options).state()).isEqualTo(State.INSTALLED);
    assertThat(commit()).isZero();
    assertThat(calls).hasContent("custody git check-staged");
  }

  @Test
  void onlyAVerdictStopsACommitAndTroubleOfOursDoesNot() throws Exception {
    setup.apply(setup.install(Wire.GIT, options));
    launcher(1);
    assertThat(commit()).isNotZero();
    launcher(2);
    assertThat(commit()).isZero();
    Files.delete(Objects.requireNonNull(machine.launcher()));
    assertThat(commit()).isZero();
  }

  @Test
  void aHookThatWasThereIsCalledFirstAndPutBackAsItWas() throws Exception {
    Path mine = hooks.resolve("pre-commit");
    program(mine, "echo mine >>'" + calls + "'\nexit ${MINE:-0}");
    Files.setPosixFilePermissions(mine, PosixFilePermissions.fromString("rwxr-x---"));
    Map<String, String> before = TestMachine.files(hooks);
    setup.apply(setup.install(Wire.GIT, options));
    assertThat(commit()).isZero();
    assertThat(calls).hasContent("mine\ncustody git check-staged");
    assertThat(git(Map.of("MINE", "3"), "commit", "-q", "--allow-empty", "-m", "no")).isNotZero();

    setup.apply(setup.uninstall(Wire.GIT, options));
    assertThat(TestMachine.files(hooks)).isEqualTo(before);
    assertThat(setup.status(Wire.GIT, options).state()).isEqualTo(State.NOT_INSTALLED);
  }

  @Test
  void aHookThatGitDidNotRunIsNotRunByUsEither() throws Exception {
    Path mine = hooks.resolve("pre-commit");
    program(mine, "exit 1");
    Files.setPosixFilePermissions(mine, PosixFilePermissions.fromString("rw-r--r--"));
    setup.apply(setup.install(Wire.GIT, options));
    assertThat(commit()).isZero();
    setup.apply(setup.uninstall(Wire.GIT, options));
    assertThat(Files.isExecutable(mine)).isFalse();
  }

  @Test
  void hooksPathInTheRepositoryIsFollowed() throws Exception {
    assertThat(git("config", "core.hooksPath", "ci/hooks")).isZero();
    setup.apply(setup.install(Wire.GIT, options));
    assertThat(repository.resolve("ci/hooks/pre-commit")).isExecutable();
    assertThat(hooks.resolve("pre-commit")).doesNotExist();
    assertThat(commit()).isZero();
    assertThat(calls).hasContent("custody git check-staged");
  }

  @Test
  void hooksThatOtherRepositoriesUseAreNotTouched() throws Exception {
    Path shared = Files.createDirectories(directory.resolve("shared"));
    assertThat(git("config", "--global", "core.hooksPath", shared.toString())).isZero();
    assertThatThrownBy(() -> setup.install(Wire.GIT, options))
        .hasMessageContaining("outside of this repository");
    assertThat(shared).isEmptyDirectory();
  }

  @Test
  void aLinkedWorkTreeUsesTheRepositorysHooks() throws Exception {
    assertThat(commit()).isZero();
    assertThat(git("worktree", "add", "-q", directory.resolve("linked").toString())).isZero();
    setup.apply(
        setup.install(Wire.GIT, new HookOptions(directory.resolve("linked"), 4319, 2, true)));
    assertThat(hooks.resolve("pre-commit")).isExecutable();
  }

  @Test
  void whatSomebodyElsePutInOurPlaceStays() throws Exception {
    program(hooks.resolve("pre-commit"), "exit 0");
    setup.apply(setup.install(Wire.GIT, options));
    program(hooks.resolve("pre-commit"), "exit 7");
    HookSetup.Plan plan = setup.uninstall(Wire.GIT, options);
    setup.apply(plan);
    assertThat(plan.notes()).anyMatch(n -> n.contains("both stay"));
    assertThat(Files.readString(hooks.resolve("pre-commit"))).contains("exit 7");
    assertThatThrownBy(() -> setup.install(Wire.GIT, options))
        .hasMessageContaining("found another");
  }

  @Test
  void withoutARepositoryItIsRefused() throws Exception {
    assertThatThrownBy(() -> setup.install(Wire.GIT, HookOptions.ofUser()))
        .hasMessageContaining("expected one repository");
    Path none = Files.createDirectories(directory.resolve("none"));
    assertThatThrownBy(() -> setup.install(Wire.GIT, new HookOptions(none, 4319, 2, true)))
        .hasMessageContaining("git does not tell its hooks");
  }
}
