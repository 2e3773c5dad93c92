package dev.custody.audit;

import static dev.custody.audit.TestLog.names;
import static org.assertj.core.api.Assertions.assertThat;

import dev.custody.local.EmbeddedBroker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Files that somebody damaged, cut, or wrote garbage into. */
@Timeout(180)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DamagedSegmentTest {
  /** As {@link TestLog#sixty} writes it. */
  private TestLog log;

  @BeforeAll
  void writeLog(@TempDir Path original) throws Exception {
    log = TestLog.in(original);
    var _ = log.sixty();
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
