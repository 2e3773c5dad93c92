package dev.custody.source.otlp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.custody.event.Body;
import dev.custody.event.Event;
import dev.custody.event.IdentifierKind;
import dev.custody.event.Outcome;
import dev.custody.event.ToolProviderKind;
import dev.custody.wire.Formats;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

/** What recorded telemetry of real agents becomes. */
final class TelemetryMappingTest {
  static final List<String> RUNS = Recordings.JSON_RUNS;
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> SECRETS =
      List.of(
          "harnessFakeSecretKey00000000000000000001",
          "harness-fake-password",
          "sk_test_HARNESSFAKE0000000000000000");

  private static List<Event> events(String run) throws Exception {
    return new Intake().takeAll(Recordings.of(run));
  }

  private static Map<String, Long> counts(List<Event> events) {
    return events.stream()
        .filter(e -> !(e.body() instanceof Body.Observed))
        .collect(Collectors.groupingBy(e -> e.body().name(), TreeMap::new, Collectors.counting()));
  }

  private static List<Event> ofKind(List<Event> events, Class<? extends Body> kind) {
    return events.stream().filter(e -> kind.isInstance(e.body())).toList();
  }

  @ParameterizedTest
  @FieldSource("RUNS")
  void everyRecordedRequestIsTakenWhole(String run) throws Exception {
    Intake intake = new Intake();
    for (Recordings.Request request : Recordings.of(run)) {
      OtlpReceiver.Taken taken = intake.take(request);
      assertThat(taken.refused()).as("%s %s", run, taken.why()).isZero();
      assertThat(taken.repeated()).isZero();
    }
  }

  @ParameterizedTest
  @FieldSource("RUNS")
  void noSecretOfARecordedSessionIsInAnyEncodedEvent(String run) throws Exception {
    for (Event event : events(run)) {
      String encoded = new String(Formats.EVENT.encode(event), ISO_8859_1);
      for (String secret : SECRETS) {
        assertThat(encoded).as("%s of %s", event.body(), run).doesNotContain(secret);
      }
    }
  }

  @ParameterizedTest
  @FieldSource("RUNS")
  void everyEventDecodesToItself(String run) throws Exception {
    for (Event event : events(run)) {
      assertThat(Formats.EVENT.decode(Formats.EVENT.encode(event))).isEqualTo(event);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "claude-code-incident | {PromptSubmitted=1, SecretObserved=2, ToolCallCompleted=10,"
            + " ToolCallDecided=5}",
        "claude-code-full | {PromptSubmitted=2, SecretObserved=4, SubagentEnded=1,"
            + " ToolCallCompleted=22, ToolCallDecided=11}",
        "claude-code-http-deny | {PromptSubmitted=1, ToolCallDecided=1}",
        "claude-code-defaults | {PromptSubmitted=2, SubagentEnded=1, ToolCallCompleted=11,"
            + " ToolCallDecided=11}",
        "claude-code-2.1.197 | {PromptSubmitted=1, SecretObserved=4, ToolCallCompleted=22,"
            + " ToolCallDecided=11}",
        "claude-code-rare-events | {PromptSubmitted=3, SubagentEnded=1, ToolCallCompleted=20,"
            + " ToolCallDecided=10}",
        "claude-code-api-error | {PromptSubmitted=1, ToolCallCompleted=2, ToolCallDecided=1}",
        "claude-code-permission-request | {PromptSubmitted=1, ToolCallDecided=1}",
        "codex | {PromptSubmitted=2, SecretObserved=4, SessionStarted=1, SubagentStarted=1,"
            + " ToolCallCompleted=11, ToolCallDecided=8}",
        "gemini-cli | {PromptSubmitted=1, SecretObserved=77, SessionStarted=1, SubagentEnded=1,"
            + " SubagentStarted=1, ToolCallCompleted=24}",
        "opencode | {SecretObserved=4, SessionStarted=2, ToolCallCompleted=20,"
            + " ToolCallDecided=15}",
      })
  void aRecordedRunBecomes(String run, String expected) throws Exception {
    assertThat(counts(events(run)).toString()).isEqualTo(expected.strip());
  }

