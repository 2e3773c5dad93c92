package dev.custody.audit;

import static dev.custody.audit.TestLog.names;
import static org.assertj.core.api.Assertions.assertThat;

import dev.custody.admission.TestChain;
import dev.custody.admission.TrustedRoots;
import dev.custody.chain.ChainHead;
import dev.custody.chain.Envelope;
import dev.custody.chain.Link;
import dev.custody.local.EmbeddedBroker;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Logs as they are read whole; and records that were dropped, relabelled or put elsewhere. */
@Timeout(180)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AuditTest {
  private static final String LAPTOP = "spiffe://test/collector/laptop";

  /** As {@link TestLog#sixty} writes it. */
  private TestLog log;

  private TestChain chain;

  @BeforeAll
  void writeLog(@TempDir Path original) throws Exception {
    log = TestLog.in(original);
    chain = log.sixty();
  }

  @Test
  void aLogIsIntactWhileItsBrokerRunsAfterItStoppedAndReadFromTheTopic(@TempDir Path data)
      throws Exception {
    TestLog live = TestLog.in(data);
    TestChain first = TestLog.chainIn(live, 0, 2);
    TestChain second = TestLog.chainIn(live, 1, 2);
    first.sealHeartbeats(64);
    second.sealHeartbeats(1);
    AuditReport running;
    AuditReport topic;
    try (EmbeddedBroker broker = live.start(2)) {
      TestLog.publish(broker, first.envelopes(), 0, 8);
      TestLog.publish(broker, second.envelopes(), 1, 8);
      running = live.audit(live.source());
      try (TopicSource source = new TopicSource(broker.bootstrapServers())) {
        topic = new Audit(TrustedRoots.read(live.root())).run(source, () -> {});
      }
    }
    AuditReport stopped = live.audit();

    assertThat(running.failures()).isEmpty();
    assertThat(running.chains())
        .extracting(AuditReport.Chain::id, AuditReport.Chain::collector, AuditReport.Chain::records)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(idOf(first), LAPTOP, 65L),
            org.assertj.core.groups.Tuple.tuple(idOf(second), LAPTOP, 2L));
    assertThat(running.chains().getFirst().head()).isEqualTo(headOf(first.envelopes()));
    assertThat(topic).isEqualTo(running);
    assertThat(stopped).isEqualTo(running);
  }

  @Test
  void aReadGoesOnWhereTheLastOneEnded(@TempDir Path data) throws Exception {
    TestLog live = TestLog.in(data);
    TestChain growing = live.chain();
    List<Long> offsets = new ArrayList<>();
    try (EmbeddedBroker broker = live.start(1);
        LogDirectorySource source = live.source()) {
      for (int round = 0; round < 3; round++) {
        int before = growing.envelopes().size();
        growing.sealHeartbeats(3);
        TestLog.publish(
            broker,
            growing.envelopes().subList(round == 0 ? 0 : before, growing.envelopes().size()),
            0,
            2);
        source.read(collecting(offsets));
      }
    }
    assertThat(offsets)
        .containsExactlyElementsOf(IntStream.range(0, 10).mapToObj(i -> (long) i).toList());
  }

  private static RecordSource.Sink collecting(List<Long> offsets) {
    return new RecordSource.Sink() {
      @Override
      public void record(RecordSource.Stored record) {
        offsets.add(record.place().offset());
      }

      @Override
      public void failure(Failure failure) {
        throw new AssertionError(failure);
      }
    };
  }

  @Test
  void aChangedKeyOrTimestampIsRelabelled(@TempDir Path copies) throws Exception {
    TestLog copy = log.copyTo(copies);
    copy.rewrite(0, records -> records.set(7, relabelled(records.get(7), 1, 0)));
    assertThat(copy.audit().first().map(Failure::name)).contains("Relabelled");
    copy.rewrite(0, records -> records.set(7, relabelled(records.get(7), -1, 1)));
    AuditReport report = copy.audit();
    assertThat(names(report)).startsWith("Relabelled");
    assertThat(report.failures().getFirst().where().place().offset()).isEqualTo(7);
    assertThat(report.failures().getFirst().where().chain()).isEqualTo(idOf(chain));
  }

  private static SimpleRecord relabelled(SimpleRecord record, long later, int keyBit) {
    byte[] key = record.key().array().clone();
    key[0] ^= (byte) keyBit;
    return new SimpleRecord(record.timestamp() + later, key, record.value().array());
  }

  @Test
  void aRewrittenLogWithTheSameRecordsIsIntact(@TempDir Path copies) throws Exception {
    TestLog copy = log.copyTo(copies);
    copy.rewrite(0, records -> {});
    assertThat(copy.audit().failures()).isEmpty();
  }

  @Test
  void aDroppedRecordIsAGapThatNamesThePosition(@TempDir Path copies) throws Exception {
    TestLog copy = log.copyTo(copies);
    copy.rewrite(0, records -> records.remove(20));
    AuditReport report = copy.audit();
    assertThat(names(report)).containsExactly("Gap");
    Failure gap = report.failures().getFirst();
    assertThat(gap.where().sequence()).isEqualTo(20);
    assertThat(gap.where().chain()).isEqualTo(idOf(chain));
    assertThat(gap.where().place().offset()).isEqualTo(20);
    assertThat(gap.detail()).isEqualTo("expected #20, found #21: 1 missing");
    assertThat(report.chains().getFirst().failures()).isEqualTo(1);
  }

  @Test
  void reorderedRecordsThatAreAllThereAreNoFailureAndDuplicatesAreCounted(@TempDir Path copies)
      throws Exception {
    TestLog copy = log.copyTo(copies);
    copy.rewrite(0, records -> Collections.swap(records, 30, 31));
    assertThat(copy.audit().failures()).isEmpty();
    copy.rewrite(
        0,
        records -> {
          records.add(40, records.get(39));
          records.add(records.get(3));
        });
    AuditReport report = copy.audit();
    assertThat(report.failures()).isEmpty();
    assertThat(report.repeats()).isEqualTo(2);
    assertThat(report.records()).isEqualTo(62);
    assertThat(report.verified()).isEqualTo(60);
  }

  @Test
  void aChainOfAnotherOrganisationIsUnknownAndItsRecordsAreCountedOnce(
      @TempDir Path data, @TempDir Path elsewhere) throws Exception {
    TestLog mixed = TestLog.in(data);
    TestChain own = mixed.chain();
    TestChain stranger = TestLog.in(elsewhere).chain();
    stranger.sealHeartbeats(5);
    AuditReport report =
        mixed
            .write(Stream.concat(own.envelopes().stream(), stranger.envelopes().stream()).toList())
            .audit();
    assertThat(names(report)).containsExactly("UnknownSigner", "NoGenesis");
    assertThat(report.failures().getFirst().where().chain()).isEqualTo(idOf(stranger));
    assertThat(report.failures().getFirst().where().place().offset()).isEqualTo(1);
    assertThat(report.omitted()).isEqualTo(4);
    assertThat(report.chains().get(0).intact()).isTrue();
    assertThat(report.chains().get(1).failures()).isEqualTo(6);
  }

  private static dev.custody.digest.ChainId idOf(TestChain chain) {
    return chain.envelopes().getFirst().chain();
  }

  private static ChainHead headOf(List<Envelope> chain) {
    Envelope last = chain.getLast();
    return new ChainHead(last.chain(), last.sequence(), Link.of(last).hash());
  }
}
