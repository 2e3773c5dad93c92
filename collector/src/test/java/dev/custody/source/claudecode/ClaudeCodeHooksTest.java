package dev.custody.source.claudecode;

import static dev.custody.source.claudecode.HookBodies.hook;
import static dev.custody.source.claudecode.HookBodies.inSession;
import static dev.custody.source.claudecode.HookBodies.kind;
import static dev.custody.source.claudecode.HookBodies.kinds;
import static dev.custody.source.claudecode.HookBodies.ofKind;
import static dev.custody.source.claudecode.HookBodies.replay;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.custody.event.Agent;
import dev.custody.event.Body;
import dev.custody.event.Event;
import dev.custody.event.HumanBasis;
import dev.custody.event.Identifier;
import dev.custody.event.IdentifierKind;
import dev.custody.event.Outcome;
import dev.custody.event.ToolProviderKind;
import dev.custody.sighting.TestObserver;
import dev.custody.source.git.Workplaces;
import dev.custody.wire.Formats;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** What recorded sessions of the real agent become. */
final class ClaudeCodeHooksTest {
  static final List<String> RUNS = Recorded.RUNS;
  private static final List<String> SECRETS =
      List.of(
          "harnessFakeSecretKey00000000000000000001",
          "harness-fake-password",
          "sk_test_HARNESSFAKE0000000000000000");
  private static final ObjectMapper JSON = new ObjectMapper();

  private final TestObserver observer = new TestObserver();
  private final ClaudeCodeHooks hooks = new ClaudeCodeHooks(observer.of("dana"));

  @ParameterizedTest
  @FieldSource("RUNS")
  void everyRecordedBodyIsAccepted(String run) throws Exception {
    for (byte[] body : Recorded.bodies(run)) {
      assertThat(hooks.events(body)).as(new String(body, UTF_8)).isNotEmpty();
    }
  }

  @ParameterizedTest
  @FieldSource("RUNS")
  void noSecretOfARecordedSessionIsInAnyEncodedEvent(String run) throws Exception {
    for (Event event : replay(hooks, run)) {
      String encoded = new String(Formats.EVENT.encode(event), ISO_8859_1);
      for (String secret : SECRETS) {
        assertThat(encoded).as("%s of %s", event.body(), run).doesNotContain(secret);
      }
    }
  }

  @ParameterizedTest
  @FieldSource("RUNS")
  void everyEventDecodesToItself(String run) throws Exception {
    for (Event event : replay(hooks, run)) {
      assertThat(Formats.EVENT.decode(Formats.EVENT.encode(event))).isEqualTo(event);
      JSON.readTree(event.content().toByteArray());
    }
  }

  @Test
  @EnabledIfEnvironmentVariable(named = "CUSTODY_AGENT_RECORDINGS", matches = ".+")
  void everyBodyInADirectoryOfRecordingsIsAccepted() throws Exception {
    Path recordings = Path.of(Objects.requireNonNull(System.getenv("CUSTODY_AGENT_RECORDINGS")));
    List<Path> files;
    try (Stream<Path> all = Files.walk(recordings)) {
      files =
          all.filter(path -> path.toString().matches(".*/hooks-(http|command)/.*json")).toList();
    }
    assertThat(files).isNotEmpty();
    for (Path file : files) {
      var tree = JSON.readTree(Files.readAllBytes(file));
      var body = file.toString().contains("hooks-http") ? tree.path("body") : tree;
      for (Event event : hooks.events(JSON.writeValueAsBytes(body))) {
        String encoded = new String(Formats.EVENT.encode(event), ISO_8859_1);
        SECRETS.forEach(secret -> assertThat(encoded).as(file.toString()).doesNotContain(secret));
      }
    }
  }

  @Test
  void theIncidentIsToldInItsOrder() throws Exception {
    List<Event> events = replay(hooks, "incident");
    assertThat(kinds(events))
        .filteredOn(k -> !k.equals("Observed") && !k.equals("SecretObserved"))
        .containsExactly(
            "SessionStarted",
            "PromptSubmitted",
            "ToolCallRefused",
            "ToolCallRequested",
            "ToolCallCompleted",
            "ToolCallRequested",
            "ToolCallCompleted",
            "ToolCallRequested",
            "ToolCallCompleted",
            "ToolCallRequested",
            "ToolCallCompleted",
            "ToolCallRequested",
            "ToolCallCompleted",
            "SessionEnded");
  }

