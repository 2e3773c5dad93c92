package dev.custody.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HookCommandTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path directory;

  private Path home;
  private Path settings;

  @BeforeEach
  void home() throws Exception {
    home = directory.resolve("home");
    settings = home.resolve(".claude/settings.json");
    Files.createDirectories(settings.getParent());
    Files.writeString(settings, "{\n  \"model\": \"opus\"\n}\n");
  }

  private CommandRun.Result run(String... args) {
    List<String> all =
        new ArrayList<>(List.of("--data", directory.resolve("data").toString(), "hook"));
    all.addAll(List.of(args));
    all.addAll(List.of("--home", home.toString()));
    return CommandRun.run(all.toArray(String[]::new));
  }

  @Test
  void withNobodyToAskTheDifferenceIsShownAndNothingIsWritten() throws Exception {
    CommandRun.Result result = run("install", "claude-code");
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.out()).contains("+++ " + settings, "+  \"hooks\": {", "/hooks/claude-code");
    assertThat(result.err()).contains("nothing was written", "--yes writes it");
    assertThat(settings).hasContent("{\n  \"model\": \"opus\"\n}\n");
    assertThat(directory.resolve("data")).doesNotExist();
  }

  @Test
  void aDryRunShowsTheSameAndIsNoFailure() throws Exception {
    CommandRun.Result result = run("install", "claude-code", "--dry-run");
    assertThat(result.code()).isZero();
    assertThat(result.out()).contains("+  \"hooks\": {");
    assertThat(settings).hasContent("{\n  \"model\": \"opus\"\n}\n");
  }

  @Test
  void installedTwiceThereIsNothingToDoAndTheUninstallRestoresTheBytes() throws Exception {
    assertThat(run("status", "claude-code").code()).isEqualTo(1);
    CommandRun.Result first = run("install", "claude-code", "--yes", "--port", "4444");
    assertThat(first.code()).isZero();
    assertThat(first.out()).contains("wrote " + settings);
    CommandRun.Result again = run("install", "claude-code", "--port", "4444");
    assertThat(again.code()).isZero();
    assertThat(again.out()).isEqualTo("nothing to do: everything is as it should be\n");
    assertThat(run("status", "claude-code", "--port", "4444").code()).isZero();
    assertThat(run("status", "claude-code").out()).contains("installed for another port [4444]");
    assertThat(run("uninstall", "claude-code", "--yes").code()).isZero();
    assertThat(Files.readString(settings)).isEqualTo("{\n  \"model\": \"opus\"\n}\n");
  }

  @Test
  void allIsEveryAgentThatIsOnTheMachine() throws Exception {
    Files.createDirectories(home.resolve(".gemini"));
    CommandRun.Result result = run("install", "all", "--yes");
    assertThat(result.code()).isZero();
    assertThat(home.resolve(".gemini/settings.json")).exists();
    assertThat(home.resolve(".codex")).doesNotExist();
    List<JsonNode> lines = new ArrayList<>();
    for (String line : run("status", "--json").out().lines().toList()) {
      lines.add(JSON.readTree(line));
    }
    assertThat(lines).hasSize(4);
    assertThat(lines.getFirst().path("state").asText()).isEqualTo("INSTALLED");
    assertThat(lines.getFirst().path("ports").path(0).asInt()).isEqualTo(4319);
    assertThat(lines.get(1).path("wire").asText()).isEqualTo("codex");
    assertThat(lines.get(1).path("state").asText()).isEqualTo("NOT_INSTALLED");
  }

  @Test
  void aTokenInTheSettingsIsNotShown() throws Exception {
    String token = "ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8";
    Files.writeString(
        settings, "{\n  \"env\": {\n    \"GITHUB_TOKEN\": \"" + token + "\"\n  }\n}\n");
    CommandRun.Result result = run("install", "claude-code", "--dry-run");
    assertThat(result.out()).contains("GITHUB_TOKEN").contains("[redacted:").doesNotContain(token);
    assertThat(run("install", "claude-code", "--yes").code()).isZero();
    assertThat(Files.readString(settings)).contains(token);
  }

  @Test
  void aBrokenFileIsNamedWithItsPlaceAndTheOthersAreDone() throws Exception {
    Files.writeString(settings, "{ broken");
    Files.createDirectories(home.resolve(".codex"));
    CommandRun.Result result = run("install", "all", "--yes");
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err())
        .contains("settings.json: expected JSON, found something else at line 1");
    assertThat(home.resolve(".codex/hooks.json")).exists();
  }

  @Test
  void whatIsNoWireIsRefused() {
    assertThat(run("install", "cursor").err())
        .contains("expected an agent, git or all, found 'cursor'");
    assertThat(run("install", "git", "--launcher", "/opt/custody").err())
        .contains("expected one repository");
    assertThat(run("install", "codex", "--port", "0").err())
        .contains("--port: expected 1 to 65535");
    assertThat(run("install", "codex", "--user", "--project", ".").err()).contains("found both");
  }
}