  @ParameterizedTest
  @CsvSource({
    "claude-code-incident,incident",
    "claude-code-full,full",
    "claude-code-2.1.197,2.1.197-full",
    "claude-code-rare-events,rare-events",
    "claude-code-api-error,api-error",
    "claude-code-permission-request,permission-request"
  })
  void telemetryAndHooksOfClaudeCodeNameTheSameSessionPromptsAndCalls(String run, String hooks)
      throws Exception {
    Set<String> sessions = new HashSet<>();
    Set<String> prompts = new HashSet<>();
    Set<String> calls = new HashSet<>();
    hooks("/claude-code/" + hooks + ".jsonl")
        .forEach(hook -> {
          sessions.add(hook.path("session_id").asText());
          prompts.add(hook.path("prompt_id").asText());
          calls.add(hook.path("tool_use_id").asText());
        });
    Set<String> told = new HashSet<>();
    for (Event event : events(run)) {
      assertThat(event.session()).isIn(sessions);
      if (event.prompt() != null) {
        assertThat(event.prompt()).isIn(prompts);
      }
      if (event.toolCall() != null) {
        told.add(event.toolCall());
      }
    }
    assertThat(told).isNotEmpty().isSubsetOf(calls);
  }

  private static List<JsonNode> hooks(String resource) throws Exception {
    try (InputStream in = TelemetryMappingTest.class.getResourceAsStream(resource)) {
      List<JsonNode> all = new ArrayList<>();
      for (String line :
          new String(Objects.requireNonNull(in, resource).readAllBytes(), UTF_8).lines().toList()) {
        all.add(JSON.readTree(line));
      }
      return all;
    }
  }

  @ParameterizedTest
  @FieldSource("RUNS")
  void noRecordOfClaudeCodeIsDroppedAndEachKeepsItsName(String run) throws Exception {
    if (!run.startsWith("claude-code")) {
      return;
    }
    List<String> sent = new ArrayList<>();
    for (Recordings.Request request : Recordings.of(run)) {
      JsonNode body = JSON.readTree(request.body());
      for (JsonNode record : body.findValues("logRecords")) {
        record.forEach(log -> sent.add(name(log)));
      }
      for (JsonNode spans : body.findValues("spans")) {
        spans.forEach(span -> sent.add(span.path("name").textValue()));
      }
    }
    assertThat(sent).isNotEmpty().doesNotContainNull().doesNotContain("");
    List<String> told =
        events(run).stream()
            .filter(e -> !(e.body() instanceof Body.SecretObserved))
            .map(e -> e.source().event())
            .toList();
    assertThat(told).containsExactlyInAnyOrderElementsOf(sent);
  }

  private static String name(JsonNode log) {
    for (JsonNode attribute : log.path("attributes")) {
      if (attribute.path("key").asText().equals("event.name")) {
        return attribute.at("/value/stringValue").asText();
      }
    }
    return "";
  }

  @Test
  void aRejectedCallIsNeverToldAsCompletedWhicheverOfItsSpansComesWhen() throws Exception {
    String run = "claude-code-permission-request";
    List<Event> refused = events(run);
    Event decided = ofKind(refused, Body.ToolCallDecided.class).getFirst();
    assertThat(decided.body()).isEqualTo(new Body.ToolCallDecided("Bash", "reject", "config"));
    assertThat(decided.outcome()).isEqualTo(Outcome.DENIED);
    assertThat(refused)
        .filteredOn(e -> "claude_code.tool".equals(e.source().event()))
        .singleElement()
        .satisfies(e -> {
          assertThat(e.body()).isEqualTo(new Body.Observed("claude_code.tool"));
          assertThat(e.toolCall()).isEqualTo(decided.toolCall());
        });
    // An agent's exporter may cut a batch anywhere between the two.
    Intake one = new Intake();
    for (Recordings.Request request : Recordings.of(run)) {
      for (Recordings.Request single : singly(request)) {
        OtlpReceiver.Taken _ = one.take(single);
      }
    }
    assertThat(counts(one.events)).isEqualTo(counts(refused));
  }

