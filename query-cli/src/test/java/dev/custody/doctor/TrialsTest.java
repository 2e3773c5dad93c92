package dev.custody.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.custody.hook.HookOptions;
import dev.custody.hook.HookSetup;
import dev.custody.hook.Machine;
import dev.custody.hook.ProbeTarget;
import dev.custody.hook.Wire;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said where a wire cannot be tried. */
class TrialsTest {
  @TempDir private Path directory;

  /** A machine on whose PATH nothing is. */
  private Machine bare() throws Exception {
    Path empty = Files.createDirectories(directory.resolve("empty"));
    return new Machine(directory, directory, Map.of("PATH", empty.toString()), null);
  }

  private ProbeTarget.Plugin plugin() throws Exception {
    HookSetup setup = new HookSetup(bare());
    HookOptions options = HookOptions.ofUser();
    setup.apply(setup.install(Wire.OPENCODE, options));
    return setup.targets(Wire.OPENCODE, options).stream()
        .filter(ProbeTarget.Plugin.class::isInstance)
        .map(ProbeTarget.Plugin.class::cast)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void withoutARuntimeThePluginIsToldToBeUnchangedAndNotTried() throws Exception {
    ProbeTarget.Plugin plugin = plugin();
    Check check = Objects.requireNonNull(new PluginTrial(bare()).run(Probe.of(plugin), plugin));
    assertThat(check.result()).isEqualTo(Check.Result.NOTE);
    assertThat(check.found())
        .matches(
            "is in place and unchanged \\(SHA-256 [0-9a-f]{64}\\), but was not tried: neither node nor bun is on the PATH");
    assertThat(check.todo()).contains("install Node.js");
    assertThat(check.name()).isEqualTo("opencode " + plugin.file());
  }

  @Test
  void withoutARuntimeAnEditedPluginFailsAllTheSame() throws Exception {
    ProbeTarget.Plugin there = plugin();
    ProbeTarget.Plugin edited =
        new ProbeTarget.Plugin(Wire.OPENCODE, there.file(), there.text() + "\n", there.expected());
    Check check = Objects.requireNonNull(new PluginTrial(bare()).run(Probe.of(edited), edited));
    assertThat(check.result()).isEqualTo(Check.Result.FAILED);
  }

  @Test
  void aRuntimeThatCannotLoadThePluginFailsWithWhatItSaid() throws Exception {
    Path node = Files.createDirectories(directory.resolve("empty")).resolve("node");
    Files.writeString(node, "#!/bin/sh\necho 'SyntaxError: Unexpected token' >&2\nexit 1\n");
    Files.setPosixFilePermissions(node, PosixFilePermissions.fromString("rwxr-xr-x"));
    ProbeTarget.Plugin plugin = plugin();
    Check check = Objects.requireNonNull(new PluginTrial(bare()).run(Probe.of(plugin), plugin));
    assertThat(check.result()).isEqualTo(Check.Result.FAILED);
    assertThat(check.found())
        .isEqualTo("cannot be loaded: " + node + " ends with 1: SyntaxError: Unexpected token");
  }

  @Test
  void withoutGitNothingIsTriedAndThatIsSaid() throws Exception {
    Path file = directory.resolve("pre-commit");
    Files.writeString(file, "#!/bin/sh\nexit 0\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    ProbeTarget.GitHook hook =
        new ProbeTarget.GitHook(
            Wire.GIT, directory, file, directory.resolve("pre-commit.before-custody"), true);
    Check check = Objects.requireNonNull(new GitTrial(bare()).run(Probe.of(hook), hook));
    assertThat(check.result()).isEqualTo(Check.Result.NOTE);
    assertThat(check.found()).isEqualTo("was not tried: git is not on the PATH");
    HookOptions options = new HookOptions(directory, 4319, 2, true);
    assertThatThrownBy(() -> new HookSetup(bare()).targets(Wire.GIT, options))
        .as("nor is it told where hooks are")
        .hasMessageContaining("git does not tell its hooks");
  }

  @Test
  void aCommitIsTheProbeOnlyWhenNothingButTheMadeUpSecretIsInIt() {
    ProbeTarget target = new ProbeTarget.Url(Wire.OPENCODE, "http://127.0.0.1:1");
    String session = Probe.of(target).session();
    // git hash-object of the text.
    String blob = "4b390418bb35a46c70ca30ccdc6c3688bfd2bace";
    assertThat(CommitProbe.is(session, CommitProbe.FILE, blob)).isTrue();
    assertThat(CommitProbe.is(session, CommitProbe.FILE, "0" + blob.substring(1))).isFalse();
    assertThat(CommitProbe.is(session, "src/" + CommitProbe.FILE, blob)).isFalse();
    for (String other : List.of("ses_1", "custody-probe-", session + "0", "x" + session)) {
      assertThat(CommitProbe.is(other, CommitProbe.FILE, blob)).isFalse();
    }
    assertThat(CommitProbe.is(null, CommitProbe.FILE, blob)).isFalse();
  }
}
