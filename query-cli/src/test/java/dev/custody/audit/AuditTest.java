package dev.custody.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.custody.admission.TestChain;
import dev.custody.admission.TrustedRoots;
import dev.custody.chain.ChainHead;
import dev.custody.chain.Envelope;
import dev.custody.chain.Link;
import dev.custody.chain.Sealer;
import dev.custody.digest.Digest;
import dev.custody.event.Body;
import dev.custody.local.EmbeddedBroker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AuditTest {
  private static final String LAPTOP = "spiffe://test/collector/laptop";

  /** One chain of 60 records in seals of 1 to 10, in batches of 8. */
  private TestLog log;

  private TestChain chain;

  @BeforeAll
  void writeLog(@TempDir Path original) throws Exception {
    log = TestLog.in(original);
    chain = log.chain();
    for (int size = 1; size <= 10; size++) {
      chain.sealHeartbeats(size);
    }
    chain.sealHeartbeats(4);
    log.write(chain.envelopes());
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
  void aByteFlippedAnywhereInTheFileIsDetectedAndNamedWhereItIsInARecord(@TempDir Path copies)
      throws Exception {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    byte[] good = Files.readAllBytes(log.segment(0));
    List<int[]> values = values(good);
    TestLog copy = log.copyTo(copies);
    for (int round = 0; round < 400; round++) {
      // Headers are a small part of the file: every other flip goes to the first 70 bytes of one.
      int at = round % 2 == 0 ? random.nextInt(good.length) : nearHeader(good, random);
      byte[] bad = good.clone();
      bad[at] ^= (byte) (1 + random.nextInt(255));
      Files.write(copy.segment(0), bad);
      AuditReport report = copy.audit();
      assertThat(report.intact()).as("seed %d round %d byte %d", seed, round, at).isFalse();
      assertNamed(report, values, at, "seed %d round %d byte %d".formatted(seed, round, at));
    }
  }

  @Test
  void everyByteOfABatchHeaderIsGuarded(@TempDir Path copies) throws Exception {
    byte[] good = Files.readAllBytes(log.segment(0));
    TestLog copy = log.copyTo(copies);
    List<Integer> batches = batches(good);
    for (int batch : List.of(batches.get(0), batches.get(2), batches.getLast())) {
      for (int at = batch; at < batch + BatchHeader.SIZE; at++) {
        byte[] bad = good.clone();
        bad[at] ^= 1;
        Files.write(copy.segment(0), bad);
        assertThat(copy.audit().failures())
            .as("byte %d of batch %d", at - batch, batch)
            .isNotEmpty();
      }
    }
  }

  @Test
  void damageOfFieldsThatNoChecksumCoversLosesNoRecord(@TempDir Path copies) throws Exception {
    byte[] good = Files.readAllBytes(log.segment(0));
    TestLog copy = log.copyTo(copies);
    int batch = batches(good).get(2);
    for (int field : new int[] {0, 7, 8, 10, 11, 12, 16}) {
      byte[] bad = good.clone();
      bad[batch + field] ^= 1;
      Files.write(copy.segment(0), bad);
      AuditReport report = copy.audit();
      assertThat(names(report))
          .as("byte %d of the header", field)
          .containsExactly("DamagedStorage");
      assertThat(report.verified()).isEqualTo(60);
      assertThat(report.failures().getFirst().where().place())
          .isEqualTo(new RecordSource.Place(0, 16, copy.segment(0), batch));
    }
  }

  @Test
  void aByteFlippedInARecordByOneWhoSetsTheChecksumRightIsToldByTheSeal(@TempDir Path copies)
      throws Exception {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    byte[] good = Files.readAllBytes(log.segment(0));
    List<int[]> values = values(good);
    TestLog copy = log.copyTo(copies);
    for (int round = 0; round < 200; round++) {
      int[] value = values.get(random.nextInt(values.size()));
      int at = value[0] + random.nextInt(value[1] - value[0]);
      byte[] bad = good.clone();
      bad[at] ^= (byte) (1 + random.nextInt(255));
      TestLog.fixChecksums(bad);
      Files.write(copy.segment(0), bad);
      AuditReport report = copy.audit();
      assertThat(names(report)).as("seed %d", seed).doesNotContain("DamagedStorage");
      assertNamed(report, values, at, "seed %d byte %d".formatted(seed, at));
    }
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
  void aSegmentCutInABatchIsTruncatedAndOneCutBetweenBatchesIsNotSeen(@TempDir Path copies)
      throws Exception {
    byte[] good = Files.readAllBytes(log.segment(0));
    TestLog copy = log.copyTo(copies);
    int last = batches(good).getLast();
    Files.write(copy.segment(0), Arrays.copyOf(good, good.length - 7));
    AuditReport cut = copy.audit();
    assertThat(names(cut)).containsExactly("TruncatedBatch");
    assertThat(cut.failures().getFirst().where().place())
        .isEqualTo(new RecordSource.Place(0, 56, copy.segment(0), last));
    assertThat(cut.failures().getFirst().detail())
        .isEqualTo(
            "expected a batch of %d bytes, found the end of the file after %d"
                .formatted(good.length - last, good.length - last - 7));
    Files.write(copy.segment(0), Arrays.copyOf(good, last + 5));
    assertThat(names(copy.audit())).containsExactly("TruncatedBatch");
    Files.write(copy.segment(0), Arrays.copyOf(good, last));
    assertThat(copy.audit().intact()).as("only a checkpoint tells").isTrue();
  }

  @Test
  void aWriteThatIsUnderWayIsWaitedFor(@TempDir Path copies) throws Exception {
    byte[] good = Files.readAllBytes(log.segment(0));
    TestLog copy = log.copyTo(copies);
    Files.write(copy.segment(0), Arrays.copyOf(good, good.length - 7));
    CompletableFuture<Void> writer =
        CompletableFuture.runAsync(
            () -> {
              try {
                Files.write(copy.segment(0), good);
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            },
            CompletableFuture.delayedExecutor(300, TimeUnit.MILLISECONDS));
    assertThat(copy.audit(copy.source()).failures()).isEmpty();
    writer.join();
  }

  @Test
  void aBatchThatIsOverwrittenWithZerosIsNamedAndTheRestIsReadOn(@TempDir Path copies)
      throws Exception {
    byte[] bad = Files.readAllBytes(log.segment(0));
    List<Integer> batches = batches(bad);
    Arrays.fill(bad, batches.get(2), batches.get(3), (byte) 0);
    TestLog copy = log.copyTo(copies);
    Files.write(copy.segment(0), bad);
    AuditReport report = copy.audit();
    assertThat(names(report)).containsExactly("DamagedStorage", "Gap");
    assertThat(report.failures().getFirst())
        .isInstanceOfSatisfying(
            Failure.DamagedStorage.class,
            d -> {
              assertThat(d.where().place())
                  .isEqualTo(new RecordSource.Place(0, 16, copy.segment(0), batches.get(2)));
              assertThat(d.lastOffset()).isEqualTo(23);
            });
    assertThat(report.verified()).isEqualTo(52);
  }

  @Test
  void aRemovedBatchAndARemovedPartitionAreMissing(@TempDir Path copies) throws Exception {
    byte[] good = Files.readAllBytes(log.segment(0));
    List<Integer> batches = batches(good);
    TestLog copy = log.copyTo(copies);
    byte[] without = Arrays.copyOf(good, good.length - (batches.get(3) - batches.get(2)));
    System.arraycopy(good, batches.get(3), without, batches.get(2), good.length - batches.get(3));
    Files.write(copy.segment(0), without);
    AuditReport report = copy.audit();
    assertThat(names(report)).containsExactly("MissingOffsets", "Gap");
    assertThat(report.failures().getFirst().detail())
        .isEqualTo("expected offset 16, found 24: 8 missing");

    Path partition = copy.segment(0).resolveSibling(".").normalize();
    Files.move(partition, partition.resolveSibling("custody.events-1"));
    assertThat(names(copy.audit())).contains("MissingPartition");
  }

  @Test
  void garbageInPlaceOfALogIsNeverIntactAndNeverACrash(@TempDir Path copies) throws Exception {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    TestLog copy = log.copyTo(copies);
    byte[] good = Files.readAllBytes(log.segment(0));
    for (int round = 0; round < 100; round++) {
      byte[] bad = good.clone();
      int from = random.nextInt(bad.length);
      byte[] noise = new byte[random.nextInt(bad.length - from) + 1];
      random.nextBytes(noise);
      System.arraycopy(noise, 0, bad, from, noise.length);
      TestLog.fixChecksums(bad);
      Files.write(copy.segment(0), bad);
      assertThat(copy.audit().intact()).as("seed %d round %d", seed, round).isFalse();
    }
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

  // --- how chains follow each other

  @Test
  void aSuccessorThatNamesTheWholePredecessorIsIntact(@TempDir Path data) throws Exception {
    TestLog two = TestLog.in(data);
    List<Envelope> old = opened(two, null, 3);
    List<Envelope> next = opened(two, named(old, 3), 1);
    assertThat(two.write(concat(old, next)).audit().failures()).isEmpty();
  }

  @Test
  void aCutTailOfAnOldChainIsMissingBecauseItsSuccessorNamesMore(@TempDir Path data)
      throws Exception {
    TestLog two = TestLog.in(data);
    List<Envelope> old = opened(two, null, 3);
    List<Envelope> next = opened(two, named(old, 3), 1);
    AuditReport report = two.write(concat(old.subList(0, 2), next)).audit();
    assertThat(names(report)).containsExactly("MissingTail");
    Failure missing = report.failures().getFirst();
    assertThat(missing.where().chain()).isEqualTo(old.getFirst().chain());
    assertThat(missing.where().sequence()).isEqualTo(2);
    assertThat(missing.detail())
        .isEqualTo(
            "expected chain %s up to #3, as its successor says, found it up to #1: 2 missing"
                .formatted(old.getFirst().chain().shortHex()));
    assertThat(report.chains()).extracting(AuditReport.Chain::intact).containsExactly(false, true);
  }

  @Test
  void aWholePredecessorThatIsGoneIsMissing(@TempDir Path data) throws Exception {
    TestLog two = TestLog.in(data);
    List<Envelope> old = opened(two, null, 3);
    AuditReport report = two.write(opened(two, named(old, 3), 1)).audit();
    assertThat(names(report)).containsExactly("MissingTail");
    assertThat(report.failures().getFirst().detail()).endsWith("found no verified record of it");
  }

  @Test
  void aSuccessorThatNamesLessOrAnotherLinkIsAFailure(@TempDir Path data, @TempDir Path other)
      throws Exception {
    TestLog less = TestLog.in(data);
    List<Envelope> old = opened(less, null, 3);
    AuditReport forgotten = less.write(concat(old, opened(less, named(old, 2), 1))).audit();
    assertThat(names(forgotten)).containsExactly("ForgottenTail");
    assertThat(forgotten.failures().getFirst().detail())
        .isEqualTo(
            "expected chain %s to end at #2, as its successor says, found it up to #3"
                .formatted(old.getFirst().chain().shortHex()));

    TestLog link = TestLog.in(other);
    List<Envelope> kept = opened(link, null, 3);
    var wrong = new Body.Predecessor(kept.getFirst().chain(), 3, Digest.sha256(new byte[1]));
    assertThat(names(link.write(concat(kept, opened(link, wrong, 1))).audit()))
        .containsExactly("OtherTail");
  }

  @Test
  void twoSuccessorsOfOneChainAreRivalsAndAnotherCollectorIsForeign(@TempDir Path data)
      throws Exception {
    TestLog three = TestLog.in(data);
    List<Envelope> old = opened(three, null, 1);
    List<Envelope> one = opened(three, named(old, 1), 1);
    List<Envelope> two = opened(three, "spiffe://test/collector/other", named(old, 1), 1);
    AuditReport report = three.write(concat(concat(old, one), two)).audit();
    assertThat(names(report)).containsExactly("RivalSuccessor", "ForeignSuccessor");
    assertThat(report.failures().getFirst().where().chain()).isEqualTo(two.getFirst().chain());
    assertThat(report.failures().getFirst().where().place().offset()).isEqualTo(4);
  }

  @Test
  void nothingMayFollowAnOrderlyEnd(@TempDir Path data) throws Exception {
    TestLog stopped = TestLog.in(data);
    Sealer.Opened opened = stopped.open(LAPTOP, null);
    List<Envelope> all = new ArrayList<>(List.of(opened.genesis()));
    ChainHead head = opened.sealer().head();
    byte[] stop = TestLog.event(new Body.CollectorStopped(head.sequence(), head.link()));
    all.addAll(opened.sealer().seal(List.of(stop)));
    List<Envelope> orderly = List.copyOf(all);
    all.addAll(opened.sealer().seal(List.of(TestLog.event(new Body.CollectorHeartbeat(1, 0, 0)))));
    AuditReport report = stopped.write(all).audit();
    assertThat(names(report)).containsExactly("AfterStop");
    assertThat(report.failures().getFirst().detail())
        .isEqualTo("expected nothing after CollectorStopped at #1, found #2");
    stopped.rewrite(0, records -> records.removeLast());
    assertThat(stopped.audit().failures()).isEmpty();
    assertThat(orderly).hasSize(2);
  }

  @Test
  void anOrderlyEndThatNamesAnotherEndIsFalse(@TempDir Path data) throws Exception {
    TestLog stopped = TestLog.in(data);
    Sealer.Opened opened = stopped.open(LAPTOP, null);
    List<Envelope> all = new ArrayList<>(List.of(opened.genesis()));
    all.addAll(
        opened.sealer().seal(List.of(TestLog.event(new Body.CollectorStopped(7, Digest.ZERO)))));
    assertThat(names(stopped.write(all).audit())).containsExactly("FalseStop");
  }

  @Test
  void aDamagedRecordIsNamedWhenItIsReadFromTheTopicToo(@TempDir Path data) throws Exception {
    TestLog copy = log.copyTo(data);
    byte[] bad = Files.readAllBytes(copy.segment(0));
    int[] value = values(bad).get(20);
    bad[(value[0] + value[1]) / 2] ^= 1;
    Files.write(copy.segment(0), bad);
    try (EmbeddedBroker broker = EmbeddedBroker.start(data.resolve("kafka"), 0);
        TopicSource source = new TopicSource(broker.bootstrapServers())) {
      AuditReport report = copy.audit(source);
      assertThat(names(report)).contains("DamagedStorage", "Gap").hasSize(3);
      assertThat(report.first().map(f -> f.where().place().offset())).contains(20L);
      assertThat(report.records()).isEqualTo(60);
    }
  }

  // --- helpers

  private static List<Envelope> opened(
      TestLog log, Body.@Nullable Predecessor predecessor, int events) throws Exception {
    return opened(log, LAPTOP, predecessor, events);
  }

  /** A chain of a genesis and {@code events} more. */
  private static List<Envelope> opened(
      TestLog log, String collector, Body.@Nullable Predecessor predecessor, int events)
      throws Exception {
    Sealer.Opened opened = log.open(collector, predecessor);
    List<Envelope> all = new ArrayList<>(List.of(opened.genesis()));
    for (int i = 0; i < events; i++) {
      all.addAll(
          opened.sealer().seal(List.of(TestLog.event(new Body.CollectorHeartbeat(i, 0, 0)))));
    }
    return all;
  }

  private static Body.Predecessor named(List<Envelope> chain, int sequence) {
    return new Body.Predecessor(
        chain.getFirst().chain(), sequence, Link.of(chain.get(sequence)).hash());
  }

  private static List<Envelope> concat(List<Envelope> first, List<Envelope> second) {
    return Stream.concat(first.stream(), second.stream()).toList();
  }

  private static dev.custody.digest.ChainId idOf(TestChain chain) {
    return chain.envelopes().getFirst().chain();
  }

  private static ChainHead headOf(List<Envelope> chain) {
    Envelope last = chain.getLast();
    return new ChainHead(last.chain(), last.sequence(), Link.of(last).hash());
  }

  private static List<String> names(AuditReport report) {
    return report.failures().stream().map(Failure::name).toList();
  }

  /** When the byte is in a record's value, the first failure names that record. */
  private static void assertNamed(AuditReport report, List<int[]> values, int at, String seed) {
    for (int offset = 0; offset < values.size(); offset++) {
      if (at >= values.get(offset)[0] && at < values.get(offset)[1]) {
        assertThat(report.first().orElseThrow())
            .as("%s: %s", seed, report.failures())
            .isInstanceOf(Failure.Refused.class);
        assertThat(report.first().orElseThrow().where().place().offset())
            .as("%s: %s", seed, report.failures())
            .isEqualTo(offset);
      }
    }
  }

  private static int nearHeader(byte[] segment, Random random) {
    List<Integer> batches = batches(segment);
    return batches.get(random.nextInt(batches.size())) + random.nextInt(70);
  }

  private static List<Integer> batches(byte[] segment) {
    List<Integer> batches = new ArrayList<>();
    ByteBuffer bytes = ByteBuffer.wrap(segment);
    for (int at = 0; at < segment.length; at += 12 + bytes.getInt(at + 8)) {
      batches.add(at);
    }
    return batches;
  }

  /** Where each record's value begins and ends in the file, by offset. */
  private List<int[]> values(byte[] segment) throws Exception {
    List<int[]> values = new ArrayList<>();
    for (RecordSource.Stored record : log.stored()) {
      byte[] value = java.util.Objects.requireNonNull(record.value());
      int at = (int) record.place().position();
      while (!Arrays.equals(segment, at, at + value.length, value, 0, value.length)) {
        at++;
      }
      values.add(new int[] {at, at + value.length});
    }
    return values;
  }
}
