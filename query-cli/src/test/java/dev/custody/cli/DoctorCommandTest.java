package dev.custody.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.custody.detect.ShippedRules;
import dev.custody.local.AllInOne;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With every role running, as {@code custody up} has them. */
class DoctorCommandTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path directory;

  private CommandRun.Result run(String... args) {
    List<String> all = new ArrayList<>(List.of("--data", data().toString()));
    all.addAll(List.of(args));
    return CommandRun.run(all.toArray(String[]::new));
  }

  private Path data() {
    return directory.resolve("home/.custody");
  }

  private String home() {
    return directory.resolve("home").toString();
  }

  private static int closedPort() throws Exception {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static List<JsonNode> lines(CommandRun.Result result) throws Exception {
    List<JsonNode> lines = new ArrayList<>();
    for (String line : result.out().lines().toList()) {
      lines.add(JSON.readTree(line));
    }
    return lines;
  }

  private static List<String> results(List<JsonNode> lines, String begin) {
    return lines.stream()
        .filter(l -> l.path("name").asText().startsWith(begin))
        .map(l -> l.path("result").asText())
        .toList();
  }

  @Test
  void withNothingRunningEverythingThatFailsIsToldWithWhatToDo() throws Exception {
    Files.createDirectories(directory.resolve("home"));
    String port = "" + closedPort();
    assertThat(
            run(
                    "hook",
                    "install",
                    "codex",
                    "--yes",
                    "--no-telemetry",
                    "--port",
                    port,
                    "--home",
                    home())
                .code())
        .isZero();
    CommandRun.Result result =
        run("doctor", "--json", "--wait", "1", "--port", port, "--home", home());
    assertThat(result.code()).isEqualTo(1);
    List<JsonNode> lines = lines(result);
    assertThat(results(lines, "collector")).containsExactly("FAILED");
    assertThat(results(lines, "codex ")).containsExactly("FAILED");
    assertThat(lines)
        .filteredOn(l -> l.path("result").asText().equals("FAILED"))
        .allMatch(l -> !l.path("todo").asText().isBlank());
    assertThat(data().resolve("missed")).as("a probe is no missed hook").doesNotExist();
  }

  @Test
  void aProbeOfTelemetryIsSentWhereTheSettingsSayAndFoundInTheLog() throws Exception {
    Files.createDirectories(directory.resolve("home"));
    try (AllInOne all =
        AllInOne.start(
            AllInOne.Config.onAnyPort(data(), 1, "local", ShippedRules.load()),
            directory.resolve("wrapping.key"))) {
      assertThat(
              run(
                      "hook",
                      "install",
                      "claude-code",
                      "codex",
                      "gemini-cli",
                      "opencode",
                      "--yes",
                      "--home",
                      home())
                  .code())
          .isZero();
      CommandRun.Result result = run("doctor", "--json", "--wait", "60", "--home", home());
      List<JsonNode> lines = lines(result);
      for (String agent : List.of("claude-code", "codex", "gemini-cli")) {
        for (String path : List.of("/v1/logs", "/v1/traces")) {
          assertThat(results(lines, agent + " " + all.http() + path))
              .as(result.out())
              .containsExactly("OK");
        }
      }
      assertThat(results(lines, "gemini-cli /")).as("through the forwarder").containsExactly("OK");
      assertThat(results(lines, "opencode " + all.http() + "/hooks/opencode"))
          .as("where the plugin posts")
          .containsExactly("OK");
      assertThat(all.awaitIndexed(Duration.ofMinutes(1))).isTrue();
      List<JsonNode> probes = lines(run("search", "--session", "custody-probe-*", "--json"));
      assertThat(probes)
          .filteredOn(p -> p.path("resource").asText().equals("/v1/logs"))
          .as("of telemetry, one for each agent")
          .hasSize(3)
          .allSatisfy(probe -> {
            assertThat(probe.path("source").asText()).isEqualTo("custody");
            assertThat(probe.path("agent").isNull()).isTrue();
            assertThat(probe.path("action").asText()).isEqualTo("custody:probe");
          });
      // A settings file that leads elsewhere is told: the wire is looked at, not the collector.
      Path settings = directory.resolve("home/.claude/settings.json");
      Files.writeString(
          settings,
          Files.readString(settings)
              .replace(
                  "\"OTEL_EXPORTER_OTLP_ENDPOINT\": \"" + all.http(),
                  "\"OTEL_EXPORTER_OTLP_ENDPOINT\": \"http://127.0.0.1:" + closedPort()));
      List<JsonNode> astray = lines(run("doctor", "--json", "--wait", "60", "--home", home()));
      assertThat(astray)
          .filteredOn(l -> l.path("name").asText().matches("claude-code .*/v1/logs"))
          .singleElement()
          .satisfies(l -> assertThat(l.path("result").asText()).isEqualTo("FAILED"));
    }
  }

  @Test
  void probesOnEveryWayAreFoundAndAreNobodysActivity() throws Exception {
    Files.createDirectories(directory.resolve("home"));
    try (AllInOne all =
        AllInOne.start(
            AllInOne.Config.onAnyPort(data(), 1, "local", ShippedRules.load()),
            directory.resolve("wrapping.key"))) {
      String port = "" + URI.create(all.http()).getPort();
      assertThat(
              run("hook", "install", "claude-code", "--yes", "--no-telemetry", "--home", home())
                  .code())
          .as("the running collector's port is taken")
          .isZero();
      CommandRun.Result result =
          run("doctor", "--json", "--wait", "60", "--no-telemetry", "--home", home());
      List<JsonNode> lines = lines(result);
      assertThat(results(lines, "collector")).as(result.out()).containsExactly("OK");
      assertThat(results(lines, "kafka")).containsExactly("OK");
      assertThat(results(lines, "clock")).containsExactly("OK");
      assertThat(results(lines, "processor")).containsExactly("OK");
      assertThat(results(lines, "conscrypt")).containsExactly("OK");
      assertThat(results(lines, "import token"))
          .as("who runs as the collector's user can read it, which is said and is no failure")
          .containsExactly("NOTE");
      assertThat(results(lines, "claude-code /")).as("through the forwarder").containsExactly("OK");
      assertThat(results(lines, "claude-code http://127.0.0.1:" + port))
          .as("posted")
          .containsExactly("OK");
      assertThat(result.code()).as(result.out()).isZero();

      assertThat(all.awaitIndexed(Duration.ofMinutes(1))).isTrue();
      List<JsonNode> probes = lines(run("search", "--session", "custody-probe-*", "--json"));
      assertThat(probes)
          .hasSize(2)
          .allSatisfy(probe -> {
            assertThat(probe.path("source").asText()).isEqualTo("custody");
            assertThat(probe.path("agent").isNull()).isTrue();
            assertThat(probe.path("action").asText()).isEqualTo("custody:probe");
          });
      assertThat(run("agent", "list", "--unregistered").code())
          .as("no agent was seen")
          .isEqualTo(1);
      assertThat(run("alerts").code()).as("nor is it a finding").isEqualTo(1);
    }
  }
}