  /** The same spans, in the order of their ends, each in a request of its own. */
  private static List<Recordings.Request> singly(Recordings.Request request) throws Exception {
    if (request.signal() != Signal.TRACES) {
      return List.of(request);
    }
    List<JsonNode> spans = new ArrayList<>();
    JsonNode whole = JSON.readTree(request.body());
    whole.findValues("spans").forEach(some -> some.forEach(spans::add));
    spans.sort(java.util.Comparator.comparing(s -> s.path("endTimeUnixNano").asText()));
    List<Recordings.Request> requests = new ArrayList<>();
    for (JsonNode span : spans) {
      ObjectNode copy = whole.deepCopy();
      ObjectNode resource = (ObjectNode) copy.path("resourceSpans").path(0);
      ObjectNode scope = (ObjectNode) resource.path("scopeSpans").path(0);
      scope.putArray("spans").add(span);
      resource.putArray("scopeSpans").add(scope);
      copy.putArray("resourceSpans").add(resource);
      requests.add(
          new Recordings.Request(
              "one span", Signal.TRACES, Encoding.JSON, JSON.writeValueAsBytes(copy)));
    }
    return requests;
  }

  @ParameterizedTest
  @CsvSource({
    "claude-code-incident",
    "claude-code-full",
    "claude-code-2.1.197",
    "claude-code-rare-events",
    "claude-code-api-error",
    "claude-code-permission-request"
  })
  void claudeCodesOwnCounterHasNoGap(String run) throws Exception {
    List<Long> counted =
        events(run).stream()
            .map(e -> e.source().sequence())
            .filter(Objects::nonNull)
            .sorted()
            .toList();
    assertThat(counted.getFirst()).isZero();
    assertThat(counted).doesNotHaveDuplicates();
    assertThat(counted.getLast()).isEqualTo(counted.size() - 1L);
  }

  @Test
  void theCommitThatAToolMadeIsNamedInFull() throws Exception {
    assertThat(
            events("claude-code-incident").stream()
                .flatMap(e -> e.identifiers().stream())
                .filter(i -> i.kind() == IdentifierKind.GIT_COMMIT)
                .map(i -> i.value()))
        .containsExactly("d6256e0e2de70dae5517ce2ccb6da32570d5b06f");
  }

  @Test
  void theOutputInASpanShowsTheKeyThatTheToolPrinted() throws Exception {
    Event shown =
        ofKind(events("claude-code-incident"), Body.ToolCallCompleted.class).stream()
            .filter(e -> "claude_code.tool".equals(e.source().event()))
            .filter(e ->
                e.identifiers().stream()
                    .anyMatch(i -> i.kind() == IdentifierKind.AWS_ACCESS_KEY_ID))
            .findFirst()
            .orElseThrow();
    assertThat(shown.toolCall()).isEqualTo("toolu_01djPFxo1pkONu4uKdFP4TII");
    assertThat(shown.trace()).isNotNull();
    assertThat(shown.trace().traceId()).isEqualTo("98ad1d0a1e52217f09ed27981f5c2007");
    assertThat(shown.trace().spanId()).isEqualTo("287696129e707ad4");
    assertThat(shown.occurredAt().toString()).isEqualTo("2026-11-22T06:59:03.460Z");
  }

  @Test
  void aDecisionIsToldInTheAgentsWordsAndOnlyADenialHasAnOutcome() throws Exception {
    List<Event> denied = ofKind(events("claude-code-http-deny"), Body.ToolCallDecided.class);
    assertThat(denied).hasSize(1);
    assertThat(denied.getFirst().body())
        .isEqualTo(new Body.ToolCallDecided("Bash", "reject", "hook"));
    assertThat(denied.getFirst().outcome()).isEqualTo(Outcome.DENIED);
    for (Event event : ofKind(events("codex"), Body.ToolCallDecided.class)) {
      assertThat(((Body.ToolCallDecided) event.body()).decision()).isEqualTo("approved");
      assertThat(((Body.ToolCallDecided) event.body()).decidedBy()).isEqualTo("Config");
      assertThat(event.outcome()).isEqualTo(Outcome.UNKNOWN);
    }
  }

