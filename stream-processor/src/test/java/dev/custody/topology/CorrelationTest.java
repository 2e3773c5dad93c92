package dev.custody.topology;

import static dev.custody.topology.World.KEY;
import static dev.custody.topology.World.at;
import static dev.custody.topology.World.key;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.custody.event.Event;
import dev.custody.event.Identifier;
import dev.custody.event.IdentifierKind;
import dev.custody.sigma.RuleSet;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Correlations in the graph: what is counted, by whom it was done, and what is told. */
class CorrelationTest {
  private static final String BASE =
      """
      title: A cloud call
      name: cloud_call
      logsource: {product: custody, category: agent_event}
      detection:
        call: {custody.kind: CloudCall}
        condition: call
      ---
      title: A tool call came back
      name: tool_result
      logsource: {product: custody, category: agent_event}
      detection:
        call: {custody.kind: ToolCallCompleted}
        condition: call
      ---
      title: Something was committed
      name: commit
      logsource: {product: custody, category: agent_event}
      detection:
        commit: {custody.kind: CommitCreated}
        condition: commit
      """;

  private static final String CALLS_OF_A_SESSION =
      """
      ---
      title: Two cloud calls of a session
      id: calls-of-a-session
      level: high
      correlation:
        type: event_count
        rules: [cloud_call]
        group-by: [custody.session]
        timespan: 10m
        condition: {gte: 2}
      """;

  private static final String RESULTS_THEN_COMMIT =
      """
      ---
      title: Two results of a session
      name: results
      correlation:
        type: event_count
        rules: [tool_result]
        group-by: [custody.session]
        timespan: 5m
        condition: {gte: 2}
      ---
      title: A commit after two results
      id: results-then-commit
      level: medium
      correlation:
        type: temporal_ordered
        rules: [results, commit]
        group-by: [custody.session]
        timespan: 10m
      """;

  private static final String ONE_RESULT =
      """
      ---
      title: One result and no more
      id: one-result
      level: low
      correlation:
        type: event_count
        rules: [tool_result]
        group-by: [custody.session]
        timespan: 5m
        condition: {eq: 1}
      """;

  @TempDir Path directory;
  private World world;
  private int runs;

  @BeforeEach
  void found() throws Exception {
    world = new World(directory.resolve("org"));
  }

  private Run run(String... documents) {
    byte[] rules = (BASE + String.join("", documents)).getBytes(StandardCharsets.UTF_8);
    RuleSet set = RuleSet.of(Map.of("rules.yml", rules));
    return new Run(world, directory.resolve("state-" + runs++), set);
  }

  /** A session that comes by a key, and two calls with it that are imported later. */
  private List<World.Collector> twoCalls() throws Exception {
    World.Collector laptop = world.collector();
    World.Collector importer = world.collector();
    World.Session session = laptop.session("one");
    session.requested(at(10), "call-a", "aws s3 ls");
    session.completed(at(11), "call-a", "aws s3 ls", "shown", key(KEY));
    importer.cloudCall(at(12), at(900), "s3:ListBuckets", "", key(KEY));
    importer.cloudCall(at(40), at(901), "s3:GetObject", "arn:aws:s3:::b/k", key(KEY));
    session.completed(at(41), "call-b", "aws s3 cp s3://b/k .", "");
    return List.of(laptop, importer);
  }

  private static List<World.Stored> inTurns(List<World.Collector> chains, Random random) {
    List<Integer> turns = new ArrayList<>();
    List<List<World.Stored>> left = new ArrayList<>();
    for (int i = 0; i < chains.size(); i++) {
      left.add(new ArrayList<>(chains.get(i).stored()));
      turns.addAll(Collections.nCopies(left.get(i).size(), i));
    }
    Collections.shuffle(turns, random);
    List<World.Stored> all = new ArrayList<>();
    turns.forEach(turn -> all.add(left.get(turn).removeFirst()));
    return all;
  }

  private static List<JsonNode> open(Run run) {
    // Base rules that the correlations at hand do not look at tell for themselves, with no level.
    return run.findings().values().stream()
        .filter(f -> f.path("status_id").asInt() != 4 && f.path("severity_id").asInt() != 0)
        .toList();
  }

  private static List<String> titles(Run run) {
    return open(run).stream().map(f -> f.at("/finding_info/title").asText()).sorted().toList();
  }

  private static Set<String> evidence(JsonNode finding) {
    Set<String> events = new TreeSet<>();
    finding.path("evidences").forEach(e -> events.add(e.at("/data/event_id").asText()));
    return events;
  }

  @Test
  void callsAreCountedForTheSessionThatTheyAreAttributedToWhicheverComesFirst() throws Exception {
    List<World.Collector> chains = twoCalls();
    long seed = System.nanoTime();
    System.out.println("CorrelationTest: seed " + seed);
    for (int round = 0; round < 6; round++) {
      try (Run run = run(CALLS_OF_A_SESSION)) {
        run.feed(inTurns(chains, new Random(seed + round)));
        assertThat(titles(run))
            .as("seed %d", seed + round)
            .containsExactly("Two cloud calls of a session");
        JsonNode finding = open(run).getFirst();
        assertThat(evidence(finding)).hasSize(2);
        assertThat(finding.path("severity_id").asInt()).isEqualTo(4);
        assertThat(finding.at("/metadata/correlation_uid").asText()).contains("one");
        assertThat(finding.at("/evidences/0/actor/session/uid").asText()).isEqualTo("one");
      }
    }
  }

