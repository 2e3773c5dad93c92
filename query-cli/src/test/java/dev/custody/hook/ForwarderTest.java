package dev.custody.hook;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.custody.access.TokenFile;
import dev.custody.access.Tokens;
import dev.custody.capture.HookReply;
import dev.custody.collector.Collector;
import dev.custody.collector.CollectorConfig;
import dev.custody.collector.MemoryOutlet;
import dev.custody.collector.Organisation;
import dev.custody.digest.Bytes;
import dev.custody.http.HookSource;
import dev.custody.http.HttpConfig;
import dev.custody.http.Routes;
import dev.custody.spool.SpoolLimits;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The installed script under a real sh, against a real collector. */
class ForwarderTest {
  private static final String STOP = "{\"hook_event_name\":\"Stop\",\"session_id\":\"s-1\"}";
  private static final String LINE =
      "(codex|claude-code) [A-Za-z0-9_.-]+ [A-Za-z0-9_.-]+ [0-9]{13}";

  @TempDir Path directory;

  private final List<String> bodies = Collections.synchronizedList(new ArrayList<>());
  private final List<String> delegations = Collections.synchronizedList(new ArrayList<>());
  private Organisation organisation;
  private Path script;
  private Path missed;
  private @Nullable Collector collector;

  /** What the script did. */
  private record Run(int code, String out, String err) {}

  @BeforeEach
  void install() throws Exception {
    Machine machine = TestMachine.in(directory);
    HookSetup setup = new HookSetup(machine);
    setup.apply(setup.install(Wire.CODEX, HookOptions.ofUser()));
    script = machine.data().resolve("hook/forward");
    missed = machine.data().resolve("missed");
    organisation = Organisation.in(directory.resolve("organisation"));
  }

  @AfterEach
  void stop() {
    if (collector != null) {
      collector.close();
    }
  }

  private int collector() throws Exception {
    return collector(new HttpConfig("127.0.0.1", 0, Set.of(), Duration.ofSeconds(5)));
  }

  private int collector(HttpConfig http) throws Exception {
    HookSource answering =
        (body, delegation) -> {
          String text = new String(body, StandardCharsets.UTF_8);
          bodies.add(text);
          delegations.add(String.valueOf(delegation));
          return new HookReply(
              List.of(Organisation.prompt("s-1", null)),
              text.contains("deny-me") ? Bytes.utf8("{\"decision\":\"deny\"}") : null);
        };
    collector =
        Collector.start(
            new CollectorConfig(
                directory.resolve("collector"),
                new MemoryOutlet(),
                http,
                organisation.routes(
                    Map.of("/hooks/codex", answering, Routes.CLAUDE_CODE, answering),
                    java.util.List.of(),
                    events -> {}),
                organisation.observer(),
                organisation::key,
                organisation.roots(),
                SpoolLimits.DEFAULT,
                Duration.ofHours(1),
                "custody-test 1"));
    return collector.httpPort();
  }

