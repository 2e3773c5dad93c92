package dev.custody.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.custody.access.Tokens;
import dev.custody.capture.CaptureException;
import dev.custody.capture.Observer;
import dev.custody.capture.SourceNotes;
import dev.custody.collector.Collector;
import dev.custody.collector.CollectorConfig;
import dev.custody.collector.MemoryOutlet;
import dev.custody.collector.Organisation;
import dev.custody.delegations.Bindings;
import dev.custody.delegations.DelegationBook;
import dev.custody.delegations.SubAgentHops;
import dev.custody.enforce.DecisionPoint;
import dev.custody.enforce.Policy;
import dev.custody.event.Body;
import dev.custody.event.Event;
import dev.custody.event.IdentifierKind;
import dev.custody.event.Outcome;
import dev.custody.http.HttpConfig;
import dev.custody.http.Routes;
import dev.custody.sighting.SessionRedactors;
import dev.custody.source.agent.Oversight;
import dev.custody.spool.SpoolLimits;
import dev.custody.tag.SessionEnvironment;
import dev.custody.tag.SessionTags;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The plugin in a process of Node.js that calls it as opencode does, and a running collector. */
final class OpencodePluginTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final double LONGEST_WAIT_MILLIS = 1_500 + 1_000;
  private static final Policy DENY_ALL =
      new Policy(Policy.Mode.ENFORCE, true, Policy.Undecided.PROCEED, Duration.ofSeconds(10));
  private static final String CREATED =
      """
      {"hook":"event","input":{"id":"e1","type":"session.created","properties":{"sessionID":"ses_1",
        "info":{"id":"ses_1","version":"1.18.33","directory":"/w/shop"}}}}\
      """;
  private static final String PROMPT =
      """
      {"hook":"chat.message","input":{"sessionID":"ses_1"},
        "output":{"message":{"id":"msg_1"},"parts":[{"type":"text","text":"fix it"}]}}\
      """;
  private static final String BEFORE =
      """
      {"hook":"tool.execute.before","input":{"tool":"bash","sessionID":"ses_1","callID":"c1"},
        "output":{"args":{"command":"aws s3 ls"}}}\
      """;
  private static final String ENVIRONMENT =
      """
      {"hook":"shell.env","input":{"cwd":"/w/shop","sessionID":"ses_1","callID":"c1"},"output":{"env":{"A":"b"}}}\
      """;
  private static final String AFTER =
      """
      {"hook":"tool.execute.after","input":{"tool":"bash","sessionID":"ses_1","callID":"c1","args":{"command":"aws s3 ls"}},
        "output":{"title":"t","output":"x","metadata":{"exit":0}}}\
      """;

  @TempDir Path directory;
  private final MemoryOutlet outlet = new MemoryOutlet();
  private Organisation organisation;
  private @Nullable Collector running;

  @BeforeEach
  void prepare() throws Exception {
    assumeTrue(hasNode(), "no node on this machine: the plugin is not run");
    organisation = Organisation.in(directory);
    Files.writeString(directory.resolve("package.json"), "{\"type\":\"module\"}");
    copy("/dev/custody/hook/opencode-plugin.js", "custody.js");
    copy("/dev/custody/local/opencode-driver.mjs", "driver.mjs");
  }

  @AfterEach
  void stop() {
    if (running != null) {
      running.close();
    }
  }

  @Test
  void whatOpencodeDoesIsToldInOrderAndItsToolsCarryTheSessionsTag() throws Exception {
    start(Policy.OBSERVE);
    List<JsonNode> results = run(CREATED, PROMPT, BEFORE, ENVIRONMENT, AFTER, again(BEFORE, "c2"));
    assertThat(results).allSatisfy(r -> assertThat(r.path("error").isNull()).isTrue());
    JsonNode env = results.get(3).path("output").path("env");
    String tag = env.path("CUSTODY_SESSION_TAG").textValue();
    assertThat(tag).matches("custody-[0-9a-f]{20}");
    assertThat(env.path("AWS_SDK_UA_APP_ID").textValue()).isEqualTo(tag);
    assertThat(env.path("TF_APPEND_USER_AGENT").textValue()).isEqualTo("app/" + tag);
    assertThat(env.path("CUSTODY_SESSION").textValue()).isEqualTo("ses_1");
    assertThat(env.path("A").textValue()).isEqualTo("b");
    List<Event> events = recorded();
    Event completed = only(events, Body.ToolCallCompleted.class);
    assertThat(completed.outcome()).isEqualTo(Outcome.SUCCESS);
    assertThat(List.of(only(events, Body.PromptSubmitted.class), completed))
        .allSatisfy(e -> {
          assertThat(e.session()).isEqualTo("ses_1");
          assertThat(e.prompt()).isEqualTo("msg_1");
          assertThat(e.project()).isEqualTo("/w/shop");
        });
    List<Event> requested = of(events, Body.ToolCallRequested.class);
    assertThat(requested).extracting(Event::toolCall).containsExactly("c1", "c2");
    assertThat(requested.get(1).identifiers())
        .filteredOn(i -> i.kind() == IdentifierKind.SESSION_TAG)
        .extracting(i -> i.value())
        .containsExactly(tag);
    assertThat(of(events, Body.SessionStarted.class)).hasSize(1);
    assertThat(of(events, Body.Observed.class))
        .extracting(e -> ((Body.Observed) e.body()).kind())
        .contains("plugin.init", "shell.env");
    assertThat(events).noneMatch(e -> e.content().utf8().contains("\"missed\""));
  }

  @Test
  void theTokenOfTheFileIsPresented() throws Exception {
    Path tokens = directory.resolve("server.token");
    start(
        Policy.OBSERVE,
        new HttpConfig(
            "0.0.0.0", 0, java.util.Set.of(), Duration.ofSeconds(5), Tokens.open(tokens)));
    String address = "http://127.0.0.1:" + Objects.requireNonNull(running).httpPort();
    assertThat(runAgainst(address, CREATED, PROMPT))
        .allSatisfy(r -> assertThat(r.path("error").isNull()).isTrue());
    assertThat(of(recorded(), Body.PromptSubmitted.class)).isEmpty();
    // As an install writes it, beside the data directory's own.
    String plugin = Files.readString(directory.resolve("custody.js"));
    assertThat(plugin).contains("CUSTODY_TOKEN_FILE || \"\"");
    Files.writeString(
        directory.resolve("custody.js"),
        plugin.replace("CUSTODY_TOKEN_FILE || \"\"", "CUSTODY_TOKEN_FILE || \"" + tokens + '"'));
    assertThat(runAgainst(address, CREATED, PROMPT))
        .allSatisfy(r -> assertThat(r.path("error").isNull()).isTrue());
    assertThat(of(recorded(), Body.PromptSubmitted.class)).hasSize(1);
  }

  @Test
  void aDenialStopsTheToolWithItsReasonAndNothingElseIsStopped() throws Exception {
    start(DENY_ALL);
    List<JsonNode> results = run(CREATED, PROMPT, BEFORE, ENVIRONMENT, AFTER);
    assertThat(results.get(2).path("error").textValue())
        .startsWith("Custody: no delegation: borrowed identity of jane");
    results.remove(2);
    assertThat(results).allSatisfy(r -> assertThat(r.path("error").isNull()).isTrue());
    assertThat(only(recorded(), Body.PolicyDecision.class).outcome()).isEqualTo(Outcome.DENIED);
  }

  @Test
  void aChildSessionsToolsCarryTheTagOfTheTopmostSession() throws Exception {
    start(Policy.OBSERVE);
    String child =
        """
        {"hook":"event","input":{"type":"session.created","properties":{"sessionID":"ses_2",
          "info":{"id":"ses_2","parentID":"ses_1","agent":"general"}}}}\
        """;
    List<JsonNode> results =
        run(
            CREATED,
            child,
            ENVIRONMENT,
            ENVIRONMENT.replace("ses_1", "ses_2"),
            BEFORE.replace("ses_1", "ses_2"));
    assertThat(results.get(3).path("output")).isEqualTo(results.get(2).path("output"));
    Event requested = only(recorded(), Body.ToolCallRequested.class);
    assertThat(requested.session()).isEqualTo("ses_1");
    assertThat(Objects.requireNonNull(requested.actor().agent()).subAgent()).isEqualTo("ses_2");
  }

  @Test
  void withoutACollectorTheAgentGoesOn() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    for (JsonNode result :
        runAgainst("http://127.0.0.1:" + port, CREATED, PROMPT, BEFORE, ENVIRONMENT, AFTER)) {
      assertThat(result.path("error").isNull()).isTrue();
      assertThat(result.path("millis").doubleValue()).isLessThan(LONGEST_WAIT_MILLIS);
    }
    assertThat(runAgainst("no address at all", CREATED, PROMPT, BEFORE, ENVIRONMENT, AFTER))
        .allSatisfy(r -> assertThat(r.path("error").isNull()).isTrue());
  }

  @Test
  void aCollectorThatHangsIsWaitedForOnceAndNotForLong() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      List<JsonNode> results =
          runAgainst(
              "http://127.0.0.1:" + silent.getLocalPort(), PROMPT, BEFORE, ENVIRONMENT, AFTER);
      assertThat(results).allSatisfy(r -> assertThat(r.path("error").isNull()).isTrue());
      assertThat(results.get(1).path("millis").doubleValue())
          .isBetween(1_400.0, LONGEST_WAIT_MILLIS);
      assertThat(results.get(2).path("millis").doubleValue()).isLessThan(500);
      assertThat(results.get(3).path("millis").doubleValue()).isLessThan(500);
    }
  }

  @Test
  void whateverIsAnsweredOnlyADenialStopsATool() throws Exception {
    for (String answer :
        List.of(
            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n{\"dec",
            "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nnull",
            "HTTP/1.1 503 No\r\nContent-Length: 19\r\n\r\n{\"decision\":\"deny\"}",
            "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n",
            "HTTP/1.1 200 OK\r\n\r\n" + "x".repeat(1 << 20),
            "nonsense")) {
      ServerSocket odd = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
      Thread answering = Thread.ofVirtual().start(() -> answerAll(odd, answer));
      try (odd) {
        assertThat(runAgainst("http://127.0.0.1:" + odd.getLocalPort(), BEFORE, ENVIRONMENT, AFTER))
            .as(answer.substring(0, 8))
            .allSatisfy(r -> assertThat(r.path("error").isNull()).isTrue());
      }
      answering.join();
    }
  }

  @Test
  void aHugeResultIsSentWithHeadAndTail() throws Exception {
    start(Policy.OBSERVE);
    run(AFTER.replace("\"title\":\"t\"", "\"fill\":12000000"));
    Event completed = only(recorded(), Body.ToolCallCompleted.class);
    assertThat(completed.content().utf8()).contains("HEADx", "xTAIL");
    assertThat(completed.contentOmitted()).isPositive();
  }

  @Test
  void piecesOfATextAreLeftOutAndAToolsErrorIsNot() throws Exception {
    start(Policy.OBSERVE);
    String part =
        "{\"hook\":\"event\",\"input\":{\"type\":\"message.part.%s\",\"properties\":{%s}}}";
    run(
        part.formatted("delta", "\"sessionID\":\"ses_1\",\"delta\":\"a\""),
        part.formatted(
            "updated", "\"delta\":\"a\",\"part\":{\"type\":\"text\",\"sessionID\":\"ses_1\"}"),
        part.formatted(
            "updated",
            "\"part\":{\"type\":\"tool\",\"sessionID\":\"ses_1\",\"callID\":\"c\",\"tool\":\"read\",\"state\":{\"status\":\"running\"}}"),
        part.formatted(
            "updated",
            "\"part\":{\"type\":\"tool\",\"sessionID\":\"ses_1\",\"callID\":\"c\",\"tool\":\"read\",\"state\":{\"status\":\"error\",\"error\":\"no such file\"}}"));
    List<Event> events = recorded();
    assertThat(only(events, Body.ToolCallCompleted.class).outcomeReason())
        .isEqualTo("no such file");
    assertThat(events).noneMatch(e -> "event:message.part.delta".equals(e.source().event()));
    assertThat(events.stream().filter(e -> "event:message.part.updated".equals(e.source().event())))
        .hasSize(1);
  }

  private void start(Policy policy) throws Exception {
    start(policy, HttpConfig.loopback(0));
  }

  private void start(Policy policy, HttpConfig http) throws Exception {
    running =
        Collector.start(
            new CollectorConfig(
                directory.resolve("data"),
                outlet,
                http,
                notes -> routes(notes, policy),
                organisation.observer(),
                organisation::key,
                organisation.roots(),
                SpoolLimits.DEFAULT,
                CollectorConfig.HEARTBEAT,
                "custody-test 1"));
  }

  private Routes routes(SourceNotes notes, Policy policy) throws CaptureException {
    Observer observer = organisation.observer();
    DelegationBook book = DelegationBook.open(notes, organisation.roots(), observer.clock());
    SessionTags tags = SessionTags.open(observer.fingerprints(), notes, observer.clock());
    Oversight oversight =
        new Oversight(
            new Bindings(book),
            new SubAgentHops(book, null, organisation.roots(), observer),
            new DecisionPoint(book, policy),
            tags);
    return new Routes(
        book,
        new SessionEnvironment(tags, observer),
        AgentHookSource.all(
            observer, new SessionRedactors(observer.fingerprints()), oversight, policy.deadline()),
        List.of(),
        events -> {});
  }

  private List<Event> recorded() throws Exception {
    assertThat(Objects.requireNonNull(running).awaitPublished(Duration.ofSeconds(20))).isTrue();
    return organisation.verify(outlet.log()).stream().map(v -> v.event()).toList();
  }

  private static List<Event> of(List<Event> events, Class<? extends Body> kind) {
    return events.stream().filter(e -> kind.isInstance(e.body())).toList();
  }

  private static Event only(List<Event> events, Class<? extends Body> kind) {
    assertThat(of(events, kind)).hasSize(1);
    return of(events, kind).getFirst();
  }

  private static String again(String step, String call) {
    return step.replace("\"c1\"", '"' + call + '"');
  }

  private List<JsonNode> run(String... steps) throws Exception {
    return runAgainst("http://127.0.0.1:" + Objects.requireNonNull(running).httpPort(), steps);
  }

  private List<JsonNode> runAgainst(String collector, String... steps) throws Exception {
    ProcessBuilder node =
        new ProcessBuilder(
            "node",
            directory.resolve("driver.mjs").toString(),
            directory.resolve("custody.js").toUri().toString(),
            "/w/shop");
    node.environment().put("CUSTODY_HTTP", collector);
    // What an agent does is for this machine: a proxy is never asked.
    node.environment().put("HTTP_PROXY", "http://127.0.0.1:1");
    node.environment().put("http_proxy", "http://127.0.0.1:1");
    node.redirectError(directory.resolve("node.err").toFile());
    Process process = node.start();
    try (var in = process.getOutputStream()) {
      in.write(("[" + String.join(",", steps) + "]").getBytes(StandardCharsets.UTF_8));
    }
    byte[] told = process.getInputStream().readAllBytes();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(directory.resolve("node.err"))).isZero();
    List<JsonNode> results = new ArrayList<>();
    JSON.readTree(told).forEach(results::add);
    return results;
  }

  private static void answerAll(ServerSocket server, String answer) {
    while (true) {
      try (Socket client = server.accept()) {
        int _ = client.getInputStream().read(new byte[64 << 10]);
        client.getOutputStream().write(answer.getBytes(StandardCharsets.UTF_8));
      } catch (IOException e) {
        if (server.isClosed()) {
          return;
        }
      }
    }
  }

  private void copy(String resource, String name) throws IOException {
    try (InputStream in = OpencodePluginTest.class.getResourceAsStream(resource)) {
      Files.copy(Objects.requireNonNull(in, resource), directory.resolve(name));
    }
  }

  private static boolean hasNode() throws InterruptedException {
    try {
      return new ProcessBuilder("node", "--version").start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }
}
