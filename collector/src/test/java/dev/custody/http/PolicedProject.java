package dev.custody.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.custody.capture.BadInputException;
import dev.custody.capture.CaptureException;
import dev.custody.capture.HookReply;
import dev.custody.capture.Observer;
import dev.custody.capture.SourceNotes;
import dev.custody.collector.Collector;
import dev.custody.collector.CollectorConfig;
import dev.custody.collector.MemoryOutlet;
import dev.custody.collector.Organisation;
import dev.custody.delegation.HopSigner;
import dev.custody.delegations.Bindings;
import dev.custody.delegations.DelegationBook;
import dev.custody.delegations.SubAgentHops;
import dev.custody.enforce.DecisionPoint;
import dev.custody.enforce.Policy;
import dev.custody.event.Body;
import dev.custody.event.Event;
import dev.custody.identity.Delegation;
import dev.custody.identity.Scope;
import dev.custody.identity.SpiffeId;
import dev.custody.sighting.SessionRedactors;
import dev.custody.signing.KeyException;
import dev.custody.signing.TokenSigner;
import dev.custody.source.agent.AgentHooks;
import dev.custody.source.agent.Oversight;
import dev.custody.source.claudecode.ClaudeCodeHooks;
import dev.custody.source.codex.CodexHooks;
import dev.custody.source.gemini.GeminiHooks;
import dev.custody.source.opencode.OpencodeHooks;
import dev.custody.spool.SpoolLimits;
import dev.custody.tag.SessionEnvironment;
import dev.custody.tag.SessionTags;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** A project in which Claude Code asks a running collector before each tool, under a policy. */
final class PolicedProject implements AutoCloseable {
  static final String HUMAN = "dana@acme.example";
  static final String SESSION = "06bfbab1-c3b1-49cd-8f16-38f381ca7b0e";
  static final Policy ENFORCE =
      new Policy(Policy.Mode.ENFORCE, false, Policy.Undecided.PROCEED, Duration.ofSeconds(10));

  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient client = HttpClient.newHttpClient();
  private final MemoryOutlet outlet = new MemoryOutlet();
  private final CountDownLatch released = new CountDownLatch(1);
  private final Path directory;
  private final Organisation organisation;
  private final Path project;
  private @Nullable Collector running;
  private boolean stalls;

  private PolicedProject(Path directory, Organisation organisation, Path project) {
    this.directory = directory;
    this.organisation = organisation;
    this.project = project;
  }

  /** A repository of {@link #HUMAN} in {@code directory}; no collector runs yet. */
  static PolicedProject in(Path directory) throws Exception {
    Path project = repository(directory.resolve("shop"), HUMAN);
    return new PolicedProject(directory, Organisation.in(directory), project.toRealPath());
  }

  private static Path repository(Path project, String email) throws IOException {
    Path git = Files.createDirectories(project.resolve(".git"));
    Files.createDirectories(git.resolve("objects"));
    Files.createDirectories(git.resolve("refs"));
    Files.writeString(git.resolve("HEAD"), "ref: refs/heads/main\n");
    Files.writeString(git.resolve("config"), "[user]\n\temail = " + email + "\n");
    return project;
  }

  /** Another repository called shop, whose configuration names somebody else. */
  Path repositoryOf(String email) throws IOException {
    return repository(directory.resolve("elsewhere/shop"), email).toRealPath();
  }

  @Override
  public void close() {
    released.countDown();
    if (running != null) {
      running.close();
    }
    client.close();
  }

  Organisation organisation() {
    return organisation;
  }

  Path project() {
    return project;
  }

  MemoryOutlet outlet() {
    return outlet;
  }

  /** From now on no hook is decided. */
  void stall() {
    stalls = true;
  }

  Collector collector() {
    return Objects.requireNonNull(running);
  }

  void start(Policy policy) throws Exception {
    start(policy, SpoolLimits.DEFAULT);
  }

  void start(Policy policy, SpoolLimits limits) throws Exception {
    running =
        Collector.start(
            new CollectorConfig(
                directory.resolve("data"),
                outlet,
                HttpConfig.loopback(0),
                notes -> routes(notes, policy),
                organisation.observer(),
                organisation::key,
                organisation.roots(),
                limits,
                Duration.ofHours(1),
                "custody-test 1"));
  }

