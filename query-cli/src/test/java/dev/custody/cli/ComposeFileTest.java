package dev.custody.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.custody.access.Tokens;
import dev.custody.http.HttpConfig;
import dev.custody.local.CollectorRole;
import dev.custody.local.Installation;
import dev.custody.topic.Topic;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.server.config.AbstractKafkaConfig;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What docker-compose.yml says is what the code says. */
class ComposeFileTest {
  @TempDir private Path directory;

  private final ComposeFile compose;

  ComposeFileTest() throws IOException {
    compose = ComposeFile.read();
  }

  /** One topic as the compose file makes it. */
  private record Made(String partitions, String replication, Map<String, String> settings) {}

  private Map<String, Made> made() {
    Map<String, Made> made = new TreeMap<>();
    for (List<String> call : compose.topicCalls()) {
      Map<String, String> options = new TreeMap<>();
      Map<String, String> settings = new TreeMap<>();
      for (int i = 2; i < call.size(); i += 2) {
        if (call.get(i).equals("--config")) {
          String[] setting = call.get(i + 1).split("=", 2);
          settings.put(setting[0], setting[1]);
        } else {
          options.put(call.get(i), call.get(i + 1));
        }
      }
      assertThat(options).containsOnlyKeys("--partitions", "--replication-factor");
      Made topic =
          new Made(
              options.getOrDefault("--partitions", ""),
              options.getOrDefault("--replication-factor", ""),
              settings);
      assertThat(made.put(call.get(1), topic)).as("%s is made twice", call.get(1)).isNull();
    }
    return made;
  }

  @Test
  void theTopicsAreThoseOfTheCodeSettingForSetting() {
    Map<String, Map<String, String>> inCode = new TreeMap<>();
    for (Topic topic : Topic.values()) {
      inCode.put(topic.topicName(), topic.settings());
    }
    Map<String, Map<String, String>> inCompose = new TreeMap<>();
    made().forEach((name, topic) -> inCompose.put(name, topic.settings()));
    assertThat(inCompose).isEqualTo(inCode);
  }

  @Test
  void everyRoleExpectsThePartitionsThatTheTopicsAreMadeWith() {
    List<String> partitions = made().values().stream().map(Made::partitions).distinct().toList();
    assertThat(partitions).hasSize(1);
    for (String role : List.of("collector", "processor")) {
      assertThat(compose.words(role, "command"))
          .as(role)
          .contains("--partitions=" + partitions.getFirst());
    }
  }

