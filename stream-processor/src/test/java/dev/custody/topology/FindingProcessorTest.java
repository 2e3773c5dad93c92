package dev.custody.topology;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.custody.alert.FindingProcessor;
import dev.custody.alert.FindingSchema;
import dev.custody.alert.FindingState;
import dev.custody.alert.OcsfFindings;
import dev.custody.attribution.Grade;
import dev.custody.attribution.Position;
import dev.custody.detect.DetectFormats;
import dev.custody.detect.Evidence;
import dev.custody.detect.Sighting;
import dev.custody.digest.ChainId;
import dev.custody.digest.KeyId;
import dev.custody.sigma.RuleSet;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.MockProcessorContext.CapturedPunctuator;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When a finding is told, and what is told of it; the stores are real ones. */
class FindingProcessorTest {
  private static final Instant START = Instant.parse("2026-11-22T07:00:00Z");
  private static final String FINDING = "0123456789abcdef0123456789abcdef";

  private final KeyValueStore<String, FindingState> findings =
      Stores.keyValueStoreBuilder(
              Stores.inMemoryKeyValueStore(FindingProcessor.STORE),
              Serdes.String(),
              RecordSerde.of(FindingProcessor.STATE))
          .withLoggingDisabled()
          .build();
  private final KeyValueStore<Bytes, Sighting> evidence =
      Stores.keyValueStoreBuilder(
              Stores.inMemoryKeyValueStore(FindingProcessor.EVIDENCE),
              Serdes.Bytes(),
              RecordSerde.of(DetectFormats.SIGHTING))
          .withLoggingDisabled()
          .build();
  private MockProcessorContext<String, byte[]> context = new MockProcessorContext<>();
  private FindingProcessor processor = fresh();

  @BeforeEach
  void start() {
    findings.init(context.getStateStoreContext(), findings);
    evidence.init(context.getStateStoreContext(), evidence);
    processor.init(context);
  }

  private static FindingProcessor fresh() {
    return new FindingProcessor(new OcsfFindings(RuleSet.of(Map.of())));
  }

  /** Another process goes on with what is stored. */
  private void restart() {
    MockProcessorContext<String, byte[]> next = new MockProcessorContext<>();
    findings.init(next.getStateStoreContext(), findings);
    evidence.init(next.getStateStoreContext(), evidence);
    context = next;
    processor = fresh();
    processor.init(next);
  }

  private static Sighting sighting(int number) {
    return new Sighting(
        FINDING,
        "rule",
        "session:one",
        "one",
        false,
        new Evidence(
            "event-" + number,
            START.plusSeconds(number),
            "did " + number,
            "CloudCall",
            null,
            List.of(),
            null,
            null,
            "one",
            null,
            null,
            null,
            Grade.INFERRED,
            null,
            new Position(0, 1, new ChainId(new byte[16]), 1, new KeyId(new byte[16]))));
  }

  private void hear(Sighting sighting) {
    processor.process(
        new Record<>(sighting.finding(), sighting, START.plusSeconds(900).toEpochMilli()));
  }

  /** What is told when a second has passed. */
  private List<JsonNode> told() {
    context.resetForwards();
    for (CapturedPunctuator each : context.scheduledPunctuators()) {
      if (each.getType() == PunctuationType.WALL_CLOCK_TIME
          && each.getInterval().equals(Duration.ofSeconds(1))) {
        each.getPunctuator().punctuate(0);
      }
    }
    List<JsonNode> told = new ArrayList<>();
    context
        .forwarded()
        .forEach(each ->
            told.add(FindingSchema.checked(each.record().value(), each.record().headers())));
    return told;
  }

  private static List<String> activities(List<JsonNode> told) {
    return told.stream().map(finding -> finding.path("activity_name").asText()).toList();
  }

