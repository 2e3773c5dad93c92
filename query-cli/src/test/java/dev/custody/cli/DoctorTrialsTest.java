package dev.custody.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.custody.detect.ShippedRules;
import dev.custody.local.AllInOne;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** git's hooks and opencode's plugin, tried with the real git and Node.js, every role running. */
@Timeout(300)
class DoctorTrialsTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private static Path shared;

  private static AllInOne all;

  @TempDir private Path directory;

  private Path repository;
  private Path hooks;
  private Path launcher;

  @BeforeAll
  static void start() throws Exception {
    all =
        AllInOne.start(
            AllInOne.Config.onAnyPort(data(), 1, "local", ShippedRules.load()),
            shared.resolve("wrapping.key"));
  }

  @AfterAll
  static void stop() {
    all.close();
  }

  private static Path data() {
    return shared.resolve("data");
  }

  @BeforeEach
  void repository() throws Exception {
    Files.createDirectories(home());
    repository = Files.createDirectories(directory.toRealPath().resolve("it's a shop"));
    hooks = repository.resolve(".git/hooks");
    launcher = directory.resolve("bin/custody");
    assertThat(git("init", "-q", "-b", "main")).isZero();
    launcher(data());
  }

  /** What the launcher of an installation does, for {@code data}. */
  private void launcher(Path data) throws IOException {
    program(
        launcher,
        "exec '%s' -XX:TieredStopAtLevel=1 -cp '%s' dev.custody.cli.Main --data '%s' \"$@\""
            .formatted(
                ProcessHandle.current().info().command().orElse("java"),
                System.getProperty("java.class.path"),
                data));
  }

  private static void program(Path file, String script) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private int git(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("git"));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).directory(repository.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("GIT_"));
    builder.environment().put("HOME", home().toString());
    builder.environment().put("GIT_CONFIG_NOSYSTEM", "1");
    builder.redirectErrorStream(true).redirectOutput(directory.resolve("git.out").toFile());
    return builder.start().waitFor();
  }

  private Path home() {
    return directory.resolve("home");
  }

  private CommandRun.Result run(Path data, String... args) {
    List<String> words = new ArrayList<>(List.of("--data", data.toString()));
    words.addAll(List.of(args));
    return CommandRun.run(words.toArray(String[]::new));
  }

  private void install(Path data, String... args) {
    List<String> words = new ArrayList<>(List.of("hook", "install"));
    words.addAll(List.of(args));
    words.addAll(List.of("--yes", "--home", home().toString(), "--launcher", launcher.toString()));
    CommandRun.Result result = run(data, words.toArray(String[]::new));
    assertThat(result.code()).as(result.err()).isZero();
  }

  private void installGit() {
    install(data(), "git", "--project", repository.toString());
  }

  private List<JsonNode> doctor(Path data, String wait, String... args) throws Exception {
    List<String> words = new ArrayList<>(List.of("doctor", "--json", "--wait", wait));
    words.addAll(List.of("--home", home().toString()));
    words.addAll(List.of(args));
    return lines(run(data, words.toArray(String[]::new)));
  }

  private List<JsonNode> doctor() throws Exception {
    return doctor(data(), "60", "--project", repository.toString());
  }

  private static List<JsonNode> lines(CommandRun.Result result) throws Exception {
    List<JsonNode> lines = new ArrayList<>();
    for (String line : result.out().lines().toList()) {
      lines.add(JSON.readTree(line));
    }
    return lines;
  }

  private JsonNode check(List<JsonNode> lines, String name) {
    List<JsonNode> found =
        lines.stream().filter(l -> l.path("name").asText().equals(name)).toList();
    assertThat(found).as(name + " in " + lines).hasSize(1);
    return found.getFirst();
  }

  private JsonNode ofHook(List<JsonNode> lines, String hook) {
    return check(lines, "git " + hooks.resolve(hook));
  }

  private JsonNode ofPlugin(List<JsonNode> lines) {
    return check(lines, "opencode " + plugin());
  }

  private Path plugin() {
    return home().resolve(".config/opencode/plugins/custody.js");
  }

  private static void assertResult(JsonNode check, String result, String... found) {
    assertThat(check.path("result").asText()).as(check.toString()).isEqualTo(result);
    for (String part : found) {
      assertThat(check.path("found").asText()).contains(part);
    }
    assertThat(check.path("todo").isNull()).as(check.toString()).isEqualTo(result.equals("OK"));
  }

  /** Every file below, with its content; but what git writes when it looks at its index. */
  private static Map<String, String> files(Path directory) throws IOException {
    Map<String, String> files = new TreeMap<>();
    try (Stream<Path> walked = Files.walk(directory)) {
      for (Path file : walked.filter(Files::isRegularFile).toList()) {
        files.put(directory.relativize(file).toString(), Files.readString(file));
      }
    }
    return files;
  }

  private List<JsonNode> probes(String path) throws Exception {
    assertThat(all.awaitIndexed(Duration.ofMinutes(1))).isTrue();
    return lines(run(data(), "search", "--session", "custody-probe-*", "--json", "--limit", "500"))
        .stream()
        .filter(p -> p.path("resource").asText().equals(path))
        .toList();
  }

  private void assertNobodyDidAnything() {
    assertThat(run(data(), "agent", "list", "--unregistered").code()).isEqualTo(1);
    assertThat(run(data(), "search", "policy:decide").code()).isEqualTo(1);
    assertThat(run(data(), "alerts").code()).isEqualTo(1);
    assertThat(data().resolve("missed")).doesNotExist();
  }

  private static boolean hasNode() {
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
        .anyMatch(d -> !d.isEmpty() && Files.isExecutable(Path.of(d, "node")));
  }

  private static int closedPort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  @Test
  void gitsHooksAreTriedByCommitsAndTheRefusalIsFoundAsAProbe() throws Exception {
    installGit();
    int before = probes("/git/secret-checks").size();
    Map<String, String> untouched = files(repository);
    List<JsonNode> lines = doctor();
    assertResult(ofHook(lines, "pre-commit"), "OK", "arrived, and was found");
    assertResult(ofHook(lines, "prepare-commit-msg"), "OK", "has its trailer");
    assertThat(files(repository)).as("the project's own repository").isEqualTo(untouched);
    List<JsonNode> probes = probes("/git/secret-checks");
    assertThat(probes)
        .hasSize(before + 1)
        .allSatisfy(probe -> {
          assertThat(probe.path("source").asText()).isEqualTo("custody");
          assertThat(probe.path("agent").isNull()).isTrue();
          assertThat(probe.path("action").asText()).isEqualTo("custody:probe");
        });
    assertNobodyDidAnything();
  }

  @Test
  void theTrialsRepositoryIsOutsideOfAnyOtherAndIsGoneAfterwards() throws Exception {
    Path seen = directory.resolve("seen");
    program(hooks.resolve("pre-commit"), "pwd >>'" + seen + "'");
    program(hooks.resolve("post-commit"), "echo somebody else was run >>'" + seen + "'");
    program(hooks.resolve("commit-msg"), "exit 1");
    installGit();
    assertResult(ofHook(doctor(), "pre-commit"), "OK");
    List<String> places = Files.readAllLines(seen);
    assertThat(places).as("a commit without a secret and one with it").hasSize(2);
    Path place = Path.of(places.getFirst());
    assertThat(places).containsOnly(place.toString());
    assertThat(place.startsWith(repository)).isFalse();
    assertThat(Objects.requireNonNull(place.getParent())).doesNotExist();
  }

  @Test
  void aHookThatIsCalledFirstAndStopsTheTrialIsNamedAndIsNoFailureOfOurs() throws Exception {
    program(hooks.resolve("pre-commit"), "echo 'no .shop.yaml here' >&2; exit 3");
    installGit();
    JsonNode check = ofHook(doctor(), "pre-commit");
    assertResult(check, "NOTE", "was not tried", "pre-commit.before-custody", "no .shop.yaml here");
    assertThat(check.path("todo").asText()).contains("custody git check-staged");

    program(
        hooks.resolve("pre-commit.before-custody"),
        "! git ls-files --error-unmatch custody-probe 2>/dev/null");
    assertResult(ofHook(doctor(), "pre-commit"), "NOTE", "was not tried", "before-custody");
  }

  @Test
  void aHookThatIsGoneOrNotExecutableOrAnothersFails() throws Exception {
    installGit();
    Path file = hooks.resolve("pre-commit");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    JsonNode notExecutable = ofHook(doctor(), "pre-commit");
    assertResult(notExecutable, "FAILED", "is not executable, so git leaves it out");
    assertThat(notExecutable.path("todo").asText()).isEqualTo("chmod +x " + file);

    Files.delete(file);
    JsonNode gone = ofHook(doctor(), "pre-commit");
    assertResult(gone, "FAILED", "is not there");
    assertThat(gone.path("todo").asText())
        .isEqualTo("custody hook install git --project " + repository);

    program(file, "exit 0");
    List<JsonNode> anothers = doctor();
    assertResult(ofHook(anothers, "pre-commit"), "FAILED", "is not Custody's");
    assertResult(ofHook(anothers, "prepare-commit-msg"), "OK");
  }

  @Test
  void aCheckThatLetsASecretThroughFails() throws Exception {
    installGit();
    Files.delete(launcher);
    assertResult(ofHook(doctor(), "pre-commit"), "FAILED", "lets a made-up secret be committed");
    program(launcher, "echo 'custody: not checked for secrets: no JDK' >&2; exit 2");
    assertResult(ofHook(doctor(), "pre-commit"), "FAILED", "not checked for secrets: no JDK");
  }

  @Test
  void withoutACollectorTheRefusalIsToldToBeLostAndLeavesNoLineInTheFallbackFile()
      throws Exception {
    Path nobodys = directory.resolve("nobodys");
    launcher(nobodys);
    String project = repository.toString();
    install(nobodys, "git", "--project", project, "--port", "" + closedPort());
    List<JsonNode> lines = doctor(nobodys, "1", "--port", "" + closedPort(), "--project", project);
    JsonNode check = ofHook(lines, "pre-commit");
    assertResult(check, "FAILED", "refuses a made-up secret, but no collector took that down");
    assertThat(check.path("todo").asText()).contains("custody up", "CUSTODY_DATA");
    assertThat(nobodys.resolve("missed")).doesNotExist();
  }

  @Test
  void aCollectorThatIsAnothersIsToldByWhatIsNotFound() throws Exception {
    installGit();
    Path others = directory.resolve("others");
    JsonNode check = ofHook(doctor(others, "1", "--project", repository.toString()), "pre-commit");
    assertThat(check.path("result").asText()).isEqualTo("FAILED");
    assertThat(check.path("found").asText()).contains("was sent, and cannot be looked up");
  }

  @Test
  void whatAUsersConfigurationOfGitSaysStopsNoTrial() throws Exception {
    Files.writeString(home().resolve("ignored"), "*\n");
    for (String[] setting :
        new String[][] {
          {"commit.gpgSign", "true"},
          {"gpg.program", "/nowhere"},
          {"core.excludesFile", home().resolve("ignored").toString()},
          {"user.useConfigOnly", "true"},
          {"init.templateDir", "/nowhere"},
        }) {
      assertThat(git("config", "--global", setting[0], setting[1])).isZero();
    }
    String configuration = Files.readString(home().resolve(".gitconfig"));
    installGit();
    assertResult(ofHook(doctor(), "pre-commit"), "OK");
    assertThat(home().resolve(".gitconfig")).hasContent(configuration);
  }

  @Test
  void opencodesPluginIsLoadedByNodeAndItsEventIsFoundAsAProbe() throws Exception {
    assumeTrue(hasNode(), "no node on this machine: the plugin is not run");
    install(data(), "opencode");
    int before = probes("/hooks/opencode").size();
    String text = Files.readString(plugin());
    List<JsonNode> lines = doctor(data(), "60");
    assertResult(ofPlugin(lines), "OK", "arrived, and was found");
    assertThat(plugin()).hasContent(text);
    List<JsonNode> probes = probes("/hooks/opencode");
    assertThat(probes)
        .as("one that was posted, the plugin's start, and its event")
        .hasSize(before + 3)
        .allSatisfy(probe -> {
          assertThat(probe.path("agent").isNull()).isTrue();
          assertThat(probe.path("action").asText()).isEqualTo("custody:probe");
        });
    assertNobodyDidAnything();
  }

  @Test
  void aPluginThatWasEditedIsToldByItsDigestAndIsNotRun() throws Exception {
    install(data(), "opencode");
    Path ran = directory.resolve("ran");
    Files.writeString(
        plugin(), Files.readString(plugin()) + "fs.writeFileSync(\"" + ran + "\", \"\")\n");
    JsonNode check = ofPlugin(doctor(data(), "60"));
    assertResult(check, "FAILED", "is not as this version installs it, and was not run");
    assertThat(check.path("found").asText())
        .containsPattern("expected SHA-256 [0-9a-f]{64}, found [0-9a-f]{64}");
    assertThat(check.path("todo").asText()).contains("custody hook install opencode");
    assertThat(ran).doesNotExist();
  }

  @Test
  void aPluginThatReachesNoCollectorIsNotFound() throws Exception {
    assumeTrue(hasNode(), "no node on this machine: the plugin is not run");
    String port = "" + closedPort();
    Path nobodys = directory.resolve("nobodys");
    install(nobodys, "opencode", "--port", port);
    JsonNode check = ofPlugin(doctor(nobodys, "1", "--port", port));
    assertResult(check, "FAILED", "was sent, and cannot be looked up");
  }
}
