package dev.custody.source.claudecode;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.custody.capture.BadInputException;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

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
    for (Event event : replay(run)) {
      String encoded = new String(Formats.EVENT.encode(event), ISO_8859_1);
      for (String secret : SECRETS) {
        assertThat(encoded).as("%s of %s", event.body(), run).doesNotContain(secret);
      }
    }
  }

  @ParameterizedTest
  @FieldSource("RUNS")
  void everyEventDecodesToItself(String run) throws Exception {
    for (Event event : replay(run)) {
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
  void aCallRefusedByAPermissionRuleIsFoundInTheBatch() throws Exception {
    List<Event> refused = of(replay("incident"), Body.ToolCallRefused.class);
    assertThat(refused).hasSize(1);
    Event event = refused.getFirst();
    assertThat(event.body()).isEqualTo(new Body.ToolCallRefused("Read", "permission-rule"));
    assertThat(event.resources()).containsExactly("/home/dana/acme-api/.env");
    assertThat(event.outcome()).isEqualTo(Outcome.DENIED);
    assertThat(event.outcomeReason())
        .isEqualTo("File is in a directory that is denied by your permission settings.");
    assertThat(event.toolCall()).isEqualTo("toolu_01JuoPGB5ceDoSCj0FYSKzFR");
    assertThat(event.prompt()).isEqualTo("69689aad-5b97-4537-b976-2744f2b85ffa");
    assertThat(event.action()).isEqualTo("tool:Read");
  }

  @Test
  void aCallThatAHookDeniedIsRefusedOnce() throws Exception {
    List<Event> events = new ArrayList<>();
    List<byte[]> bodies = Recorded.bodies("http-deny");
    for (byte[] body : bodies.subList(0, bodies.size() - 1)) {
      events.addAll(hooks.events(body));
      events.addAll(hooks.events(body)); // Two hooks of one kind may be configured.
    }
    List<Event> refused = of(events, Body.ToolCallRefused.class);
    assertThat(refused).hasSize(1);
    assertThat(refused.getFirst().body()).isEqualTo(new Body.ToolCallRefused("Bash", "hook"));
    assertThat(refused.getFirst().outcomeReason()).contains("collector policy: secrets file");
  }

  @Test
  void aCallThatNobodyPermittedIsRefusedByTheUser() throws Exception {
    List<Event> refused = of(replay("permission-request"), Body.ToolCallRefused.class);
    assertThat(refused)
        .singleElement()
        .extracting(Event::body)
        .isEqualTo(new Body.ToolCallRefused("Bash", "user"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"full", "rare-events", "api-error", "2.1.197-full"})
  void nothingIsRefusedWhereEverythingRan(String run) throws Exception {
    assertThat(of(replay(run), Body.ToolCallRefused.class)).isEmpty();
  }

  @Test
  void aCallThatWasWrongInItselfIsNotRefused() throws Exception {
    assertThat(hooks.events(batch("<tool_use_error>File has not been read yet.</tool_use_error>")))
        .singleElement()
        .extracting(Event::body)
        .isEqualTo(new Body.Observed("PostToolBatch"));
  }

  @Test
  void aToolThatPrintsTheWordsOfARefusalIsNotRefused() throws Exception {
    hooks.events(hook("PreToolUse", "'tool_name':'Bash','tool_use_id':'t1','tool_input':{}"));
    hooks.events(hook("PostToolUse", "'tool_name':'Bash','tool_use_id':'t1','tool_input':{}"));
    assertThat(hooks.events(batch("<tool_use_error>denied by your permission settings")))
        .hasSize(1);
  }

  @Test
  void aRefusedCallShowsOnlyItselfOfItsBatch() throws Exception {
    String calls =
        "'tool_calls':[{'tool_name':'Bash','tool_use_id':'a','tool_response':'other'},"
            + "{'tool_name':'Bash','tool_use_id':'b','tool_input':{'command':'X=1 PASSWORD=hunter2-hunter2'},"
            + "'tool_response':'<tool_use_error>denied</tool_use_error>'}]";
    List<Event> events = hooks.events(hook("PostToolBatch", calls));
    Event refused = of(events, Body.ToolCallRefused.class).getFirst();
    assertThat(refused.content().utf8()).contains("PASSWORD=").doesNotContain("other", "hunter2");
    assertThat(refused.redactions())
        .singleElement()
        .satisfies(r -> assertThat(r.location()).isEqualTo("/tool_calls/0/tool_input/command"));
    assertThat(kinds(events))
        .containsExactly("Observed", "SecretObserved", "ToolCallRefused", "SecretObserved");
    assertThat(events.getLast().toolCall()).isEqualTo("b");
  }

  @Test
  void theIncidentIsToldInItsOrder() throws Exception {
    List<Event> events = replay("incident");
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
    List<Event> completed = of(replay("incident"), Body.ToolCallCompleted.class);
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
    List<Event> events = replay("incident");
    Event shown = of(events, Body.ToolCallCompleted.class).getFirst();
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
    ClaudeCodeHooks few = new ClaudeCodeHooks(observer.of(null), new Workplaces(observer), 2);
    String text = "'prompt':'postgres://u:harness-fake-password@h/d'";
    List<String> first = fingerprints(few.events(inSession("s1", "UserPromptSubmit", text)));
    few.events(inSession("s2", "UserPromptSubmit", text));
    few.events(inSession("s3", "UserPromptSubmit", text));
    assertThat(fingerprints(few.events(inSession("s1", "UserPromptSubmit", text))))
        .isNotEqualTo(first);
  }

  @Test
  void aTaskNotificationIsNoPromptOfAHuman() throws Exception {
    assertThat(of(replay("full"), Body.PromptSubmitted.class))
        .extracting(Event::body)
        .containsExactly(
            new Body.PromptSubmitted(Body.PromptOrigin.HUMAN),
            new Body.PromptSubmitted(Body.PromptOrigin.NOTIFICATION));
  }

  @Test
  void anAgentToolThatOnlyLaunchedCompletesAndItsSubAgentEndsLater() throws Exception {
    List<Event> events = replay("full");
    List<String> kinds =
        events.stream()
            .filter(e ->
                !(e.body() instanceof Body.Observed)
                    && e.content().utf8().contains("a7d87da0a7ec66c4d"))
            .map(e -> kind(e))
            .toList();
    assertThat(kinds).containsSubsequence("SubagentStarted", "ToolCallCompleted", "SubagentEnded");
    assertThat(of(events, Body.SubagentStarted.class))
        .extracting(Event::body)
        .containsExactly(new Body.SubagentStarted("a7d87da0a7ec66c4d", "general-purpose"));
    assertThat(events)
        .filteredOn(e -> "a7d87da0a7ec66c4d".equals(agent(e).subAgent()))
        .extracting(e -> kind(e))
        .contains("ToolCallRequested", "ToolCallCompleted");
  }

  @Test
  void aPermissionRequestNamesNoToolCallAndDecidesNothing() throws Exception {
    Event asked = of(replay("permission-request"), Body.ToolCallDecided.class).getFirst();
    assertThat(asked.body()).isEqualTo(new Body.ToolCallDecided("Bash", null, null));
    assertThat(asked.toolCall()).isNull();
    assertThat(asked.action()).isEqualTo("tool:Bash");
  }

  @Test
  void aFailedCallTellsTheFirstLineOfItsError() throws Exception {
    Event failed =
        of(replay("full"), Body.ToolCallCompleted.class).stream()
            .filter(e -> e.outcome() == Outcome.FAILURE)
            .findFirst()
            .orElseThrow();
    assertThat(failed.outcomeReason()).isEqualTo("Exit code 1");
  }

  @Test
  void anMcpToolNamesItsServer() throws Exception {
    Event call =
        replay("full").stream()
            .filter(e -> "tool:mcp__fs__list_directory".equals(e.action()))
            .findFirst()
            .orElseThrow();
    assertThat(Objects.requireNonNull(call.toolProvider()).kind())
        .isEqualTo(ToolProviderKind.MCP_SERVER);
    assertThat(Objects.requireNonNull(call.toolProvider()).name()).isEqualTo("fs");
  }

  @Test
  void aConfigurationChangeNamesItsFile() throws Exception {
    Event change = of(replay("rare-events"), Body.ConfigurationChanged.class).getFirst();
    assertThat(change.body())
        .isEqualTo(
            new Body.ConfigurationChanged(
                "user_settings", "/home/dev/project/fx-events/home/.claude/settings.json"));
    assertThat(change.action()).isEqualTo("configuration:change");
    assertThat(change.resources())
        .containsExactly("/home/dev/project/fx-events/home/.claude/settings.json");
  }

  @Test
  void aHookOfTheFutureIsRecorded() throws Exception {
    assertThat(hooks.events(hook("TeleportedAway", "'where':'mars'")))
        .singleElement()
        .satisfies(e -> {
          assertThat(e.body()).isEqualTo(new Body.Observed("TeleportedAway"));
          assertThat(e.content().utf8()).contains("mars");
        });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'tool_name':7,'tool_input':'x'",
        "'tool_name':'Bash','tool_input':[1],'tool_use_id':{},'prompt_id':[]",
        "'tool_calls':{'a':1},'agent_id':7,'cwd':[]",
        "'tool_calls':[1,null,[],{'tool_name':[]}],'prompt':null,'cwd':'\\u0000'"
      })
  void aFieldOfAnotherTypeLosesNoEvent(String fields) throws Exception {
    for (String name :
        List.of(
            "PreToolUse",
            "PostToolUse",
            "PostToolUseFailure",
            "PermissionRequest",
            "PostToolBatch",
            "SubagentStart",
            "SubagentStop",
            "UserPromptSubmit",
            "ConfigChange")) {
      List<Event> events = hooks.events(hook(name, fields));
      assertThat(events).hasSize(1);
      assertThat(JSON.readTree(events.getFirst().content().toByteArray()))
          .isEqualTo(JSON.readTree(hook(name, fields)));
    }
  }

  @Test
  void whatIsNoHookIsRefusedByName() {
    assertRefused(
        "{'session_id':'s'}",
        "hook_event_name: expected a name of 1 to 256 printable ASCII characters, found nothing");
    assertRefused(
        "{'hook_event_name':'Stop','session_id':7}",
        "session_id: expected an identifier of 1 to 256 printable ASCII characters, found number");
    assertRefused(
        "{'hook_event_name':'Stop','session_id':'" + "x".repeat(257) + "'}",
        "session_id: expected an identifier of 1 to 256 printable ASCII characters, found 257 characters");
    assertRefused(
        "{'hook_event_name':'Stop','session_id':'a b'}",
        "session_id: expected an identifier of 1 to 256 printable ASCII characters, found other characters");
    assertRefused("[1]", "body: expected a JSON object, found array");
    assertRefused("", "body: expected a JSON object, found nothing");
    assertRefused(
        "{'hook_event_name':'Stop','hook_event_name':'Stop'}",
        "body: expected each name once in an object, found one twice, at line 1, column ");
    assertRefused(
        "{'hook_event_name':'Stop','session_id':'s'} x",
        "body: expected one JSON object, found what is none, at line 1, column ");
    assertRefused(
        "{'hook_event_name':'St",
        "body: expected the rest of a JSON value, found the end, at line 1, column ");
    assertRefused(
        "{'a':" + "[".repeat(64) + "]".repeat(64) + "}",
        "body: Document nesting depth (65) exceeds the maximum allowed (64)");
  }

  @Test
  void aRefusalRepeatsNothingOfTheBody() {
    for (String body :
        List.of(
            "{'a':hunter2}",
            "hunter2",
            "{'hunter2':1,'hunter2':2}",
            "{'hook_event_name':'hunter2 !','session_id':'s'}")) {
      assertThatThrownBy(() -> hooks.events(json(body)))
          .isInstanceOf(BadInputException.class)
          .message()
          .doesNotContain("hunter2");
    }
  }

  @Test
  void aLargeResultKeepsHeadAndTailAndCountsTheRest() throws Exception {
    String output = "HEAD" + "0123456789é\n".repeat(400_000) + "TAIL";
    byte[] body =
        JSON.writeValueAsBytes(
            JSON.createObjectNode()
                .put("hook_event_name", "PostToolUse")
                .put("session_id", "s")
                .put("tool_name", "Bash")
                .put("tool_response", output));
    Event event = hooks.events(body).getFirst();
    assertThat(Formats.EVENT.encode(event).length).isBetween(500 << 10, Formats.MAX_EVENT_BYTES);
    String kept = JSON.readTree(event.content().toByteArray()).path("tool_response").asText();
    assertThat(kept)
        .startsWith("HEAD")
        .endsWith("TAIL")
        .contains("…[" + event.contentOmitted() + " bytes omitted]…");
    assertThat(event.contentOmitted() + kept.getBytes(UTF_8).length)
        .isBetween((long) output.getBytes(UTF_8).length, output.getBytes(UTF_8).length + 64L);
  }

  @Test
  void aRecordOfTooManyValuesStillFits() throws Exception {
    String body =
        "{\"hook_event_name\":\"Odd\",\"session_id\":\"s\",\"n\":["
            + "1,".repeat(2_000_000)
            + "1]}";
    Event event = hooks.events(body.getBytes(UTF_8)).getFirst();
    assertThat(Formats.EVENT.encode(event).length).isLessThanOrEqualTo(Formats.MAX_EVENT_BYTES);
    assertThat(event.contentOmitted()).isPositive();
    assertThat(JSON.readTree(event.content().toByteArray()).isTextual()).isTrue();
  }

  @Test
  void aFloodOfSecretsPathsAndNamesStillFits() throws Exception {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 15_000; i++) {
      text.append(
          "DB_PASSWORD=p4ssw0rd-%05d arn:aws:s3:::bucket-%05d/%s AKIA%016d%n"
              .formatted(i, i, "é".repeat(900), i));
    }
    byte[] body =
        JSON.writeValueAsBytes(
            JSON.createObjectNode()
                .put("hook_event_name", "UserPromptSubmit")
                .put("session_id", "s")
                .put("prompt", text.toString()));
    List<Event> events = hooks.events(body);
    assertThat(events).hasSize(257);
    assertThat(Formats.EVENT.encode(events.getFirst()).length)
        .isLessThanOrEqualTo(Formats.MAX_EVENT_BYTES);
    assertThat(events.getFirst().content().utf8()).doesNotContain("p4ssw0rd-");
  }

  @Test
  void halfASurrogatePairLosesNoEvent() throws Exception {
    assertThat(hooks.events(hook("UserPromptSubmit", "'prompt':'\\ud83d'"))).hasSize(1);
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

  @Test
  void sessionsMayPostAtTheSameTime() throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Future<Integer>> counts = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        counts.add(
            threads.submit(() -> of(replay("http-deny"), Body.ToolCallRefused.class).size()));
      }
      int refused = 0;
      for (Future<Integer> count : counts) {
        refused += count.get();
      }
      // The same session ends eight times; at least one batch met its request, none met it twice.
      assertThat(refused).isBetween(1, 8);
    }
  }

  private void assertRefused(String body, String message) {
    assertThatThrownBy(() -> hooks.events(json(body)))
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith(message);
  }

  private List<Event> replay(String run) throws BadInputException {
    List<Event> events = new ArrayList<>();
    for (byte[] body : Recorded.bodies(run)) {
      events.addAll(hooks.events(body));
    }
    return events;
  }

  private static List<Event> of(List<Event> events, Class<? extends Body> kind) {
    return events.stream().filter(event -> kind.isInstance(event.body())).toList();
  }

  private static List<String> kinds(List<Event> events) {
    return events.stream().map(event -> kind(event)).toList();
  }

  private static String kind(Event event) {
    return event.body().getClass().getSimpleName();
  }

  private static List<String> fingerprints(List<Event> events) {
    return events.getFirst().redactions().stream().map(r -> r.fingerprint()).toList();
  }

  private static Agent agent(Event event) {
    return Objects.requireNonNull(event.actor().agent());
  }

  private static byte[] batch(String response) {
    return hook(
        "PostToolBatch",
        "'tool_calls':[{'tool_name':'Bash','tool_use_id':'t1','tool_input':{},'tool_response':'"
            + response
            + "'}]");
  }

  private static byte[] hook(String name, String fields) {
    return inSession("s", name, fields);
  }

  private static byte[] inSession(String session, String name, String fields) {
    return json("{'session_id':'%s','hook_event_name':'%s',%s}".formatted(session, name, fields));
  }

  private static byte[] json(String text) {
    return text.replace('\'', '"').getBytes(UTF_8);
  }
}