  private Routes routes(SourceNotes notes, Policy policy) throws CaptureException {
    Observer observer = organisation.observer();
    DelegationBook book = DelegationBook.open(notes, organisation.roots(), observer.clock());
    SessionTags tags = SessionTags.open(observer.fingerprints(), notes, observer.clock());
    Oversight oversight =
        new Oversight(
            new Bindings(book),
            new SubAgentHops(book, hopSigner(), organisation.roots(), observer),
            new DecisionPoint(book, policy),
            tags);
    SessionRedactors redactors = new SessionRedactors(observer.fingerprints());
    return new Routes(
        book,
        new SessionEnvironment(tags, observer),
        Map.of(
            Routes.CLAUDE_CODE,
            source(new ClaudeCodeHooks(observer, redactors, oversight), policy),
            Routes.CODEX,
            source(new CodexHooks(observer, redactors, oversight), policy),
            Routes.GEMINI_CLI,
            source(new GeminiHooks(observer, redactors, oversight), policy),
            Routes.OPENCODE,
            source(new OpencodeHooks(observer, redactors, oversight), policy)),
        List.of(),
        events -> {});
  }

  private HookSource source(AgentHooks<?> hooks, Policy policy) {
    return new HookSource() {
      @Override
      public HookReply receive(byte[] body, @Nullable String delegation) throws BadInputException {
        awaitRelease();
        return hooks.receive(body, delegation);
      }

      @Override
      public @Nullable HookReply late(byte[] body, String why) throws BadInputException {
        return hooks.late(body, why);
      }

      @Override
      public Duration deadline() {
        return policy.deadline();
      }
    };
  }

  private HopSigner hopSigner() throws CaptureException {
    try {
      return organisation.hopSigner();
    } catch (KeyException e) {
      throw new CaptureException("no key", e);
    }
  }

  private void awaitRelease() {
    if (stalls) {
      try {
        released.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  HttpResponse<String> post(String path, String body, String... headers) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + collector().httpPort() + path))
            .POST(BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), BodyHandlers.ofString());
  }

  HttpResponse<String> call(String tool, String command, String... headers) throws Exception {
    return post(Routes.CLAUDE_CODE, preToolUse(tool, command), headers);
  }

  private String preToolUse(String tool, String command) throws Exception {
    return JSON.writeValueAsString(
        Map.of(
            "hook_event_name",
            "PreToolUse",
            "session_id",
            SESSION,
            "prompt_id",
            "p1",
            "cwd",
            project.toString(),
            "tool_name",
            tool,
            "tool_use_id",
            "toolu_1",
            "tool_input",
            Map.of("command", command)));
  }

  void grant(String id, String action, String resource, Instant from, Duration lasting)
      throws Exception {
    grant("claude-code", id, action, resource, from, lasting);
  }

  void grantTo(String product, String id, String action, String resource) throws Exception {
    Instant from = Instant.now().minusSeconds(60);
    grant(product, id, action, resource, from, Duration.ofHours(1));
  }

  private void grant(
      String product, String id, String action, String resource, Instant from, Duration lasting)
      throws Exception {
    Instant now = Instant.now();
    TokenSigner key = organisation.humanKey();
    Delegation delegation =
        new Delegation(
            id,
            HUMAN,
            SpiffeId.parse("spiffe://acme.example/agent/" + product + "/shop"),
            new Scope(List.of(new Scope.Grant(List.of(action), List.of(resource)))),
            now,
            from,
            from.plus(lasting),
            "a test",
            1);
    byte[] certificate =
        organisation
            .root()
            .certifyHuman(HUMAN, key.publicJwks(), now, Duration.ofDays(1))
            .toByteArray();
    assertThat(
            post(
                    "/delegations",
                    JSON.writeValueAsString(
                        Map.of(
                            "token",
                            key.sign(delegation),
                            "certificate",
                            Base64.getEncoder().encodeToString(certificate))))
                .statusCode())
        .isEqualTo(200);
  }

  void grant(String id, String action, String resource) throws Exception {
    grant(id, action, resource, Instant.now().minusSeconds(60), Duration.ofHours(1));
  }

  List<Event> recorded() throws Exception {
    assertThat(collector().awaitPublished(Duration.ofSeconds(20))).isTrue();
    return organisation.verify(outlet.log()).stream().map(v -> v.event()).toList();
  }

  List<Body.PolicyDecision> decisions() throws Exception {
    return recorded().stream()
        .map(Event::body)
        .filter(Body.PolicyDecision.class::isInstance)
        .map(Body.PolicyDecision.class::cast)
        .toList();
  }

  static JsonNode denial(HttpResponse<String> answer) throws Exception {
    assertThat(answer.statusCode()).isEqualTo(200);
    JsonNode output = JSON.readTree(answer.body()).path("hookSpecificOutput");
    assertThat(output.path("hookEventName").textValue()).isEqualTo("PreToolUse");
    assertThat(output.path("permissionDecision").textValue()).isEqualTo("deny");
    return output.path("permissionDecisionReason");
  }

  static void assertProceeds(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEmpty();
  }
}
