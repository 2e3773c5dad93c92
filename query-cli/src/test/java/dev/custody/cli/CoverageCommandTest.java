package dev.custody.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.custody.attribution.Attribution;
import dev.custody.attribution.Candidate;
import dev.custody.attribution.Grade;
import dev.custody.event.Agent;
import dev.custody.event.Source;
import dev.custody.index.EventIndex;
import dev.custody.index.Incident;
import dev.custody.wire.Formats;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code custody coverage} says of sessions in a real index. */
class CoverageCommandTest {
  private static final String HOOKS = "claude-code";
  private static final String TELEMETRY = "claude-code-otlp";
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path data;

  private final List<Attribution> heard = new ArrayList<>();
  private String product = HOOKS;
  private Instant start = Instant.now().truncatedTo(ChronoUnit.MILLIS).minusSeconds(3600);

  private void event(
      String session, Source source, long second, String kind, @Nullable String call) {
    Agent agent = new Agent(product, null, "spiffe://local/agent/x/api", session, null);
    heard.add(
        Incident.event(heard.size() + 1, kind)
            .source(source)
            .at(start.plusSeconds(second))
            .action(call == null ? null : "tool:Bash")
            .best(
                new Candidate(
                    agent,
                    Incident.HUMAN,
                    session,
                    "prompt-1",
                    call,
                    null,
                    Grade.CORROBORATED,
                    List.of(),
                    List.of(),
                    null))
            .build());
  }

  private void hook(long second, String kind, @Nullable String call) {
    event("s-1", new Source(HOOKS, kind, null, null), second, kind, call);
  }

  private void telemetry(long second, long number, String kind, @Nullable String call) {
    event("s-1", new Source(TELEMETRY, kind, null, null, number), second, kind, call);
  }

  private void passage(String session, long second, String run, long number) {
    event(
        session,
        new Source("mcp", "x", run + "#" + number, null, number),
        second,
        "Observed",
        null);
  }

  /** A session that both channels told all of, but that it ended. */
  private void whole() {
    hook(0, "SessionStarted", null);
    hook(1, "PromptSubmitted", null);
    telemetry(1, 0, "PromptSubmitted", null);
    hook(2, "ToolCallRequested", "call-a");
    hook(3, "ToolCallCompleted", "call-a");
    telemetry(3, 1, "ToolCallCompleted", "call-a");
  }

  private CommandRun.Result run(String... args) {
    try (EventIndex index = EventIndex.open(data.resolve("index"))) {
      heard.forEach(event -> index.add(event, Formats.ATTRIBUTION.encode(event)));
      index.commit(Map.of());
    }
    List<String> all = new ArrayList<>(List.of("--data", data.toString(), "coverage"));
    all.addAll(List.of(args));
    return CommandRun.run(all.toArray(String[]::new));
  }

  private JsonNode json(String... args) throws Exception {
    List<String> all = new ArrayList<>(List.of(args));
    all.add("--json");
    return JSON.readTree(run(all.toArray(String[]::new)).out());
  }

  @Test
  void aSessionOfWhichAllWasHeardIsWhole() throws Exception {
    whole();
    hook(9, "SessionEnded", null);
    CommandRun.Result result = run();
    assertThat(result.code()).isZero();
    assertThat(result.out())
        .contains("s-1  claude-code for dana@example.test, ended ")
        .containsPattern("HOOKS +\\S+ \\S+ to \\S+ \\S+, 5 events, 1 calls")
        .containsPattern("TELEMETRY +\\S+ \\S+ to \\S+ \\S+, 2 events, 1 calls")
        .containsPattern("PROXY +told nothing")
        .contains("1 calls of tools in 1 prompts")
        .containsPattern("missing +nothing that is known of");
    JsonNode json = json();
    assertThat(json.path("whole").asBoolean()).isTrue();
    assertThat(json.path("calls").asInt()).isEqualTo(1);
    assertThat(json.at("/channels/TELEMETRY/calls").asInt()).isEqualTo(1);
    assertThat(json.path("noStart").asBoolean()).isFalse();
    assertThat(json.path("noEnd").asBoolean()).isFalse();
    assertThat(json.path("settingsChanged")).isEmpty();
  }