  @Test
  void aCompletedCallNamesTheKeyIdTheBucketAndTheCommit() throws Exception {
    List<Event> completed = ofKind(replay(hooks, "incident"), Body.ToolCallCompleted.class);
    assertThat(completed.get(0).identifiers())
        .contains(new Identifier(IdentifierKind.AWS_ACCESS_KEY_ID, "AKIAHARNESSFAKE00001"));
    assertThat(completed.get(1).resources()).contains("arn:aws:iam::123456789012:user/ci-deploy");
    assertThat(completed.get(2).resources()).contains("arn:aws:s3:::acme-prod-builds");
    assertThat(completed.get(3).resources()).contains("/home/dana/acme-api/scripts/cleanup.sh");
    assertThat(completed.get(4).identifiers())
        .contains(new Identifier(IdentifierKind.GIT_COMMIT, "d6256e0"));
    assertThat(completed).extracting(Event::outcome).containsOnly(Outcome.SUCCESS);
    assertThat(completed.get(0).body()).isEqualTo(new Body.ToolCallCompleted("Bash", 51L));
  }

  @Test
  void eachSecretIsAnEventBehindTheOneThatShowedIt() throws Exception {
    List<Event> events = replay(hooks, "incident");
    Event shown = ofKind(events, Body.ToolCallCompleted.class).getFirst();
    int at = events.indexOf(shown);
    List<Event> secrets = events.subList(at + 1, at + 3);
    assertThat(shown.redactions()).hasSize(2);
    for (Event secret : secrets) {
      Body.SecretObserved body = (Body.SecretObserved) secret.body();
      assertThat(body.seenIn()).isEqualTo(shown.id());
      assertThat(secret.toolCall()).isEqualTo(shown.toolCall());
      assertThat(secret.session()).isEqualTo(shown.session());
      assertThat(secret.prompt()).isEqualTo(shown.prompt());
      assertThat(secret.identifiers())
          .containsExactly(
              new Identifier(
                  IdentifierKind.SECRET_FINGERPRINT, body.kind() + ":" + body.fingerprint()));
      assertThat(body.location()).isEqualTo("/tool_response/stdout");
    }
    assertThat(secrets)
        .extracting(e -> ((Body.SecretObserved) e.body()).kind())
        .containsExactlyInAnyOrder("aws-secret-key", "url-password");
  }

  @Test
  void anUnguessableSecretIsNamedAlikeInAllSessionsAndAPasswordInOne() throws Exception {
    String text =
        "'prompt':'AWS_SECRET_ACCESS_KEY=harnessFakeSecretKey00000000000000000001 postgres://u:harness-fake-password@h/d'";
    List<String> first = fingerprints(hooks.events(inSession("s1", "UserPromptSubmit", text)));
    List<String> again = fingerprints(hooks.events(inSession("s1", "UserPromptSubmit", text)));
    List<String> other = fingerprints(hooks.events(inSession("s2", "UserPromptSubmit", text)));
    hooks.events(inSession("s1", "SessionEnd", "'reason':'exit'"));
    List<String> after = fingerprints(hooks.events(inSession("s1", "UserPromptSubmit", text)));
    assertThat(first).hasSize(2).isEqualTo(again);
    assertThat(other.getFirst()).isEqualTo(first.getFirst());
    assertThat(other.getLast()).isNotEqualTo(first.getLast());
    assertThat(after.getFirst()).isEqualTo(first.getFirst());
    assertThat(after.getLast()).isNotEqualTo(first.getLast());
  }

  @Test
  void theKeyOfASessionThatWasQuietForLongestIsForgotten() throws Exception {
    ClaudeCodeHooks few = new ClaudeCodeHooks(observer.of(null), new Workplaces(observer), 2, null);
    String text = "'prompt':'postgres://u:harness-fake-password@h/d'";
    List<String> first = fingerprints(few.events(inSession("s1", "UserPromptSubmit", text)));
    few.events(inSession("s2", "UserPromptSubmit", text));
    few.events(inSession("s3", "UserPromptSubmit", text));
    assertThat(fingerprints(few.events(inSession("s1", "UserPromptSubmit", text))))
        .isNotEqualTo(first);
  }

  @Test
  void aTaskNotificationIsNoPromptOfAHuman() throws Exception {
    assertThat(ofKind(replay(hooks, "full"), Body.PromptSubmitted.class))
        .extracting(Event::body)
        .containsExactly(
            new Body.PromptSubmitted(Body.PromptOrigin.HUMAN),
            new Body.PromptSubmitted(Body.PromptOrigin.NOTIFICATION));
  }