  @Test
  void whateverIsAddedWithinASecondIsToldAtOnce() {
    for (int i = 0; i < 500; i++) {
      hear(sighting(i));
    }
    List<JsonNode> told = told();
    assertThat(activities(told)).containsExactly("Create");
    assertThat(told.getFirst().path("count").asInt()).isEqualTo(500);
    hear(sighting(500));
    hear(sighting(501));
    told = told();
    assertThat(activities(told)).containsExactly("Update");
    assertThat(told.getFirst().path("count").asInt()).isEqualTo(502);
  }

  @Test
  void aFindingOfMoreThanIsKeptIsAsLongAsAllThatItIsOf() {
    for (int i = 300; i-- > 0; ) {
      hear(sighting(i));
    }
    JsonNode finding = told().getFirst();
    assertThat(finding.path("start_time").asLong()).isEqualTo(START.toEpochMilli());
    assertThat(finding.path("end_time").asLong()).isEqualTo(START.plusSeconds(299).toEpochMilli());
    assertThat(finding.at("/finding_info/related_events_count").asInt()).isEqualTo(100);
    assertThat(finding.at("/finding_info/related_events/99/uid").asText()).isEqualTo("event-99");
  }

  @Test
  void evidenceOfBefore1970IsTheOldest() {
    hear(sighting(1));
    hear(sighting((int) -START.getEpochSecond() - 7));
    JsonNode finding = told().getFirst();
    assertThat(finding.path("start_time").asLong()).isEqualTo(-7_000);
    assertThat(finding.path("end_time").asLong()).isEqualTo(START.plusSeconds(1).toEpochMilli());
    assertThat(finding.path("evidences")).hasSize(2);
    hear(sighting(1).takenBack());
    assertThat(told().getFirst().path("end_time").asLong()).isEqualTo(-7_000);
  }

  @Test
  void aClosedFindingIsClosedOnce() {
    hear(sighting(1));
    assertThat(activities(told())).containsExactly("Create");
    hear(sighting(1).takenBack());
    assertThat(activities(told())).containsExactly("Close");
    hear(sighting(2));
    hear(sighting(2).takenBack());
    assertThat(told()).isEmpty();
    assertThat(told()).isEmpty();
  }

  @Test
  void whatSaysNothingNewIsNotTold() {
    hear(sighting(1));
    assertThat(told()).hasSize(1);
    hear(sighting(1));
    assertThat(told()).isEmpty();
    hear(sighting(2).takenBack());
    assertThat(told()).isEmpty();
  }

  @Test
  void whatWasTakenBackBeforeItWasToldIsNeverTold() {
    hear(sighting(1));
    hear(sighting(1).takenBack());
    assertThat(told()).isEmpty();
    assertThat(findings.get(FINDING)).isNull();
    assertThat(evidence.approximateNumEntries()).isZero();
  }

  @Test
  void aFindingWithoutEvidenceIsClosedAndOneThatComesAgainIsCreatedUnderTheSameId() {
    hear(sighting(1));
    hear(sighting(2));
    assertThat(activities(told())).containsExactly("Create");
    hear(sighting(2).takenBack());
    assertThat(activities(told())).containsExactly("Update");
    hear(sighting(1).takenBack());
    List<JsonNode> closed = told();
    assertThat(activities(closed)).containsExactly("Close");
    assertThat(closed.getFirst().at("/evidences/0/data/event_id").asText()).isEqualTo("event-1");
    hear(sighting(3));
    List<JsonNode> again = told();
    assertThat(activities(again)).containsExactly("Create");
    assertThat(again.getFirst().at("/finding_info/uid").asText()).isEqualTo(FINDING);
  }

  @Test
  void whatWasNotToldBeforeAStopIsToldAfterIt() {
    hear(sighting(1));
    restart();
    assertThat(activities(told())).containsExactly("Create");
    restart();
    assertThat(told()).isEmpty();
    hear(sighting(2));
    restart();
    assertThat(activities(told())).containsExactly("Update");
  }
}