  @Test
  void aServersToolHasTheNameThatItsHooksGiveIt() throws Exception {
    for (String run : List.of("claude-code-full", "codex")) {
      assertThat(ofKind(events(run), Body.ToolCallCompleted.class))
          .as(run)
          .anySatisfy(event -> {
            assertThat(event.action()).isEqualTo("tool:mcp__fs__list_directory");
            assertThat(event.toolProvider()).isNotNull();
            assertThat(event.toolProvider().kind()).isEqualTo(ToolProviderKind.MCP_SERVER);
            assertThat(event.toolProvider().name()).isEqualTo("fs");
          });
    }
  }

  @Test
  void aPromptThatIsNotSentHasNoKnownOriginAndANotificationIsNoHumans() throws Exception {
    assertThat(ofKind(events("claude-code-defaults"), Body.PromptSubmitted.class))
        .extracting(e -> ((Body.PromptSubmitted) e.body()).origin())
        .containsOnly(Body.PromptOrigin.UNKNOWN);
    assertThat(ofKind(events("claude-code-full"), Body.PromptSubmitted.class))
        .extracting(e -> ((Body.PromptSubmitted) e.body()).origin())
        .containsExactly(Body.PromptOrigin.HUMAN, Body.PromptOrigin.NOTIFICATION);
  }

  @Test
  void aSubAgentOfCodexIsOfItsParentsSession() throws Exception {
    String session = "01a201ca-cbfb-7511-8608-e2de7e050bf3";
    String child = "01a201ca-d359-7791-ba80-2bb07e818b7f";
    Set<String> calls = new HashSet<>();
    Intake hooked = new Intake();
    hooked.places.belongs("codex", child, session);
    for (Event event : hooked.takeAll(Recordings.of("codex"))) {
      if (event.session() != null) {
        assertThat(event.session()).isEqualTo(session);
      }
      if (child.equals(subAgent(event)) && event.toolCall() != null) {
        calls.add(event.toolCall());
      }
    }
    assertThat(calls).containsExactly("call_PnVUqAfCu8r0St8u4Yv0tz");
    // Without hooks it is known once the call that spawned it has told of it.
    assertThat(ofKind(events("codex"), Body.ToolCallCompleted.class))
        .extracting(Event::session)
        .containsOnly(session);
    assertThat(
            ofKind(events("codex"), Body.PromptSubmitted.class).stream()
                .filter(e -> child.equals(subAgent(e)))
                .map(e -> ((Body.PromptSubmitted) e.body()).origin()))
        .containsExactly(Body.PromptOrigin.UNKNOWN);
  }

  private static @Nullable String subAgent(Event event) {
    return event.actor().agent() == null ? null : event.actor().agent().subAgent();
  }

  @Test
  void everyCallThatAnOpencodePluginSawIsInItsSpansButThoseOfServers() throws Exception {
    Set<String> sessions = new HashSet<>();
    List<Event> calls = ofKind(events("opencode"), Body.ToolCallCompleted.class);
    calls.forEach(e -> sessions.add(e.session()));
    assertThat(sessions)
        .containsExactlyInAnyOrder(
            "ses_dfe34f660ffe20tjExEcawR572", "ses_dfe34d897ffeAVhkEDttaWVE4T");
    assertThat(calls.stream().map(Event::toolCall).distinct())
        .hasSize(10)
        .contains("call_JrzaAx0LS7S9YM0vGOAfgw", "call_8s8H0J852hrFEK0Yz9ykua");
  }

  @Test
  void theVersionOfWhatAnAgentRunsOnIsNotItsOwn() throws Exception {
    assertThat(events("gemini-cli")).allMatch(e -> e.source().version() == null);
    assertThat(events("codex")).allMatch(e -> "0.169.0".equals(e.source().version()));
  }
}