  @Test
  void anAgentToolThatOnlyLaunchedCompletesAndItsSubAgentEndsLater() throws Exception {
    List<Event> events = replay(hooks, "full");
    List<String> kinds =
        events.stream()
            .filter(e ->
                !(e.body() instanceof Body.Observed)
                    && e.content().utf8().contains("a7d87da0a7ec66c4d"))
            .map(e -> kind(e))
            .toList();
    assertThat(kinds).containsSubsequence("SubagentStarted", "ToolCallCompleted", "SubagentEnded");
    assertThat(ofKind(events, Body.SubagentStarted.class))
        .extracting(Event::body)
        .containsExactly(new Body.SubagentStarted("a7d87da0a7ec66c4d", "general-purpose"));
    assertThat(events)
        .filteredOn(e -> "a7d87da0a7ec66c4d".equals(agent(e).subAgent()))
        .extracting(e -> kind(e))
        .contains("ToolCallRequested", "ToolCallCompleted");
  }

  @Test
  void aPermissionRequestIsJoinedToTheOneCallThatWaitsAndDecidesNothing() throws Exception {
    Event asked =
        ofKind(replay(hooks, "permission-request"), Body.ToolCallDecided.class).getFirst();
    assertThat(asked.body()).isEqualTo(new Body.ToolCallDecided("Bash", null, null));
    assertThat(asked.toolCall()).isEqualTo("toolu_01yczpkK0oFlroVFNJ5avHJi");
    assertThat(asked.action()).isEqualTo("tool:Bash");
  }

  @Test
  void aFailedCallTellsTheFirstLineOfItsError() throws Exception {
    Event failed =
        ofKind(replay(hooks, "full"), Body.ToolCallCompleted.class).stream()
            .filter(e -> e.outcome() == Outcome.FAILURE)
            .findFirst()
            .orElseThrow();
    assertThat(failed.outcomeReason()).isEqualTo("Exit code 1");
  }

  @Test
  void anMcpToolNamesItsServer() throws Exception {
    Event call =
        replay(hooks, "full").stream()
            .filter(e -> "tool:mcp__fs__list_directory".equals(e.action()))
            .findFirst()
            .orElseThrow();
    assertThat(Objects.requireNonNull(call.toolProvider()).kind())
        .isEqualTo(ToolProviderKind.MCP_SERVER);
    assertThat(Objects.requireNonNull(call.toolProvider()).name()).isEqualTo("fs");
  }

  @Test
  void aConfigurationChangeNamesItsFile() throws Exception {
    Event change = ofKind(replay(hooks, "rare-events"), Body.ConfigurationChanged.class).getFirst();
    assertThat(change.body())
        .isEqualTo(
            new Body.ConfigurationChanged(
                "user_settings", "/home/dev/project/fx-events/home/.claude/settings.json"));
    assertThat(change.action()).isEqualTo("configuration:change");
    assertThat(change.resources())
        .containsExactly("/home/dev/project/fx-events/home/.claude/settings.json");
  }

  @Test
  void theHumanIsTheEnrolledUserOrSaidToBeUnknown() throws Exception {
    byte[] body = hook("Stop", "'cwd':'/nonexistent/acme','user':'mallory','email':'m@evil'");
    Event enrolled = hooks.events(body).getFirst();
    assertThat(Objects.requireNonNull(enrolled.actor().human()))
        .satisfies(human -> {
          assertThat(human.id()).isEqualTo("dana");
          assertThat(human.basis()).isEqualTo(HumanBasis.OS_USER);
        });
    Event unknown = new ClaudeCodeHooks(observer.of(null)).events(body).getFirst();
    assertThat(Objects.requireNonNull(unknown.actor().human()).id())
        .isEqualTo("unknown human on laptop");
    assertThat(agent(unknown))
        .isEqualTo(
            new Agent(
                "claude-code", null, "spiffe://acme.example/agent/claude-code/acme", "s", null));
    assertThat(unknown.project()).isEqualTo("/nonexistent/acme");
  }

  private static List<String> fingerprints(List<Event> events) {
    return events.getFirst().redactions().stream().map(r -> r.fingerprint()).toList();
  }

  private static Agent agent(Event event) {
    return Objects.requireNonNull(event.actor().agent());
  }
}