  private static int closedPort() throws Exception {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private Run run(byte[] body, Map<String, String> environment, String... arguments)
      throws Exception {
    List<String> command = new ArrayList<>(List.of("/bin/sh", script.toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
    builder.environment().clear();
    builder.environment().put("PATH", "/usr/local/bin:/usr/bin:/bin");
    builder.environment().putAll(environment);
    builder.redirectError(directory.resolve("err").toFile());
    builder.redirectOutput(directory.resolve("out").toFile());
    Process process = builder.start();
    try (OutputStream in = process.getOutputStream()) {
      in.write(body);
    }
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return new Run(
        process.exitValue(),
        Files.readString(directory.resolve("out")),
        Files.readString(directory.resolve("err")));
  }

  private Run run(String body, int port) throws Exception {
    return run(body.getBytes(StandardCharsets.UTF_8), Map.of(), "codex", "" + port);
  }

  private List<String> missedLines() throws Exception {
    return Files.exists(missed) ? Files.readAllLines(missed) : List.of();
  }

  @Test
  void everyByteOfAHookArrivesAndNothingIsNoted() throws Exception {
    Random random = new Random(7);
    StringBuilder text =
        new StringBuilder("{\"hook_event_name\":\"Stop\",\"session_id\":\"s-1\",\"t\":\"");
    for (int i = 0; i < 20_000; i++) {
      text.appendCodePoint(
          new int[] {
                0x20 + random.nextInt(0x5f),
                0x80 + random.nextInt(0x700),
                0x4e00 + random.nextInt(0x1000),
                0x1f600
              }
              [random.nextInt(4)]);
    }
    String body = text.append("$(id) `id` \\\\ %s %n -n\"}").toString();
    assertThat(run(body, collector())).isEqualTo(new Run(0, "", ""));
    assertThat(bodies).containsExactly(body);
    assertThat(missedLines()).isEmpty();
  }

  @Test
  void anAnswerReachesTheAgent() throws Exception {
    assertThat(run("{\"hook_event_name\":\"PreToolUse\",\"session_id\":\"deny-me\"}", collector()))
        .isEqualTo(new Run(0, "{\"decision\":\"deny\"}\n", ""));
  }

  @Test
  void theDelegationOfTheEnvironmentIsPresented() throws Exception {
    int port = collector();
    byte[] body = STOP.getBytes(StandardCharsets.UTF_8);
    run(body, Map.of("CUSTODY_DELEGATION", "dlg-8f2"), "codex", "" + port);
    run(body, Map.of("CUSTODY_DELEGATION", "dlg\r\nX-Evil: 1"), "codex", "" + port);
    run(body, Map.of(), "codex", "" + port);
    assertThat(delegations).containsExactly("dlg-8f2", "?", "null");
  }

  @Test
  void theTokenOfTheFileIsPresentedAndStandsInNoArgument() throws Exception {
    Path tokens = directory.resolve("server.token");
    int port =
        collector(
            new HttpConfig("0.0.0.0", 0, Set.of(), Duration.ofSeconds(5), Tokens.open(tokens)));
    byte[] body = STOP.getBytes(StandardCharsets.UTF_8);
    // What is on the PATH is curl, which first writes down how it was called.
    Path curl = Files.createDirectory(directory.resolve("bin")).resolve("curl");
    Files.writeString(
        curl,
        "#!/bin/sh\nprintf '%s\\n' \"$@\" >>'"
            + directory
            + "/arguments'\nexec /usr/bin/curl \"$@\"\n");
    Files.setPosixFilePermissions(curl, PosixFilePermissions.fromString("rwx------"));
    Map<String, String> environment = Map.of("PATH", curl.getParent() + ":/usr/bin:/bin");
    assertThat(run(body, environment, "codex", "" + port)).isEqualTo(new Run(0, "", ""));
    assertThat(bodies).isEmpty();
    assertThat(missedLines()).as("without the token").hasSize(1);

    String token = TokenFile.read(tokens).getFirst();
    Path own = missed.resolveSibling("http.token");
    Files.writeString(own, "# ours\n\n" + token); // no line end either
    assertThat(run(body, environment, "codex", "" + port)).isEqualTo(new Run(0, "", ""));
    Files.delete(own);
    Path named = Files.writeString(directory.resolve("named token"), token + "\nolder\n");
    Map<String, String> naming = new java.util.HashMap<>(environment);
    naming.put(TokenFile.VARIABLE, named.toString());
    byte[] denied =
        "{\"hook_event_name\":\"PreToolUse\",\"session_id\":\"deny-me\"}"
            .getBytes(StandardCharsets.UTF_8);
    assertThat(run(denied, naming, "codex", "" + port))
        .isEqualTo(new Run(0, "{\"decision\":\"deny\"}\n", ""));
    assertThat(bodies).containsExactly(STOP, new String(denied, StandardCharsets.UTF_8));
    assertThat(missedLines()).hasSize(1);
    assertThat(Files.readString(directory.resolve("arguments")))
        .contains("http://127.0.0.1:" + port)
        .doesNotContain(token);
    // What is no token is not sent as a header of its own.
    Files.writeString(named, "x\"; touch pwned\n");
    assertThat(run(body, naming, "codex", "" + port)).isEqualTo(new Run(0, "", ""));
    assertThat(missedLines()).hasSize(2);
    assertThat(directory.resolve("pwned")).doesNotExist();
  }

  @Test
  void aSessionOfClaudeCodeThatStartsIsGivenItsTag() throws Exception {
    Path lines = directory.resolve("env file");
    String start = "{\"session_id\":\"s-1\",\"hook_event_name\":\"SessionStart\"}";
    int port = collector();
    run(
        start.getBytes(StandardCharsets.UTF_8),
        Map.of("CLAUDE_ENV_FILE", lines.toString()),
        "claude-code",
        "" + port);
    assertThat(Files.readString(lines)).contains("export CUSTODY_SESSION_TAG=custody-");
    assertThat(bodies).containsExactly(start);
  }

  @Test
  void whoeverHoldsTheCollectorsPortRunsNothingInTheAgentsShells() throws Exception {
    String tag = "custody-" + "0a1b2".repeat(4);
    String given =
        """
        export AWS_SDK_UA_APP_ID=%1$s
        export TF_APPEND_USER_AGENT=app/%1$s
        export CUSTODY_SESSION='$(id>pwned)\\'
        """
            .formatted(tag);
    byte[] answer =
        ("touch pwned\nexport PATH=.\nexport LD_PRELOAD='x'\nexport CUSTODY_SESSION_TAG=$(touch pwned)\n"
                + "export CUSTODY_SESSION='a'; touch pwned; '\n export CUSTODY_SESSION='x'\n"
                + given
                + ("export CUSTODY_SESSION_TAG=" + tag + "\n").repeat(100))
            .getBytes(StandardCharsets.UTF_8);
    HttpServer other =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    other.createContext(
        "/",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          exchange.sendResponseHeaders(200, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    other.start();
    Path lines = directory.resolve("env file");
    try {
      run(
          "{\"session_id\":\"s-1\",\"hook_event_name\":\"SessionStart\"}"
              .getBytes(StandardCharsets.UTF_8),
          Map.of("CLAUDE_ENV_FILE", lines.toString()),
          "claude-code",
          "" + other.getAddress().getPort());
    } finally {
      other.stop(0);
    }
    assertThat(Files.readString(lines))
        .isEqualTo(given + "export CUSTODY_SESSION_TAG=" + tag + "\n");
    Process sourced =
        new ProcessBuilder("/bin/sh", "-c", ". './env file' && printf %s \"$CUSTODY_SESSION\"")
            .directory(directory.toFile())
            .start();
    assertThat(new String(sourced.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
        .isEqualTo("$(id>pwned)\\");
    assertThat(directory.resolve("pwned")).doesNotExist();
  }

  @Test
  void aFullFileOfMissedHooksStaysAsItIsWithoutAWord() throws Exception {
    try (RandomAccessFile full = new RandomAccessFile(missed.toFile(), "rw")) {
      full.setLength(32_768 * 512);
    }
    assertThat(run(STOP, closedPort())).isEqualTo(new Run(0, "", ""));
    assertThat(Files.size(missed)).isEqualTo(32_768 * 512);
  }

  @Test
  void underAParentThatIgnoresClosedPipesNothingIsSaid() throws Exception {
    Path real = script;
    script = directory.resolve("ignoring");
    Files.writeString(script, "trap '' PIPE\nexec /bin/sh '%s' \"$@\"\n".formatted(real));
    String body = STOP.substring(0, STOP.length() - 1) + ",\"t\":\"" + "x".repeat(1 << 20) + "\"}";
    assertThat(run(body, closedPort())).isEqualTo(new Run(0, "", ""));
    assertThat(missedLines()).hasSize(1);
  }

  @Test
  void withoutACollectorOnlyNamesAndTimeAreNoted() throws Exception {
    Instant before = Instant.now().minusMillis(1);
    long began = System.nanoTime();
    Run run =
        run(
            "{\"prompt\":\"the secret\",\"session_id\":\"s-1\",\"hook_event_name\":\"UserPromptSubmit\"}",
            closedPort());
    // Loosely: what it takes is measured by ForwarderRun.
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
    assertThat(run).isEqualTo(new Run(0, "", ""));
    assertThat(missedLines()).hasSize(1);
    String[] parts = missedLines().getFirst().split(" ");
    assertThat(parts).startsWith("codex", "UserPromptSubmit", "s-1");
    assertThat(Instant.ofEpochMilli(Long.parseLong(parts[3]))).isBetween(before, Instant.now());
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(missed)))
        .isEqualTo("rw-------");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "`{\"session_id\":\"s\",\"hook_event_name\":\"Stop\"}`|`Stop s`",
        "`{ \"session_id\" : \"s\" ,\"hook_event_name\" :\t\"Stop\" }`|`Stop s`",
        // Only the top level counts, and only names, not texts.
        "`{\"tool_input\":{\"session_id\":\"evil\",\"hook_event_name\":\"evil\"},\"session_id\":\"s\",\"hook_event_name\":\"Stop\"}`|`Stop s`",
        "`{\"a\":[\"session_id\",\"evil\",{\"hook_event_name\":\"evil\"}],\"session_id\":\"s\",\"hook_event_name\":\"Stop\"}`|`Stop s`",
        "`{\"a\":\"\\\"session_id\\\":\\\"evil\\\"\",\"b\":\"\\\\\",\"session_id\":\"s\",\"hook_event_name\":\"Stop\"}`|`Stop s`",
        "`{\"a\":\"\\\\\\\"}{\",\"session_id\":\"s\",\"hook_event_name\":\"Stop\"}`|`Stop s`",
        // What is no plain name is not noted.
        "`{\"session_id\":\"s 1\",\"hook_event_name\":\"Stop\"}`|`Stop -`",
        "`{\"session_id\":\"$(touch pwned)\",\"hook_event_name\":\"`|`- -`",
        "`{\"session_id\":\"s\\nclaude-code Stop forged 1795960898746\",\"hook_event_name\":\"Stop\"}`|`Stop -`",
        "`{\"session_id\":\"../../etc/passwd\",\"hook_event_name\":\"-n\"}`|`-n -`",
        "`{\"session_id\":\"é\",\"hook_event_name\":7}`|`- -`",
        "`{\"session_id\":[\"s\"],\"hook_event_name\":null}`|`- -`",
        "`not json`|`- -`",
        "`\"`|`- -`",
        "`}}}{{{\"session_id\":\"s\"`|`- -`",
      })
  void hostileBodiesInjectNothing(String body, String noted) throws Exception {
    assertThat(run(body, closedPort())).isEqualTo(new Run(0, "", ""));
    assertThat(missedLines()).hasSize(1);
    assertThat(missedLines().getFirst()).matches(LINE).startsWith("codex " + noted + " ");
    assertThat(directory.resolve("pwned")).doesNotExist();
  }

  @Test
  void noiseNeverMakesAnythingButOneGoodLine() throws Exception {
    long seed = Long.getLong("custody.seed", System.nanoTime());
    System.out.println("custody.seed=" + seed);
    Random random = new Random(seed);
    String[] pieces = {
      "\"",
      "\\",
      "{",
      "}",
      "[",
      "]",
      ":",
      ",",
      "session_id",
      "hook_event_name",
      "\n",
      "$(touch pwned)",
      "`id`",
      "'",
      ";",
      "\0",
      "é",
      "%s"
    };
    int port = closedPort();
    for (int i = 0; i < 40; i++) {
      StringBuilder body = new StringBuilder();
      for (int j = random.nextInt(60); j > 0; j--) {
        body.append(pieces[random.nextInt(pieces.length)]);
      }
      assertThat(run(body.toString(), port)).as("seed %d", seed).isEqualTo(new Run(0, "", ""));
    }
    assertThat(missedLines()).as("seed %d", seed).hasSize(40).allMatch(l -> l.matches(LINE));
    assertThat(directory.resolve("pwned")).doesNotExist();
  }

  @Test
  void aHookThatIsTooLargeIsReadToItsEndAndNoted() throws Exception {
    byte[] body =
        ("{\"session_id\":\"s\",\"hook_event_name\":\"Stop\",\"t\":\""
                + "x".repeat(9 << 20)
                + "\"}")
            .getBytes(StandardCharsets.UTF_8);
    assertThat(run(body, Map.of(), "codex", "" + collector())).isEqualTo(new Run(0, "", ""));
    assertThat(bodies).isEmpty();
    assertThat(missedLines()).hasSize(1).allMatch(l -> l.startsWith("codex Stop s "));
  }

  @Test
  void aRefusedHookIsNotedAndTheReasonIsNoAnswer() throws Exception {
    int port = collector();
    byte[] body = STOP.getBytes(StandardCharsets.UTF_8);
    assertThat(run(body, Map.of(), "gemini-cli", "" + port)).isEqualTo(new Run(0, "", ""));
    assertThat(missedLines()).hasSize(1).allMatch(l -> l.startsWith("gemini-cli Stop s-1 "));
  }

  @Test
  void aCollectorThatHangsKeepsNobodyForLong() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      long began = System.nanoTime();
      assertThat(run(STOP, silent.getLocalPort())).isEqualTo(new Run(0, "", ""));
      assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(10));
    }
    assertThat(missedLines()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "../x", "$(touch pwned)", "UPPER"})
  void oddArgumentsDoNothing(String agent) throws Exception {
    assertThat(run(new byte[0], Map.of(), agent, "4319")).isEqualTo(new Run(0, "", ""));
    assertThat(run(new byte[0], Map.of(), "codex", "43;19")).isEqualTo(new Run(0, "", ""));
    assertThat(missedLines()).isEmpty();
    assertThat(directory.resolve("pwned")).doesNotExist();
  }

  @Test
  void everyShellReadsOurScripts() throws Exception {
    for (String name : List.of("forward", "pre-commit", "prepare-commit-msg")) {
      Path file = directory.resolve(name);
      Files.writeString(file, Forwarder.resource(name));
      for (List<String> shell :
          List.of(List.of("/bin/sh", "-n"), List.of("bash", "--posix", "-n"))) {
        List<String> command = new ArrayList<>(shell);
        command.add(file.toString());
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
      }
    }
  }
}
