package dev.custody.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.custody.attribution.Attribution;
import dev.custody.attribution.TraceEdge;
import dev.custody.query.Condition;
import dev.custody.query.Query;
import dev.custody.query.Query.Order;
import dev.custody.wire.Formats;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventIndexTest {
  private static final Query EVERYTHING =
      new Query(new Condition.Anything(), Order.NEWEST_FIRST, 100);

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

  private List<Attribution> all() {
    try (IndexSearch search = IndexSearch.open(directory)) {
      return search.events(EVERYTHING).items();
    }
  }

  private static boolean add(EventIndex index, Attribution event) {
    return index.add(event, Formats.ATTRIBUTION.encode(event));
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
