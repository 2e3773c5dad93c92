package dev.custody.hook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.dataformat.toml.TomlMapper;
import dev.custody.hook.WireStatus.State;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CodexWiringTest {
  private static final HookOptions USER = HookOptions.ofUser();
  private static final TomlMapper TOML = new TomlMapper();

  @TempDir Path directory;

  private Machine machine;
  private HookSetup setup;
  private Path config;

  @BeforeEach
  void machine() throws Exception {
    machine = TestMachine.in(directory);
    setup = new HookSetup(machine);
    config = machine.home().resolve(".codex/config.toml");
    Files.createDirectories(config.getParent());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\n\n# only a comment",
        "model = \"gpt-5.5\"\n",
        "model = 'x'",
        "a = 1\r\n[mcp_servers.fs]\r\ncommand = \"npx\" # [otel]\r\n",
        "[profiles.\"é [x]\"]\nnotes = \"\"\"\n[otel]\nexporter = 1\n\"\"\"\n\n\n",
        "[[projects]]\ntrust_level = \"trusted\"",
        "[hooks.state.\"/h/.codex/hooks.json:stop:0:0\"]\ntrusted_hash = \"sha256:00\"\n",
      })
  void installAndUninstallLeaveTheBytesOfConfigToml(String before) throws Exception {
    Files.writeString(config, before);
    setup.apply(setup.install(Wire.CODEX, USER));
    String installed = Files.readString(config);
    assertThat(installed).startsWith(before.stripTrailing());
    assertThat(TOML.readTree(installed).at("/otel/exporter/otlp-http/endpoint").asText())
        .isEqualTo("http://127.0.0.1:4319/v1/logs");
    assertThat(TOML.readTree(installed).at("/otel/trace_exporter/otlp-http/endpoint").asText())
        .isEqualTo("http://127.0.0.1:4319/v1/traces");
    assertThat(setup.status(Wire.CODEX, USER).state()).isEqualTo(State.INSTALLED);
    assertThat(setup.install(Wire.CODEX, USER).changes()).isEmpty();
    setup.apply(setup.uninstall(Wire.CODEX, USER));
    assertThat(Files.readString(config)).isEqualTo(before);
  }

  @Test
  void whatCodexWroteBehindOursStays() throws Exception {
    Files.writeString(config, "model = \"x\"\n");
    setup.apply(setup.install(Wire.CODEX, USER));
    Files.writeString(
        config, Files.readString(config) + "\n[hooks.state.\"k\"]\ntrusted_hash = \"h\"\n");
    setup.apply(setup.uninstall(Wire.CODEX, USER));
    assertThat(Files.readString(config))
        .isEqualTo("model = \"x\"\n\n[hooks.state.\"k\"]\ntrusted_hash = \"h\"\n");
  }

  @Test
  void whatTheUserAddedToOurTableStaysInIt() throws Exception {
    setup.apply(setup.install(Wire.CODEX, USER));
    Files.writeString(config, Files.readString(config) + "environment = \"prod\"\n");
    setup.apply(setup.uninstall(Wire.CODEX, USER));
    assertThat(Files.readString(config)).isEqualTo("[otel]\nenvironment = \"prod\"\n");
  }

  @Test
  void aTableThatTheUserChangedIsNotTouched() throws Exception {
    setup.apply(setup.install(Wire.CODEX, USER));
    String changed = Files.readString(config).replace("\"json\" } }", "\"binary\" } }");
    Files.writeString(config, changed);
    assertThatThrownBy(() -> setup.uninstall(Wire.CODEX, USER))
        .hasMessageContaining("[otel] was changed since it was written");
    assertThat(Files.readString(config)).isEqualTo(changed);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[otel]\nexporter = \"none\"\n",
        "otel = { environment = \"prod\" }\n",
        "otel.exporter = { otlp-grpc = { endpoint = \"https://otel.acme.example\" } }\n"
      })
  void telemetryThatGoesElsewhereStaysAsItIs(String before) throws Exception {
    Files.writeString(config, before);
    HookSetup.Plan plan = setup.install(Wire.CODEX, USER);
    setup.apply(plan);
    assertThat(Files.readString(config)).isEqualTo(before);
    assertThat(plan.notes()).anyMatch(n -> n.contains("[otel] is set otherwise"));
    assertThat(setup.status(Wire.CODEX, USER).state()).isEqualTo(State.PARTLY);
  }

  @Test
  void aFileThatIsNoTomlIsRefusedWithItsPlace() throws Exception {
    Files.writeString(config, "a = 1\nb = = 2\n");
    assertThatThrownBy(() -> setup.install(Wire.CODEX, USER))
        .hasMessageContaining("config.toml: expected TOML, found something else at line 2");
    assertThat(config.resolveSibling("hooks.json")).doesNotExist();
  }

  @Test
  void theUserIsToldThatCodexAsksForTrust() throws Exception {
    assertThat(setup.install(Wire.CODEX, USER).notes()).anyMatch(n -> n.contains("/hooks"));
  }
}
