package dev.custody.hook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.custody.hook.WireStatus.State;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

class HookSetupTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HookOptions USER = HookOptions.ofUser();
  private static final HookOptions OTHER_PORT = new HookOptions(null, 5000, 2, true);

  @TempDir Path directory;

  private Path claude(Machine machine) {
    return machine.home().resolve(".claude/settings.json");
  }

  private static void write(Path file, String text) throws Exception {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "GIT")
  void onAMachineWithNothingInstallAndUninstallLeaveNothing(Wire wire) throws Exception {
    Machine machine = TestMachine.in(directory);
    Files.createDirectories(machine.home());
    Map<String, String> before = TestMachine.files(directory);
    HookSetup setup = new HookSetup(machine);
    assertThat(setup.status(wire, USER).state()).isEqualTo(State.NOT_INSTALLED);

    setup.apply(setup.install(wire, USER));
    assertThat(setup.status(wire, USER).state()).isEqualTo(State.INSTALLED);
    assertThat(setup.install(wire, USER).changes()).isEmpty();
    assertThat(setup.targets(wire, USER)).isNotEmpty();

    setup.apply(setup.uninstall(wire, USER));
    assertThat(TestMachine.files(directory)).isEqualTo(before);
    assertThat(setup.targets(wire, USER)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "GIT")
  void anotherPortIsToldAndMovedTo(Wire wire) throws Exception {
    Machine machine = TestMachine.in(directory);
    HookSetup setup = new HookSetup(machine);
    setup.apply(setup.install(wire, OTHER_PORT));
    assertThat(setup.status(wire, USER).state()).isEqualTo(State.OTHER_PORT);
    assertThat(setup.status(wire, USER).ports()).containsExactly(5000);

    setup.apply(setup.install(wire, USER));
    assertThat(setup.status(wire, USER).state()).isEqualTo(State.INSTALLED);
    for (Path file : setup.status(wire, USER).files()) {
      assertThat(Files.readString(file)).doesNotContain(":5000").contains("4319");
    }
    setup.apply(setup.uninstall(wire, USER));
    assertThat(setup.status(wire, USER).files()).noneMatch(Files::exists);
  }

  @Test
  void claudeCodeSessionsStartThroughTheForwarderAndEverythingElseIsPosted() throws Exception {
    Machine machine = TestMachine.in(directory);
    HookSetup setup = new HookSetup(machine);
    setup.apply(setup.install(Wire.CLAUDE_CODE, USER));
    JsonNode settings = JSON.readTree(Files.readString(claude(machine)));
    for (Map.Entry<String, JsonNode> event : settings.path("hooks").properties()) {
      JsonNode handler = event.getValue().path(0).path("hooks").path(0);
      boolean start = event.getKey().equals("SessionStart") || event.getKey().equals("Setup");
      assertThat(handler.path("type").asText()).isEqualTo(start ? "command" : "http");
      assertThat(handler.path("timeout").asInt()).as(event.getKey()).isBetween(1, 5);
    }
    assertThat(settings.path("hooks").size()).isEqualTo(28);
    assertThat(settings.path("hooks").has("WorktreeCreate")).isFalse();
    assertThat(settings.path("env").path("OTEL_EXPORTER_OTLP_ENDPOINT").asText())
        .isEqualTo("http://127.0.0.1:4319");
    assertThat(Files.getPosixFilePermissions(machine.data().resolve("hook/forward")))
        .isEqualTo(PosixFilePermissions.fromString("rwxr-xr-x"));
    // No path of a home directory is fit for every shell unless it is quoted.
    assertThat(settings.at("/hooks/SessionStart/0/hooks/0/command").asText())
        .isEqualTo("'" + machine.data().resolve("hook/forward") + "' claude-code 4319");
  }

  @Test
  void whatIsAddedTakesTheIndentationOfTheFile() throws Exception {
    Machine machine = TestMachine.in(directory);
    write(
        claude(machine),
        "{\n    \"model\": \"opus\",\n    \"env\": {\n        \"A\": \"b\"\n    }\n}\n");
    HookSetup setup = new HookSetup(machine);
    HookSetup.Plan plan = setup.install(Wire.CLAUDE_CODE, USER);
    setup.apply(plan);
    assertThat(Files.readString(claude(machine)))
        .startsWith(
            "{\n    \"model\": \"opus\",\n    \"env\": {\n        \"A\": \"b\",\n        \"CLAUDE_CODE_ENABLE_TELEMETRY\": \"1\",\n")
        .contains("\n    },\n    \"hooks\": {\n        \"SessionStart\": [{\"hooks\": [{")
        .endsWith("]}]\n    }\n}\n");
    assertThat(plan.changes().getLast().diff())
        .startsWith("--- " + claude(machine) + "\n+++ " + claude(machine) + "\n@@ -1,6 +1,")
        .contains("\n-        \"A\": \"b\"\n+        \"A\": \"b\",\n");
  }

  @Test
  void telemetryThatGoesElsewhereStaysAsItIs() throws Exception {
    String set = "{\"env\": {\"OTEL_EXPORTER_OTLP_ENDPOINT\": \"https://otel.acme.example\"}}";
    Machine machine = TestMachine.in(directory);
    write(claude(machine), set);
    HookSetup setup = new HookSetup(machine);
    HookSetup.Plan plan = setup.install(Wire.CLAUDE_CODE, USER);
    setup.apply(plan);
    assertThat(plan.notes())
        .anyMatch(n -> n.contains("env.OTEL_EXPORTER_OTLP_ENDPOINT set otherwise"));
    assertThat(Files.readString(claude(machine)))
        .contains("https://otel.acme.example")
        .doesNotContain("OTEL_LOGS");
    WireStatus status = setup.status(Wire.CLAUDE_CODE, USER);
    assertThat(status.state()).isEqualTo(State.PARTLY);
    assertThat(status.missing()).contains("env.OTEL_EXPORTER_OTLP_ENDPOINT");
  }

  @Test
  void telemetryOfTheEnvironmentIsNotDiverted() throws Exception {
    Machine machine =
        TestMachine.in(
            directory, Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", "https://otel.acme.example"));
    HookSetup.Plan plan = new HookSetup(machine).install(Wire.CLAUDE_CODE, USER);
    assertThat(plan.notes()).anyMatch(n -> n.contains("is set in the environment"));
    assertThat(plan.changes().getLast().after()).doesNotContain("OTEL_");
  }

  @Test
  void withoutTelemetryTheEnvironmentIsNotTouched() throws Exception {
    Machine machine = TestMachine.in(directory);
    HookSetup setup = new HookSetup(machine);
    HookOptions hooksOnly = new HookOptions(null, 4319, 2, false);
    setup.apply(setup.install(Wire.CLAUDE_CODE, hooksOnly));
    assertThat(Files.readString(claude(machine))).doesNotContain("OTEL", "env\"");
    assertThat(setup.status(Wire.CLAUDE_CODE, hooksOnly).state()).isEqualTo(State.INSTALLED);
  }

  @Test
  void aValueThatTheUserHadSetToTheSameStaysWhenOursGoes() throws Exception {
    Machine machine = TestMachine.in(directory);
    write(claude(machine), "{\"env\": {\"CLAUDE_CODE_ENABLE_TELEMETRY\": \"1\"}}");
    HookSetup setup = new HookSetup(machine);
    setup.apply(setup.install(Wire.CLAUDE_CODE, USER));
    write(claude(machine), Files.readString(claude(machine)) + "\n");
    setup.apply(setup.uninstall(Wire.CLAUDE_CODE, USER));
    assertThat(JSON.readTree(Files.readString(claude(machine))))
        .isEqualTo(JSON.readTree("{\"env\": {\"CLAUDE_CODE_ENABLE_TELEMETRY\": \"1\"}}"));
  }

  @Test
  void aFileThatIsNoJsonIsRefusedWithItsPlaceAndNotTouched() throws Exception {
    Machine machine = TestMachine.in(directory);
    String broken = "{\n  \"token\": \"sk-secret\",\n  oops\n}\n";
    write(claude(machine), broken);
    assertThatThrownBy(() -> new HookSetup(machine).install(Wire.CLAUDE_CODE, USER))
        .isInstanceOf(HookException.class)
        .hasMessageContaining(
            "settings.json: expected JSON, found something else at line 3, column")
        .hasMessageNotContaining("sk-secret");
    assertThat(Files.readString(claude(machine))).isEqualTo(broken);
  }

  @Test
  void aNameThatStandsTwiceIsRefused() throws Exception {
    Machine machine = TestMachine.in(directory);
    write(claude(machine), "{\"hooks\": {}, \"hooks\": {}}");
    assertThatThrownBy(() -> new HookSetup(machine).install(Wire.CLAUDE_CODE, USER))
        .hasMessageContaining("a name stands twice");
  }

  @Test
  void hooksOfAnotherShapeAreRefused() throws Exception {
    Machine machine = TestMachine.in(directory);
    write(claude(machine), "{\"hooks\": {\"Stop\": {\"a\": 1}}}");
    assertThatThrownBy(() -> new HookSetup(machine).install(Wire.CLAUDE_CODE, USER))
        .hasMessageContaining("hooks.Stop: expected an array");
  }

  @Test
  void aFileThatChangedSinceItWasShownIsNotWritten() throws Exception {
    Machine machine = TestMachine.in(directory);
    write(claude(machine), "{}");
    HookSetup setup = new HookSetup(machine);
    HookSetup.Plan plan = setup.install(Wire.CLAUDE_CODE, USER);
    write(claude(machine), "{\"mine\": 1}");
    assertThatThrownBy(() -> setup.apply(plan)).hasMessageContaining("has changed since");
    assertThat(Files.readString(claude(machine))).isEqualTo("{\"mine\": 1}");
  }

  @Test
  void aLinkIsFollowedAndKeptAndSoIsTheMode() throws Exception {
    Machine machine = TestMachine.in(directory);
    Path dotfiles = directory.resolve("dotfiles/claude.json");
    write(dotfiles, "{}\n");
    Files.setPosixFilePermissions(dotfiles, PosixFilePermissions.fromString("rw-r-----"));
    Files.createDirectories(claude(machine).getParent());
    Files.createSymbolicLink(claude(machine), dotfiles);
    HookSetup setup = new HookSetup(machine);
    setup.apply(setup.install(Wire.CLAUDE_CODE, USER));
    assertThat(Files.isSymbolicLink(claude(machine))).isTrue();
    assertThat(Files.readString(dotfiles)).contains("4319");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(dotfiles)))
        .isEqualTo("rw-r-----");
    setup.apply(setup.uninstall(Wire.CLAUDE_CODE, USER));
    assertThat(Files.readString(dotfiles)).isEqualTo("{}\n");
    assertThat(Files.isSymbolicLink(claude(machine))).isTrue();
  }

  @Test
  void whatTheUserChangedBetweenTwoInstallsIsNotLostByTheUninstall() throws Exception {
    Machine machine = TestMachine.in(directory);
    write(claude(machine), "{\"first\": 1}");
    HookSetup setup = new HookSetup(machine);
    setup.apply(setup.install(Wire.CLAUDE_CODE, USER));
    JsonEdit edit = new JsonEdit(Files.readString(claude(machine)), JsonText.Dialect.STRICT, "t");
    edit.add(edit.json().root(), "second", JSON.readTree("2"));
    write(claude(machine), edit.json().text());
    setup.apply(setup.install(Wire.CLAUDE_CODE, OTHER_PORT));
    setup.apply(setup.uninstall(Wire.CLAUDE_CODE, OTHER_PORT));
    assertThat(Files.readString(claude(machine))).isEqualTo("{\"first\": 1, \"second\": 2}");
  }

  @Test
  void settingsThatClaudeCodeHasRewrittenAreStillRecognised() throws Exception {
    Machine machine = TestMachine.in(directory);
    write(claude(machine), "{\"model\": \"opus\"}");
    HookSetup setup = new HookSetup(machine);
    setup.apply(setup.install(Wire.CLAUDE_CODE, USER));
    String rewritten = JSON.readTree(Files.readString(claude(machine))).toPrettyString();
    write(claude(machine), rewritten);
    assertThat(setup.status(Wire.CLAUDE_CODE, USER).state()).isEqualTo(State.INSTALLED);
    assertThat(setup.install(Wire.CLAUDE_CODE, USER).changes()).isEmpty();
    setup.apply(setup.uninstall(Wire.CLAUDE_CODE, USER));
    assertThat(JSON.readTree(Files.readString(claude(machine))))
        .isEqualTo(JSON.readTree("{\"model\": \"opus\"}"));
  }

  @Test
  void whatIsMissingIsNamed() throws Exception {
    Machine machine = TestMachine.in(directory);
    HookSetup setup = new HookSetup(machine);
    setup.apply(setup.install(Wire.CLAUDE_CODE, USER));
    String text = Files.readString(claude(machine));
    write(
        claude(machine),
        text.replace("\"PostToolUse\":", "\"PreCompactX\":")
            .replaceFirst(
                "\\{", "{\"disableAllHooks\": true, \"allowedHttpHookUrls\": [\"https://*\"],"));
    Files.delete(machine.data().resolve("hook/forward"));
    WireStatus status = setup.status(Wire.CLAUDE_CODE, USER);
    assertThat(status.state()).isEqualTo(State.PARTLY);
    assertThat(status.missing())
        .contains(
            "PostToolUse",
            "disableAllHooks is set",
            "allowedHttpHookUrls does not allow http://127.0.0.1:4319")
        .anyMatch(m -> m.endsWith("hook/forward is not there"));
  }

  @Test
  void anOlderClaudeCodeIsRefusedBecauseItWouldSkipTheWholeFile() throws Exception {
    Path bin = Files.createDirectories(directory.resolve("bin"));
    Path claude = bin.resolve("claude");
    Files.writeString(claude, "#!/bin/sh\necho '2.1.90 (Claude Code)'\n");
    Files.setPosixFilePermissions(claude, PosixFilePermissions.fromString("rwx------"));
    Machine machine = TestMachine.in(directory, Map.of("PATH", bin + ":/usr/bin:/bin"));
    assertThatThrownBy(() -> new HookSetup(machine).install(Wire.CLAUDE_CODE, USER))
        .hasMessageContaining("expected 2.1.197 or newer, found 2.1.90");
    Files.writeString(claude, "#!/bin/sh\necho '2.1.330 (Claude Code)'\n");
    assertThat(new HookSetup(machine).install(Wire.CLAUDE_CODE, USER).changes()).isNotEmpty();
  }

  @Test
  void aProjectsSettingsAreTheProjects() throws Exception {
    Machine machine = TestMachine.in(directory);
    Path project = Files.createDirectories(directory.resolve("project"));
    HookOptions options = new HookOptions(project, 4319, 2, true);
    HookSetup setup = new HookSetup(machine);
    for (Wire wire : Wire.agents()) {
      setup.apply(setup.install(wire, options));
      assertThat(setup.status(wire, options).state()).isEqualTo(State.INSTALLED);
      assertThat(setup.status(wire, USER).state()).isEqualTo(State.NOT_INSTALLED);
    }
    assertThat(project.resolve(".claude/settings.json")).exists();
    assertThat(project.resolve(".codex/hooks.json")).exists();
    assertThat(project.resolve(".codex/config.toml")).doesNotExist();
    assertThat(project.resolve(".gemini/settings.json")).exists();
    assertThat(project.resolve(".opencode/plugins/custody.js")).exists();
    for (Wire wire : Wire.agents()) {
      setup.apply(setup.uninstall(wire, options));
    }
    try (var left = Files.list(project)) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void anotherPluginOfThatNameIsNotOverwritten() throws Exception {
    Machine machine = TestMachine.in(directory);
    Path plugin = machine.home().resolve(".config/opencode/plugins/custody.js");
    write(plugin, "export const Mine = 1;");
    assertThatThrownBy(() -> new HookSetup(machine).install(Wire.OPENCODE, USER))
        .hasMessageContaining("expected Custody's plugin, found another");
  }

  @Test
  void whereOpencodeHasItsOlderDirectoryThatIsUsed() throws Exception {
    Machine machine = TestMachine.in(directory);
    Files.createDirectories(machine.home().resolve(".config/opencode/plugin"));
    HookSetup setup = new HookSetup(machine);
    setup.apply(setup.install(Wire.OPENCODE, USER));
    assertThat(machine.home().resolve(".config/opencode/plugin/custody.js")).exists();
  }
}