  @Test
  void oneBrokerKeepsOneCopy() {
    assertThat(made().values()).extracting(Made::replication).containsOnly("1");
    assertThat(compose.environment("broker"))
        .containsEntry("KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR", "1")
        .containsEntry("KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR", "1")
        .containsEntry("KAFKA_TRANSACTION_STATE_LOG_MIN_ISR", "1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"collector", "processor", "index"})
  void everyRolesCommandLineIsOneThatCustodyTakes(String role) {
    String[] words = compose.words(role, "command").toArray(String[]::new);
    assertThat(words[0]).isEqualTo(role);
    var parsed = Main.commandLine().parseArgs(words);
    assertThat(parsed.asCommandLineList().getLast().getCommandName()).isEqualTo(role);
    assertThat(parsed.errors()).isEmpty();
  }

  @Test
  void everyRoleIsOneServiceOfTheSameImage() {
    assertThat(ComposeFile.roles())
        .allSatisfy(role -> {
          assertThat(compose.service(role)).containsEntry("image", "custody:0.1");
          assertThat(compose.service(role)).containsEntry("restart", "unless-stopped");
          assertThat(compose.healthCheck(role)).isNotEmpty();
          assertThat(compose.words(role, "command")).contains("--bootstrap-servers=broker:9092");
        });
  }

  @Test
  void theBrokerIsToldOnlyWhatKafkaKnowsAndFlushesAsTheTopicsDemand() {
    Map<String, String> settings = new TreeMap<>();
    compose
        .environment("broker")
        .forEach((name, value) -> {
          if (name.startsWith("KAFKA_") && !name.equals("KAFKA_HEAP_OPTS")) {
            settings.put(
                name.substring(6).toLowerCase(java.util.Locale.ROOT).replace('_', '.'), value);
          }
        });
    assertThat(AbstractKafkaConfig.CONFIG_DEF.names()).containsAll(settings.keySet());
    assertThat(AbstractKafkaConfig.CONFIG_DEF.validate(settings))
        .allSatisfy(value -> assertThat(value.errorMessages()).as(value.name()).isEmpty());
    String flush = Integer.toString(Topic.FLUSH_MILLIS);
    assertThat(settings)
        .containsEntry("log.flush.interval.ms", flush)
        .containsEntry("log.flush.scheduler.interval.ms", flush)
        .containsEntry("log.initial.task.delay.ms", flush)
        .containsEntry("auto.create.topics.enable", "false")
        .containsEntry("message.max.bytes", Integer.toString(Topic.MAX_MESSAGE_BYTES));
  }

  @Test
  void nothingIsPublishedBeyondLoopback() {
    List<String> published =
        compose.services().stream().flatMap(s -> compose.words(s, "ports").stream()).toList();
    assertThat(published)
        .containsExactly(
            "127.0.0.1:4319:" + UpCommand.HTTP_PORT, "127.0.0.1:4320:" + UpCommand.LOG_PORT);
  }

  @Test
  void theCollectorsKeysAreMountedByItselfAndByWhoHasItsRootSignOrHandsOutThePublicOne() {
    for (String service : compose.services()) {
      List<String> volumes = compose.words(service, "volumes");
      List<String> secret = volumes.stream().filter(v -> v.startsWith("collector-")).toList();
      switch (service) {
        case "collector" ->
            assertThat(secret)
                .containsExactly(
                    "collector-data:/var/lib/custody",
                    "collector-wrapping:/var/lib/custody-wrapping",
                    "collector-tokens:/var/lib/custody-tokens");
        case "trust" -> assertThat(secret).containsExactly("collector-data:/var/lib/custody:ro");
        case "log-list" ->
            // The root signs the list of logs, and lies with the collector that made it.
            assertThat(secret)
                .containsExactly(
                    "collector-data:/var/lib/custody",
                    "collector-wrapping:/var/lib/custody-wrapping:ro");
        default -> assertThat(secret).as(service).isEmpty();
      }
    }
    assertThat(compose.words("processor", "volumes")).contains("trust:/var/lib/custody-trust:ro");
  }

  @Test
  void theCollectorListensBeyondLoopbackWithATokenThatItsOwnCommandsFind() {
    List<String> words = compose.words("collector", "command");
    assertThat(words).contains("--bind=0.0.0.0");
    String file = compose.environment("collector").getOrDefault("CUSTODY_TOKEN_FILE", "none");
    assertThat(words).contains("--token-file=" + file);
    assertThat(compose.words("collector", "volumes"))
        .anyMatch(volume -> file.startsWith(volume.split(":")[1] + "/"));
  }

  @Test
  void theImageMakesTheDirectoriesThatTheRolesMount() throws IOException {
    String image = Files.readString(ComposeFile.FILE.resolveSibling("Dockerfile"));
    for (String service : compose.services()) {
      if (!service.equals("broker")) {
        for (String volume : compose.words(service, "volumes")) {
          assertThat(image)
              .containsPattern("install -d -o custody.* " + volume.split(":")[1] + "\\b");
        }
      }
    }
  }

  @Test
  void theCollectorsHealthCheckTellsARunningCollectorFromNone() throws Exception {
    CollectorRole collector =
        CollectorRole.start(
            new CollectorRole.Config(
                directory.resolve("data"),
                "127.0.0.1:1",
                new HttpConfig(
                    "0.0.0.0",
                    0,
                    java.util.Set.of("collector"),
                    HttpConfig.BODY_TIMEOUT,
                    Tokens.open(directory.resolve("http.token"))),
                12,
                (short) 1,
                "local",
                dev.custody.enforce.Policy.OBSERVE),
            Installation.open(directory.resolve("data"), directory.resolve("wrapping.key")));
    String port = Integer.toString(collector.httpPort());
    List<String> check =
        compose.healthCheck("collector").stream().map(w -> w.replace("4319", port)).toList();
    try (collector) {
      assertThat(exitCode(check)).isZero();
      List<String> rebound = check.stream().map(w -> w.replace("Host: 1", "Host: 2")).toList();
      assertThat(exitCode(rebound)).isNotZero();
    }
    assertThat(exitCode(check)).isNotZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"processor", "index"})
  void theHealthFileIsBelievedWhileItIsFresh(String role) throws Exception {
    String option = "--health-file=";
    String named =
        compose.words(role, "command").stream()
            .filter(word -> word.startsWith(option))
            .findFirst()
            .orElseThrow()
            .substring(option.length());
    Path file = directory.resolve("healthy");
    List<String> check =
        compose.healthCheck(role).stream().map(w -> w.replace(named, file.toString())).toList();
    assertThat(check.getLast()).contains(file.toString());

    assertThat(exitCode(check)).as("no file").isNotZero();
    HealthFile.at(file).begin();
    assertThat(exitCode(check)).as("a fresh file").isZero();
    Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(60)));
    assertThat(exitCode(check)).as("an old file").isNotZero();
  }

  @Test
  void dockerComposeAcceptsTheFile() throws Exception {
    List<String> program = composeProgram();
    if (program.isEmpty()) {
      String skipped =
          "neither docker-compose nor docker compose is installed: the file was not put to it";
      System.out.println("SKIPPED: " + skipped);
      Assumptions.abort(skipped);
    }
    List<String> command = new ArrayList<>(program);
    command.addAll(List.of("-f", ComposeFile.FILE.toString(), "config", "--quiet"));
    Path said = directory.resolve("said");
    int exit = exitCode(command, said);
    assertThat(exit).as(Files.readString(said)).isZero();
  }

  private List<String> composeProgram() throws Exception {
    for (List<String> program : List.of(List.of("docker-compose"), List.of("docker", "compose"))) {
      List<String> version = Stream.concat(program.stream(), Stream.of("version")).toList();
      if (isOnPath(program.getFirst()) && exitCode(version) == 0) {
        return program;
      }
    }
    return List.of();
  }

  private static boolean isOnPath(String program) {
    String path = System.getenv().getOrDefault("PATH", "");
    return Arrays.stream(path.split(File.pathSeparator))
        .anyMatch(place -> Files.isExecutable(Path.of(place, program)));
  }

  private int exitCode(List<String> command) throws IOException, InterruptedException {
    return exitCode(command, directory.resolve("output"));
  }

  private static int exitCode(List<String> command, Path output)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IOException(command + " does not end; it said: " + Files.readString(output));
    }
    return process.exitValue();
  }
}
