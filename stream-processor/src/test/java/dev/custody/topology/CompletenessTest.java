package dev.custody.topology;

import static dev.custody.topology.World.at;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.custody.event.Body;
import dev.custody.event.Body.PromptOrigin;
import dev.custody.event.Source;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What should have been heard of a session, or of a collector, and was not. */
class CompletenessTest {
  private static final Source HOOK = new Source("claude-code", null, null, null);
  private static final String ONE_WITNESS = "A tool call was told of by one channel only";
  private static final String NO_RESULT = "A tool call never came back";
  private static final String NO_PROMPT = "Tool calls without a prompt";
  private static final String NUMBERS = "Records of an agent's telemetry are missing";

  @TempDir Path directory;
  private World world;
  private World.Collector laptop;
  private World.Session session;
  private int runs;

  @BeforeEach
  void found() throws Exception {
    world = new World(directory.resolve("org"));
    laptop = world.collector();
    session = laptop.session("one");
  }

  private Run run() {
    return new Run(world, directory.resolve("state-" + runs++));
  }

  private static Source telemetry(long number) {
    return new Source("claude-code-otlp", "x", null, null, number);
  }

  private void hook(double at, @Nullable String call, Body body) {
    session.heard(HOOK, at(at), at(at), call, body);
  }

  private void telemetry(double at, double seen, long number, @Nullable String call, Body body) {
    session.heard(telemetry(number), at(at), at(seen), call, body);
  }

  private void prompted() {
    hook(1, null, new Body.PromptSubmitted(PromptOrigin.HUMAN));
    telemetry(1, 6, 0, null, new Body.PromptSubmitted(PromptOrigin.HUMAN));
  }

  private void called(double at, String call) {
    hook(at, call, new Body.ToolCallRequested("Bash"));
    hook(at + 1, call, new Body.ToolCallCompleted("Bash", 1000L));
  }

  private List<String> titles(Run run) {
    return run.findings().values().stream()
        .filter(f -> f.path("status_id").asInt() != 4)
        .map(f -> f.at("/finding_info/title").asText())
        .toList();
  }

  private List<String> findings() throws Exception {
    try (Run run = run()) {
      run.feed(laptop.stored());
      run.passTime();
      return titles(run);
    }
  }

  @Test
  void aSessionOfWhichAllWasHeardHasNoFinding() throws Exception {
    prompted();
    called(10, "call-a");
    telemetry(11, 16, 1, "call-a", new Body.ToolCallCompleted("Bash", 1000L));
    hook(20, null, new Body.SessionEnded("exit"));
    assertThat(findings()).isEmpty();
  }

  @Test
  void aCallThatHooksAloneToldOfIsAFinding() throws Exception {
    prompted();
    called(10, "call-a");
    assertThat(findings()).containsExactly(ONE_WITNESS);
  }

  @Test
  void aCallThatTelemetryAloneToldOfIsAFinding() throws Exception {
    prompted();
    telemetry(11, 16, 1, "call-a", new Body.ToolCallCompleted("Bash", 1000L));
    assertThat(findings()).containsExactly(ONE_WITNESS);
  }

  @Test
  void aChannelThatNeverToldAnythingBeforeIsNotMissed() throws Exception {
    hook(1, null, new Body.PromptSubmitted(PromptOrigin.HUMAN));
    called(10, "call-a");
    telemetry(20, 25, 0, null, new Body.Observed("api_request"));
    assertThat(findings()).isEmpty();
  }

  @Test
  void aRefusedCallIsNotMissedInTelemetry() throws Exception {
    prompted();
    hook(10, "call-a", new Body.ToolCallRefused("Read", "permission-rule"));
    assertThat(findings()).isEmpty();
  }

  @Test
  void telemetryThatComesLateClosesTheFinding() throws Exception {
    prompted();
    called(10, "call-a");
    try (Run run = run()) {
      run.feed(laptop.stored());
      run.passTime();
      assertThat(titles(run)).containsExactly(ONE_WITNESS);
      int before = laptop.stored().size();
      telemetry(11, 4000, 1, "call-a", new Body.ToolCallCompleted("Bash", 1000L));
      run.feed(laptop.stored().subList(before, laptop.stored().size()));
      assertThat(titles(run)).isEmpty();
    }
  }