  @Test
  void missingLeavesOutWholeSessionsAndAnswersOneWhereNoneIsLeft() {
    whole();
    CommandRun.Result result = run("--missing");
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.out()).contains("nothing is known to be missing");
    hook(20, "ToolCallRequested", "call-b");
    assertThat(run("--missing").code()).isZero();
  }

  @Test
  void whereNoSessionWasHeardOfTheExitCodeIsOne() {
    whole();
    CommandRun.Result result = run("--session", "another");
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.out()).contains("no session was heard of then");
  }

  @Test
  void callsOfOneWitnessAreNamedByTheWitness() throws Exception {
    whole();
    hook(10, "ToolCallRequested", "call-b");
    hook(11, "ToolCallCompleted", "call-b");
    telemetry(13, 2, "ToolCallCompleted", "call-c");
    assertThat(run("--missing").out())
        .contains(
            "1 calls told of by HOOKS alone, though TELEMETRY had told of the session before: call-b")
        .contains(
            "1 calls told of by TELEMETRY alone, though HOOKS had told of the session before: call-c");
    JsonNode json = json();
    assertThat(json.path("hooksOnly").toString()).isEqualTo("[\"call-b\"]");
    assertThat(json.path("telemetryOnly").toString()).isEqualTo("[\"call-c\"]");
    assertThat(json.path("whole").asBoolean()).isFalse();
  }

  @Test
  void oneWitnessIsNotMissedWhereTwoNeverAgreeOnACall() throws Exception {
    product = "gemini-cli";
    whole();
    hook(10, "ToolCallRequested", "minted-call-b");
    hook(11, "ToolCallCompleted", "minted-call-b");
    telemetry(13, 2, "ToolCallCompleted", "bash-1-0");
    assertThat(json().path("whole").asBoolean()).isTrue();
  }

  @Test
  void aCallThatDidNotEndIsNamed() throws Exception {
    whole();
    hook(10, "ToolCallRequested", "call-b");
    assertThat(run().out()).contains("1 calls began and did not end: call-b");
    assertThat(json().path("noResult").toString()).isEqualTo("[\"call-b\"]");
  }

  @Test
  void aPromptThatNothingToldOfIsNamed() throws Exception {
    hook(0, "SessionStarted", null);
    hook(2, "ToolCallRequested", "call-a");
    hook(3, "ToolCallCompleted", "call-a");
    assertThat(run().out()).contains("1 prompts that calls name: prompt-1");
    assertThat(json().path("unknownPrompts").toString()).isEqualTo("[\"prompt-1\"]");
  }

  @Test
  void aHookThatWasMissedIsCountedAndIsNoWordOfHooks() throws Exception {
    telemetry(1, 0, "PromptSubmitted", null);
    event("s-1", new Source(HOOKS, "PreToolUse", "missed.1#1", null), 0, "HookMissed", null);
    telemetry(3, 1, "ToolCallCompleted", "call-a");
    assertThat(run().out())
        .contains("1 hooks found no collector")
        .containsPattern("HOOKS +told nothing")
        .doesNotContain("HOOKS had told");
    JsonNode json = json();
    assertThat(json.path("missedHooks").asInt()).isEqualTo(1);
    assertThat(json.path("telemetryOnly")).isEmpty();
    assertThat(json.path("whole").asBoolean()).isFalse();
  }

  @Test
  void missingNumbersAreNamedByTheirSource() throws Exception {
    whole();
    telemetry(20, 5, "Observed", null);
    assertThat(run().out()).contains("3 records of claude-code-otlp: numbers 2 to 4");
    assertThat(json().at("/missingNumbers/claude-code-otlp").asText()).isEqualTo("2 to 4");
  }

  @Test
  void theNumbersOfAWrappersRunAreLookedAtInAllSessionsThatItSpeaksOf() throws Exception {
    whole();
    passage("mcp:run-aaaa", 4, "run-aaaa", 0);
    passage("s-1", 5, "run-aaaa", 1);
    passage("mcp:run-aaaa", 6, "run-aaaa", 2);
    passage("s-1", 7, "run-aaaa", 3);
    assertThat(json("--session", "s-1").path("whole").asBoolean()).isTrue();
    passage("s-1", 8, "run-bbbb", 0);
    passage("s-1", 9, "run-bbbb", 2);
    assertThat(json("--session", "s-1").path("missingNumbers").toString())
        .isEqualTo("{\"mcp:run-bbbb\":\"1\"}");
  }

  @Test
  void filtersChooseSessionsAndEachIsLookedAtAsAWhole() throws Exception {
    whole();
    JsonNode json = json("--kind", "ToolCallRequested");
    assertThat(json.path("whole").asBoolean()).isTrue();
    assertThat(json.at("/channels/HOOKS/events").asInt()).isEqualTo(4);
  }

  @Test
  void aSessionWithoutAStartOrKilledWithoutAnEndSaysSo() throws Exception {
    start = Instant.now().minusSeconds(2 * 86_400);
    hook(1, "PromptSubmitted", null);
    hook(2, "ToolCallRequested", "call-a");
    hook(3, "ToolCallCompleted", "call-a");
    assertThat(run().out())
        .contains("its start: no hook told of it")
        .contains("its end: nothing was heard for a day, and no end");
    JsonNode json = json();
    assertThat(json.path("noStart").asBoolean()).isTrue();
    assertThat(json.path("noEnd").asBoolean()).isTrue();
  }

  @Test
  void anAgentThatHasNoHookForAnEndMissesNone() throws Exception {
    product = "opencode";
    start = Instant.now().minusSeconds(2 * 86_400);
    whole();
    JsonNode json = json();
    assertThat(json.path("noEnd").asBoolean()).isFalse();
    assertThat(json.path("noStart").asBoolean()).isFalse();
  }

  @Test
  void aChangeOfSettingsIsShownAndMissesNothing() throws Exception {
    whole();
    hook(5, "ConfigurationChanged", null);
    assertThat(run().out()).containsPattern("settings +changed 1 times, last ");
    assertThat(json().path("settingsChanged").path(0).asText())
        .isEqualTo(heard.getLast().occurredAt().toString());
    assertThat(json().path("whole").asBoolean()).isTrue();
  }
}