  @Test
  void whatIsKnownOnceAnActIsAttributedCanBeGroupedByAndCounted() throws Exception {
    String rules =
        """
        ---
        title: A use of a delegation
        name: use
        logsource: {product: custody, category: delegation_use}
        detection:
          use: {event.kind: CloudCall}
          condition: use
        ---
        title: Two calls with one key
        id: two-calls-with-one-key
        level: high
        correlation:
          type: value_count
          rules: [use]
          group-by: [identifiers.AWS_ACCESS_KEY_ID, delegation.verdict]
          timespan: 10m
          condition: {field: event.action, gte: 2}
        """;
    try (Run run = run(rules)) {
      run.feed(inTurns(twoCalls(), new Random(1)));
      assertThat(titles(run)).containsExactly("Two calls with one key");
      assertThat(open(run).getFirst().at("/metadata/correlation_uid").asText())
          .isEqualTo("identifiers.AWS_ACCESS_KEY_ID:" + KEY + "; delegation.verdict:NONE");
    }
  }

  @Test
  void anEventStaysInAGroupByItsRuleWhenTheMatchThatItCompletedGoes() throws Exception {
    String rules =
        """
        ---
        title: Three results
        name: three_results
        correlation:
          type: event_count
          rules: [tool_result]
          group-by: [custody.session]
          timespan: 5m
          condition: {gte: 3}
        ---
        title: Last result
        name: last_result
        logsource: {product: custody, category: agent_event}
        detection:
          last: {custody.tool_call: call-3}
          kind: {custody.kind: ToolCallCompleted}
          condition: last and kind
        ---
        title: Three results and the last one
        id: three-and-last
        level: high
        correlation:
          type: temporal
          rules: [three_results, last_result]
          group-by: [custody.session]
          timespan: 5m
        """;
    World.Collector laptop = world.collector();
    World.Session session = laptop.session("one");
    for (int i = 1; i <= 3; i++) {
      session.completed(at(10 + i), "call-" + i, "ls", "");
    }
    World.Collector late = world.collector();
    late.session("one").completed(at(10), "call-0", "ls", "");
    for (boolean first : new boolean[] {true, false}) {
      List<World.Stored> records = new ArrayList<>(first ? late.stored() : laptop.stored());
      records.addAll(first ? laptop.stored() : late.stored());
      try (Run run = run(rules)) {
        run.feed(records);
        assertThat(titles(run))
            .as("late first: %s", first)
            .containsExactly("Three results and the last one");
      }
    }
  }

  @Test
  void aRuleThatACorrelationLooksAtTellsNothingByItself() throws Exception {
    World.Collector laptop = world.collector();
    laptop.session("one").completed(at(1), "call-a", "ls", "");
    try (Run run = run(RESULTS_THEN_COMMIT)) {
      run.feed(laptop.stored());
      assertThat(run.findings()).isEmpty();
    }
  }

  @Test
  void aMatchOfACorrelationIsAnEventOfTheNext() throws Exception {
    World.Collector laptop = world.collector();
    World.Session session = laptop.session("one");
    session.completed(at(1), "call-a", "ls", "");
    session.completed(at(2), "call-b", "ls", "");
    session.requested(at(30.9), "call-c", "git commit");
    session.completed(
        at(31.2),
        "call-c",
        "git commit",
        "ok",
        new Identifier(IdentifierKind.GIT_COMMIT, "d6256e0"));
    Event commit = laptop.commit(at(31.1), "d6256e0e2de70dae5517ce2ccb6da32570d5b06f");
    try (Run run = run(RESULTS_THEN_COMMIT)) {
      run.feed(laptop.stored());
      assertThat(titles(run)).containsExactly("A commit after two results");
      assertThat(evidence(open(run).getFirst())).contains(commit.id().toString()).hasSize(2);
    }
  }

  @Test
  void whatMoreEventsCouldContradictIsToldOnceItsGraceHasPassed() throws Exception {
    World.Collector laptop = world.collector();
    laptop.session("one").completed(at(1), "call-a", "ls", "");
    World.Session busy = laptop.session("two");
    busy.completed(at(2), "call-b", "ls", "");
    busy.completed(at(3), "call-c", "ls", "");
    try (Run run = run(ONE_RESULT)) {
      run.feed(laptop.stored());
      assertThat(run.findings()).isEmpty();
      run.passTime();
      assertThat(titles(run)).containsExactly("One result and no more");
    }
  }

  @Test
  void theFindingsDoNotDependOnTheOrderInWhichChainsArrive() throws Exception {
    List<World.Collector> chains = new ArrayList<>(twoCalls());
    World.Collector other = world.collector();
    World.Session rival = other.session("two");
    rival.completed(at(39), "call-x", "cat config", "x", key(KEY));
    rival.completed(at(39.5), "call-y", "ls", "");
    other.commit(at(50), "e6256e0e2de70dae5517ce2ccb6da32570d5b06f");
    chains.add(other);
    long seed = System.nanoTime();
    System.out.println("CorrelationTest: seed " + seed);
    String[] rules = {CALLS_OF_A_SESSION, RESULTS_THEN_COMMIT, ONE_RESULT};
    Map<String, String> expected = finalState(chains, new Random(0), rules);
    for (int round = 0; round < 10; round++) {
      assertThat(finalState(chains, new Random(seed + round), rules))
          .as("seed %d", seed + round)
          .isEqualTo(expected);
    }
  }

  private Map<String, String> finalState(
      List<World.Collector> chains, Random random, String... rules) {
    try (Run run = run(rules)) {
      run.feed(inTurns(chains, random));
      run.passTime();
      return run.finalState();
    }
  }
}