  @Test
  void nothingIsSaidBeforeTheGraceIsOver() throws Exception {
    prompted();
    called(10, "call-a");
    hook(600, null, new Body.Observed("Stop"));
    try (Run run = run()) {
      run.feed(laptop.stored());
      assertThat(titles(run)).isEmpty();
    }
  }

  @Test
  void aCallThatNeverCameBackIsAFindingOnceTheSessionIsOver() throws Exception {
    prompted();
    hook(10, "call-a", new Body.ToolCallRequested("Bash"));
    telemetry(10, 16, 1, "call-a", new Body.ToolCallDecided("Bash", "accept", "config"));
    hook(20, null, new Body.SessionEnded("exit"));
    assertThat(findings()).containsExactly(NO_RESULT);
  }

  @Test
  void aCallThatNeverCameBackIsAFindingAfterADayOfAKilledSession() throws Exception {
    prompted();
    hook(10, "call-a", new Body.ToolCallRequested("Bash"));
    try (Run run = run()) {
      run.feed(laptop.stored());
      World.Collector other = world.collector();
      World.Session later = other.session("two");
      later.heard(HOOK, at(80_000), at(80_000), null, new Body.Observed("Stop"));
      run.feed(other.stored());
      assertThat(titles(run)).doesNotContain(NO_RESULT);
      int before = other.stored().size();
      later.heard(HOOK, at(90_000), at(90_000), null, new Body.Observed("Stop"));
      run.feed(other.stored().subList(before, other.stored().size()));
      assertThat(titles(run)).contains(NO_RESULT);
    }
  }

  @Test
  void aPromptThatNothingToldOfIsAFinding() throws Exception {
    called(10, "call-a");
    assertThat(findings()).containsExactly(NO_PROMPT);
  }

  @Test
  void aMissingPromptNamesTheChannelThatToldOfItsCalls() throws Exception {
    telemetry(10, 12, 0, "call-a", new Body.ToolCallRequested("Bash"));
    telemetry(11, 12, 1, "call-a", new Body.ToolCallCompleted("Bash", 1000L));
    try (Run run = run()) {
      run.feed(laptop.stored());
      run.passTime();
      assertThat(titles(run)).containsExactly(NO_PROMPT);
      assertThat(run.findings().values().iterator().next().toString()).doesNotContain("HOOKS");
    }
  }

  @Test
  void aHookThatWasMissedIsNoWordOfHooks() throws Exception {
    hook(1, null, new Body.HookMissed("SessionStart"));
    telemetry(1, 6, 0, null, new Body.PromptSubmitted(PromptOrigin.HUMAN));
    telemetry(11, 16, 1, "call-a", new Body.ToolCallCompleted("Bash", 1000L));
    assertThat(findings()).doesNotContain(ONE_WITNESS);
  }

  @Test
  void missingNumbersAreAFindingThatNamesThemAndClosesWhenTheyCome() throws Exception {
    hook(1, null, new Body.PromptSubmitted(PromptOrigin.HUMAN));
    telemetry(1, 6, 0, null, new Body.Observed("a"));
    telemetry(2, 6, 1, null, new Body.Observed("b"));
    telemetry(9, 12, 5, null, new Body.Observed("c"));
    try (Run run = run()) {
      run.feed(laptop.stored());
      run.passTime();
      assertThat(titles(run)).containsExactly(NUMBERS);
      JsonNode finding = run.findings().values().iterator().next();
      assertThat(finding.at("/evidences/0/data/summary").asText())
          .isEqualTo("3 records of claude-code-otlp are missing: numbers 2 to 4");
      int before = laptop.stored().size();
      for (long number = 2; number <= 4; number++) {
        telemetry(3, 4000, number, null, new Body.Observed("d"));
      }
      run.feed(laptop.stored().subList(before, laptop.stored().size()));
      assertThat(titles(run)).isEmpty();
    }
  }

  private static Source passage(String run, long number) {
    return new Source("mcp", "tools/call", run + "#" + number, null, number);
  }

  @Test
  void aGapOfOneRunOfTheWrapperIsNotHiddenByTheNumbersOfAnother() throws Exception {
    for (int number = 0; number < 6; number++) {
      if (number != 3) {
        session.heard(
            passage("run-aaaa", number), at(number), at(number), null, new Body.Observed("x"));
      }
      session.heard(
          passage("run-bbbb", number), at(number), at(number), null, new Body.Observed("x"));
    }
    try (Run run = run()) {
      run.feed(laptop.stored());
      run.passTime();
      assertThat(titles(run)).containsExactly(NUMBERS);
      JsonNode finding = run.findings().values().iterator().next();
      assertThat(finding.at("/evidences/0/data/summary").asText())
          .isEqualTo("1 records of mcp:run-aaaa are missing: numbers 3");
      assertThat(finding.at("/metadata/correlation_uid").asText()).isEqualTo("session:one");
    }
  }

