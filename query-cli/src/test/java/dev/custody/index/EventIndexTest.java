package dev.custody.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.custody.attribution.Attribution;
import dev.custody.attribution.Candidate;
import dev.custody.attribution.Grade;
import dev.custody.attribution.TraceEdge;
import dev.custody.event.Agent;
import dev.custody.event.EventId;
import dev.custody.query.Condition;
import dev.custody.query.Query;
import dev.custody.query.Query.Order;
import dev.custody.query.Term;
import dev.custody.wire.Formats;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventIndexTest {
  private static final Query EVERYTHING =
      new Query(new Condition.Anything(), Order.NEWEST_FIRST, 100);

  private static final List<Grade> GRADES = List.of(Grade.values());

  @TempDir private Path directory;

  @Test
  void newestComesFirstAndOldestFirstOnRequest() throws IOException {
    Incident.index(directory);
    try (IndexSearch search = IndexSearch.open(directory)) {
      assertThat(search.events(EVERYTHING).items())
          .extracting(Attribution::event)
          .containsExactly(
              Incident.id(8),
              Incident.id(6),
              Incident.id(5),
              Incident.id(4),
              Incident.id(3),
              Incident.id(2),
              Incident.id(1));
      assertThat(search.events(new Query(new Condition.Anything(), Order.OLDEST_FIRST, 2)).items())
          .containsExactly(Incident.SUBMITTED, Incident.REFUSED);
    }
  }

  @Test
  void anOlderRevisionNeverReplacesANewerOneNeitherBeforeNorAfterACommit() {
    Attribution newer = Incident.event(1, "CloudCall").revision(7).extract("newer").build();
    Attribution older = Incident.event(1, "CloudCall").revision(6).extract("older").build();
    try (EventIndex index = EventIndex.open(directory)) {
      assertThat(add(index, newer)).isTrue();
      assertThat(add(index, older)).isFalse();
      index.commit(Map.of());
      assertThat(add(index, older)).isFalse();
      index.commit(Map.of());
    }
    try (EventIndex index = EventIndex.open(directory)) {
      assertThat(add(index, older)).isFalse();
      index.commit(Map.of());
    }
    assertThat(all()).containsExactly(newer);
  }

  @Test
  void aNewerRevisionReplacesTheOlderOne() {
    Attribution newer = Incident.event(1, "CloudCall").revision(2).extract("newer").build();
    try (EventIndex index = EventIndex.open(directory)) {
      add(index, Incident.event(1, "CloudCall").extract("older").build());
      index.commit(Map.of());
      add(index, newer);
      index.commit(Map.of());
    }
    assertThat(all()).containsExactly(newer);
  }

  @Test
  void aWithdrawnEdgeIsGoneAndAnOlderRevisionDoesNotBringItBack() {
    TraceEdge edge = Incident.EDGES.getFirst();
    try (EventIndex index = EventIndex.open(directory)) {
      index.add(edge, Formats.EDGE.encode(edge));
      index.commit(Map.of());
      TraceEdge withdrawn = withdrawn(edge);
      index.add(withdrawn, Formats.EDGE.encode(withdrawn));
      index.commit(Map.of());
      assertThat(index.add(edge, Formats.EDGE.encode(edge))).isFalse();
      index.commit(Map.of());
    }
    try (IndexSearch search = IndexSearch.open(directory)) {
      assertThat(search.edgesOf(Incident.PROMPT)).isEmpty();
    }
  }

  @Test
  void anEdgeThatTwoEventsShowIsOneAndStaysWhenOneOfThemIsTakenBack() {
    EventId one = Incident.EVENTS.getFirst().event();
    EventId other = Incident.EVENTS.getLast().event();
    Instant time = Incident.EDGES.getFirst().occurredAt();
    TraceEdge edge = shownBy(one, time);
    TraceEdge again = shownBy(other, time.plusSeconds(1));
    try (EventIndex index = EventIndex.open(directory)) {
      index.add(again, Formats.EDGE.encode(again));
      index.add(edge, Formats.EDGE.encode(edge));
      index.commit(Map.of());
      try (IndexSearch search = IndexSearch.open(directory)) {
        assertThat(search.edgesOf(Incident.PROMPT)).hasSize(1);
        assertThat(search.edgesOf(Incident.PROMPT).getFirst().evidence())
            .containsExactlyInAnyOrder(one, other);
      }
      TraceEdge withdrawn = withdrawn(again);
      index.add(withdrawn, Formats.EDGE.encode(withdrawn));
      index.commit(Map.of());
    }
    try (IndexSearch search = IndexSearch.open(directory)) {
      assertThat(search.edgesOf(Incident.PROMPT)).containsExactly(edge);
    }
  }

  @Test
  void edgesAreFoundByPromptAndByNode() throws IOException {
    Incident.index(directory);
    try (IndexSearch search = IndexSearch.open(directory)) {
      assertThat(search.edgesOf(Incident.PROMPT))
          .containsExactlyInAnyOrderElementsOf(Incident.EDGES);
      assertThat(search.edgesAt("credential:" + Incident.KEY)).hasSize(2);
    }
  }

  @Test
  void whatWasNotCommittedIsNotKept() {
    try (EventIndex index = EventIndex.open(directory)) {
      add(index, Incident.DELETED);
      index.commit(Map.of("kafka.next.custody.attributed-0", "1"));
      add(index, Incident.COMMITTED);
    }
    assertThat(all()).containsExactly(Incident.DELETED);
    try (EventIndex index = EventIndex.open(directory)) {
      assertThat(index.userData()).containsEntry("kafka.next.custody.attributed-0", "1");
    }
  }

  @Test
  void aReaderSeesWhatIsCommittedWhileTheWriterIsAtWork() {
    try (EventIndex index = EventIndex.open(directory)) {
      add(index, Incident.DELETED);
      index.commit(Map.of());
      assertThat(all()).containsExactly(Incident.DELETED);
    }
  }

  @Test
  void aSecondWriterIsRefused() {
    try (EventIndex index = EventIndex.open(directory)) {
      assertThat(index.uncommitted()).isZero();
      assertThatThrownBy(() -> EventIndex.open(directory))
          .isInstanceOf(IndexException.class)
          .hasMessage("the index " + directory + " is being written by another process");
    }
  }

  @Test
  void aMissingIndexSaysWhereItWasLookedFor() {
    Path missing = directory.resolve("none");
    assertThatThrownBy(() -> IndexSearch.open(missing))
        .isInstanceOf(IndexException.class)
        .hasMessage(
            "no index at " + missing + ": expected the one that `custody up` makes, found nothing");
    assertThatThrownBy(() -> IndexSearch.open(directory))
        .isInstanceOf(IndexException.class)
        .hasMessageStartingWith("no index at");
  }

  @Test
  void aFindingThatIsNoFindingIsRefusedAndChangesNothing() throws IOException {
    try (EventIndex index = EventIndex.open(directory)) {
      for (String damaged : List.of("", "[]", "{", "{}", "{\"time\":\"now\"}")) {
        assertThatThrownBy(() -> index.addFinding("f", damaged.getBytes(StandardCharsets.UTF_8)))
            .isInstanceOf(IOException.class);
      }
      assertThat(index.uncommitted()).isZero();
    }
  }

  @Test
  void valuesOfAnyLengthAreIndexed() {
    Attribution huge =
        Incident.event(1, "CloudCall")
            .action("s3:" + "x".repeat(40_000))
            .resources("/" + "é".repeat(40_000))
            .extract("y".repeat(40_000))
            .build();
    try (EventIndex index = EventIndex.open(directory)) {
      add(index, huge);
      index.commit(Map.of());
    }
    assertThat(all()).containsExactly(huge);
  }

  private static Attribution answer(long revision, Grade grade) {
    return Incident.event(1, "CloudCall")
        .revision(revision)
        .best(Incident.candidate("call-of-" + grade, grade, "because of " + revision))
        .build();
  }

  private List<Attribution> history() {
    try (IndexSearch search = IndexSearch.open(directory)) {
      return search.history(search.event(Incident.id(1)).orElseThrow());
    }
  }

  @Test
  void aReplacedAnswerStaysInTheHistoryAndAnswersNoQuery() {
    Attribution first = answer(0, Grade.UNATTRIBUTED);
    Attribution second = answer(1, Grade.INFERRED);
    Attribution third = answer(2, Grade.CORROBORATED);
    try (EventIndex index = EventIndex.open(directory)) {
      add(index, first);
      index.commit(Map.of());
      add(index, second);
      add(index, third);
      index.commit(Map.of());
    }
    assertThat(all()).containsExactly(third);
    assertThat(history()).containsExactly(second, first);
    try (IndexSearch search = IndexSearch.open(directory)) {
      Condition replaced = new Condition.Is(Term.GRADE, "INFERRED");
      assertThat(search.events(new Query(replaced, Order.NEWEST_FIRST, 10)).items()).isEmpty();
    }
  }

  @Test
  void aRevisionThatAnswersTheSameIsNoHistory() {
    try (EventIndex index = EventIndex.open(directory)) {
      for (int revision = 0; revision < 5; revision++) {
        add(index, answer(revision, Grade.INFERRED));
      }
      index.commit(Map.of());
    }
    assertThat(all()).containsExactly(answer(4, Grade.INFERRED));
    assertThat(history()).isEmpty();
  }

  @Test
  void readingOnFromAnEarlierOffsetChangesNoHistory() {
    List<Attribution> told =
        List.of(
            answer(0, Grade.UNATTRIBUTED),
            answer(1, Grade.INFERRED),
            answer(2, Grade.INFERRED),
            answer(3, Grade.CORROBORATED),
            answer(4, Grade.PROVEN));
    for (int again = 0; again < told.size(); again++) {
      try (EventIndex index = EventIndex.open(directory)) {
        told.subList(again, told.size()).forEach(a -> add(index, a));
        index.commit(Map.of());
      }
      assertThat(all()).containsExactly(told.get(4));
      assertThat(history())
          .as("again from %d", again)
          .containsExactly(told.get(3), told.get(2), told.get(0));
    }
  }

  @Test
  void theHistoryIsTheSameInWhateverOrderDifferentAnswersArrive() {
    List<Attribution> told = new ArrayList<>();
    for (int revision = 0; revision < 12; revision++) {
      told.add(answer(revision, GRADES.get(revision % GRADES.size())));
    }
    List<Attribution> expected = new ArrayList<>(told.subList(0, 11).reversed());
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    for (int round = 0; round < 10; round++) {
      List<Attribution> order = new ArrayList<>(told);
      Collections.shuffle(order, random);
      try (EventIndex index = EventIndex.open(directory)) {
        index.clear();
        for (Attribution a : order) {
          add(index, a);
          if (random.nextInt(3) == 0) {
            index.commit(Map.of());
          }
        }
        index.commit(Map.of());
      }
      assertThat(all()).as("seed %d", seed).containsExactly(told.getLast());
      assertThat(history()).as("seed %d round %d", seed, round).isEqualTo(expected);
    }
  }

  @Test
  void theHistoryKeepsTheSixteenNewestAnswers() {
    try (EventIndex index = EventIndex.open(directory)) {
      for (int revision = 0; revision < 40; revision++) {
        add(index, answer(revision, GRADES.get(revision % 4)));
      }
      // What was let go does not come back.
      add(index, answer(3, Grade.UNATTRIBUTED));
      index.commit(Map.of());
    }
    assertThat(history()).extracting(Attribution::revision).hasSize(16).contains(38L, 23L);
  }

  @Test
  void recordsThatAreHeldForTheReaderAreBoundedAndNothingIsLostByThat() {
    String extract = "x".repeat(100_000);
    try (EventIndex index = EventIndex.open(directory)) {
      for (int revision = 0; revision < 2; revision++) {
        for (int number = 1; number <= 300; number++) {
          add(
              index,
              Incident.event(number, "CloudCall")
                  .revision(revision)
                  .extract(extract)
                  .best(Incident.candidate("call", GRADES.get(revision)))
                  .build());
        }
      }
      assertThat(index.uncommitted()).isGreaterThanOrEqualTo(600);
      index.commit(Map.of());
      assertThat(index.uncommitted()).isZero();
    }
    try (IndexSearch search = IndexSearch.open(directory)) {
      for (int number = 1; number <= 300; number++) {
        assertThat(search.history(search.event(Incident.id(number)).orElseThrow()))
            .as("event %d", number)
            .extracting(Attribution::revision)
            .containsExactly(0L);
      }
    }
  }

  @Test
  void agentsAreSeenByWhatTheyDidAndNotByWhatARivalMayHaveDone() {
    Agent other =
        new Agent("codex", null, "spiffe://local/agent/codex/Web", "session-of-codex", null);
    try (EventIndex index = EventIndex.open(directory)) {
      Incident.EVENTS.forEach(event -> add(index, event));
      add(
          index,
          Incident.event(20, "CloudCall")
              .best(Incident.candidate("call", Grade.INFERRED))
              .rivals(by(other, "rival", Grade.INFERRED))
              .build());
      add(
          index,
          Incident.event(21, "CloudCall").best(by(other, "none", Grade.UNATTRIBUTED)).build());
      add(
          index,
          Incident.event(22, "ToolCallRequested").best(by(other, "a", Grade.PROVEN)).build());
      index.commit(Map.of());
      // Its only event turns out to be another's.
      add(index, Incident.event(22, "ToolCallRequested").revision(2).build());
      index.commit(Map.of());
      assertThat(activities()).extracting(AgentActivity::spiffeId).containsExactly(SEEN);
      add(
          index,
          Incident.event(23, "ToolCallRequested").best(by(other, "b", Grade.PROVEN)).build());
      add(
          index,
          Incident.event(24, "ToolCallRequested").best(by(other, "c", Grade.PROVEN)).build());
      index.commit(Map.of());
    }
    assertThat(activities())
        .extracting(AgentActivity::spiffeId)
        .containsExactly(SEEN, "spiffe://local/agent/codex/Web");
    AgentActivity seen = activities().getFirst();
    assertThat(seen.first()).isEqualTo(Incident.SUBMITTED.occurredAt());
    assertThat(seen.last()).isEqualTo(Incident.START.plusSeconds(20));
    assertThat(seen.events()).isEqualTo(Incident.EVENTS.size() + 1);
    assertThat(seen.humans()).containsExactly(Incident.HUMAN.id());
    assertThat(seen.delegations()).containsExactly("dlg-8f2a11");
    assertThat(seen.sessions())
        .singleElement()
        .satisfies(s -> {
          assertThat(s.id()).isEqualTo(Incident.SESSION);
          assertThat(s.hosts()).containsExactly("laptop");
          assertThat(s.chains()).containsExactly(Incident.CHAIN.hex());
        });
    assertThat(activities().getLast().sessions())
        .extracting(AgentActivity.Session::id)
        .containsExactly("c", "b");
  }

  private static final String SEEN = "spiffe://local/agent/claude-code/acme-api";

  private List<AgentActivity> activities() {
    try (IndexSearch search = IndexSearch.open(directory)) {
      return search.agents(id -> true);
    }
  }

  private static Candidate by(Agent agent, String session, Grade grade) {
    return new Candidate(agent, null, session, null, null, null, grade, List.of(), List.of(), null);
  }

  private List<Attribution> all() {
    try (IndexSearch search = IndexSearch.open(directory)) {
      return search.events(EVERYTHING).items();
    }
  }

  private static boolean add(EventIndex index, Attribution event) {
    return index.add(event, Formats.ATTRIBUTION.encode(event));
  }

  private static TraceEdge shownBy(EventId event, Instant time) {
    TraceEdge edge = Incident.EDGES.getFirst();
    return new TraceEdge(
        edge.prompt(),
        edge.from(),
        edge.to(),
        edge.relation(),
        edge.grade(),
        time,
        edge.reasons(),
        List.of(event),
        edge.revision(),
        false);
  }

  private static TraceEdge withdrawn(TraceEdge edge) {
    return new TraceEdge(
        edge.prompt(),
        edge.from(),
        edge.to(),
        edge.relation(),
        edge.grade(),
        edge.occurredAt(),
        edge.reasons(),
        edge.evidence(),
        edge.revision() + 1,
        true);
  }
}