  @Test
  void aRunWhoseMessagesBelongToSeveralSessionsMissesNone() throws Exception {
    World.Session own = laptop.session("mcp:run-aaaa");
    for (int number = 0; number < 8; number++) {
      (number % 3 == 1 ? session : number % 3 == 2 ? laptop.session("two") : own)
          .heard(passage("run-aaaa", number), at(number), at(number), null, new Body.Observed("x"));
    }
    assertThat(findings()).isEmpty();
  }

  @Test
  void aMissedHookIsAFindingAtOnce() throws Exception {
    hook(1, null, new Body.HookMissed("PreToolUse"));
    try (Run run = run()) {
      run.feed(laptop.stored());
      assertThat(titles(run)).containsExactly("An agent worked while no collector listened");
    }
  }

  @Test
  void findingsAreTheSameInWhateverOrderChainsArrive() throws Exception {
    World.Collector other = world.collector();
    World.Session elsewhere = other.session("one");
    prompted();
    called(10, "call-a");
    called(30, "call-b");
    hook(40, "call-c", new Body.ToolCallRequested("Bash"));
    hook(50, null, new Body.SessionEnded("exit"));
    elsewhere.heard(
        telemetry(3), at(11), at(2000), "call-a", new Body.ToolCallCompleted("Bash", 1L));
    elsewhere.heard(telemetry(7), at(40), at(3000), "call-c", new Body.Observed("x"));
    List<World.Stored> both = new ArrayList<>(laptop.stored());
    both.addAll(other.stored());
    Map<String, String> expected = finalState(both);
    long seed = System.nanoTime();
    for (int round = 0; round < 20; round++) {
      assertThat(finalState(shuffled(new Random(seed + round), laptop, other)))
          .as("seed %d", seed + round)
          .isEqualTo(expected);
    }
  }

  private Map<String, String> finalState(List<World.Stored> records) {
    try (Run run = run()) {
      run.feed(records);
      run.passTime();
      return run.finalState();
    }
  }

  private static List<World.Stored> shuffled(Random random, World.Collector... chains) {
    List<Integer> turns = new ArrayList<>();
    for (int c = 0; c < chains.length; c++) {
      turns.addAll(Collections.nCopies(chains[c].stored().size(), c));
    }
    Collections.shuffle(turns, random);
    int[] next = new int[chains.length];
    List<World.Stored> all = new ArrayList<>();
    turns.forEach(c -> all.add(chains[c].stored().get(next[c]++)));
    return all;
  }

  @Test
  void aCollectorThatStopsWithoutSayingSoIsSilentAndOneThatSaysSoIsNot() throws Exception {
    World.Collector killed = world.collector();
    alive(killed, at(0));
    stop(laptop, at(60));
    try (Run run = run()) {
      run.feed(killed.stored());
      run.feed(laptop.stored());
      run.passTime();
      assertThat(run.silences()).hasSize(1);
      assertThat(run.silences().getFirst().at("/metadata/correlation_uid").asText())
          .isEqualTo("chain:" + chainOf(killed));
    }
  }

  @Test
  void aPauseOfMoreThanFiveMinutesIsToldWithItsLength() throws Exception {
    alive(laptop, at(60));
    alive(laptop, at(60 + 299));
    alive(laptop, at(60 + 299 + 600));
    stop(laptop, at(1000));
    try (Run run = run()) {
      run.feed(laptop.stored());
      run.passTime();
      assertThat(run.silences()).hasSize(1);
      assertThat(run.silences().getFirst().at("/evidences/0/data/summary").asText())
          .isEqualTo("nothing was heard for 10 minutes after #2");
    }
  }

  private static void alive(World.Collector collector, Instant at) {
    collector.own(at, new Body.CollectorHeartbeat(1, 0, 0));
  }

  private static void stop(World.Collector collector, Instant at) {
    collector.own(at, new Body.CollectorStopped(1, dev.custody.digest.Digest.ZERO));
  }

  private static String chainOf(World.Collector collector) {
    return java.util.HexFormat.of().formatHex(collector.stored().getFirst().key().toByteArray());
  }
}
