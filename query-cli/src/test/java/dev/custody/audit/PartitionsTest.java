package dev.custody.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.custody.admission.ChainVerifier;
import dev.custody.admission.ChainVerifier.Signatures;
import dev.custody.admission.TestChain;
import dev.custody.admission.TrustedRoots;
import dev.custody.chain.Envelope;
import dev.custody.chain.Link;
import dev.custody.chain.Sealer;
import dev.custody.event.Body;
import dev.custody.topic.Topic;
import dev.custody.wire.Formats;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Several partitions, several threads, old records, many chains. */
@Timeout(300)
class PartitionsTest {
  private static final int BATCH = 16;

  /** Writes a partition's segment as a broker does. */
  private static void write(
      TestLog log, int partition, List<Envelope> envelopes, Compression compression)
      throws IOException {
    Files.createDirectories(log.segment(partition).resolveSibling("."));
    ByteArrayOutputStream segment = new ByteArrayOutputStream();
    for (int from = 0; from < envelopes.size(); from += BATCH) {
      SimpleRecord[] records =
          envelopes.subList(from, Math.min(envelopes.size(), from + BATCH)).stream()
              .map(e ->
                  new SimpleRecord(
                      TestChain.NOW.toEpochMilli(),
                      e.chain().toByteArray(),
                      Formats.ENVELOPE.encode(e)))
              .toArray(SimpleRecord[]::new);
      segment.writeBytes(
          Utils.toArray(MemoryRecords.withRecords(from, compression, 0, records).buffer()));
    }
    Files.write(log.segment(partition), segment.toByteArray());
  }

  private static void write(TestLog log, int partition, List<Envelope> envelopes)
      throws IOException {
    write(log, partition, envelopes, Compression.NONE);
  }

  private static AuditReport audit(TestLog log, AuditOptions options) throws IOException {
    return new Audit(TrustedRoots.read(log.root()), options.settled(Duration.ZERO))
        .run(new LogDirectorySource(log.data().resolve("kafka"), Duration.ZERO), () -> {});
  }

  private static List<String> names(AuditReport report) {
    return report.failures().stream().map(Failure::name).toList();
  }

  private static TestChain chain(TestLog log, int partition, int events) throws Exception {
    TestChain chain = TestLog.chainIn(log, partition, 2);
    for (int left = events; left > 0; left -= 64) {
      chain.sealHeartbeats(Math.min(64, left));
    }
    return chain;
  }

  @Test
  void aRecordOutsideThePartitionOfItsChainIsNamedThere(@TempDir Path data) throws Exception {
    TestLog log = TestLog.in(data);
    TestChain home = chain(log, 0, 10);
    TestChain other = chain(log, 1, 3);
    List<Envelope> second = new ArrayList<>(other.envelopes());
    second.add(home.envelopes().get(4));
    write(log, 0, home.envelopes());
    write(log, 1, second);
    AuditReport report = log.audit();
    assertThat(names(report)).containsExactly("WrongPartition");
    Failure failure = report.failures().getFirst();
    assertThat(failure.detail())
        .isEqualTo("expected in partition 0, where its chain belongs, found in partition 1");
    assertThat(failure.where().place().partition()).isEqualTo(1);
    assertThat(failure.where().place().offset()).isEqualTo(4);
    assertThat(failure.where().sequence()).isEqualTo(4);
    assertThat(report.verified()).isEqualTo(15);
  }

  @Test
  void aWholeChainInTheWrongPartitionIsNoPartOfTheLog(@TempDir Path data) throws Exception {
    TestLog log = TestLog.in(data);
    TestChain misplaced = chain(log, 1, 5);
    write(log, 0, misplaced.envelopes());
    write(log, 1, chain(log, 1, 1).envelopes());
    AuditReport report = log.audit();
    assertThat(names(report)).hasSize(6).containsOnly("WrongPartition");
    assertThat(report.chains().getFirst().head()).isNull();
    assertThat(report.verified()).isEqualTo(2);
  }

  @Test
  void theReportIsTheSameWhateverTheThreadsAndSignaturesAndOrders(@TempDir Path data)
      throws Exception {
    TestLog log = TestLog.in(data);
    List<Envelope> first = new ArrayList<>(chain(log, 0, 900).envelopes());
    first.addAll(chain(log, 0, 70).envelopes());
    Collections.swap(first, 30, 31);
    first.remove(500);
    first.remove(0);
    List<Envelope> second = new ArrayList<>(chain(log, 1, 600).envelopes());
    second.subList(100, 140).clear();
    second.addAll(first.subList(5, 8));
    write(log, 0, first);
    write(log, 1, second);
    AuditReport one = audit(log, AuditOptions.DEFAULT.threads(1));
    assertThat(names(one)).contains("NoGenesis", "Gap", "WrongPartition");
    assertThat(audit(log, AuditOptions.DEFAULT.threads(1).signatures(Signatures.ALL)))
        .isEqualTo(one);
    for (int threads : new int[] {2, 3, 8}) {
      assertThat(audit(log, AuditOptions.DEFAULT.threads(threads))).isEqualTo(one);
    }
  }

  @Test
  void whatIsAdmittedIsHandedOnOnceInTheOrderOfOffsets(@TempDir Path data) throws Exception {
    TestLog log = TestLog.in(data);
    List<Envelope> first = new ArrayList<>(chain(log, 0, 700).envelopes());
    Collections.swap(first, 40, 50);
    first.add(first.get(9));
    write(log, 0, first);
    write(log, 1, chain(log, 1, 100).envelopes());
    Map<Integer, List<Long>> offsets = Collections.synchronizedMap(new TreeMap<>());
    audit(
        log,
        AuditOptions.DEFAULT
            .threads(4)
            .admitted((partition, offset, link, hash) -> {
              assertThat(link.hash()).isEqualTo(hash);
              if (partition == 0) {
                assertThat(Link.of(first.get((int) offset))).isEqualTo(link);
              }
              offsets.computeIfAbsent(partition, _ -> new ArrayList<>()).add(offset);
            }));
    assertThat(offsets.get(0)).isEqualTo(IntStream.range(0, 701).mapToObj(i -> (long) i).toList());
    assertThat(offsets.get(1)).isEqualTo(IntStream.range(0, 101).mapToObj(i -> (long) i).toList());
  }

  @Test
  void anOldRecordOnceMoreIsReplayedAndAnotherOneThereIsAForkWithBothPlaces(@TempDir Path data)
      throws Exception {
    TestLog log = TestLog.in(data);
    TestChain chain = chain(log, 0, ChainVerifier.LINKS_KEPT + 300);
    Envelope old = chain.envelopes().get(7);
    // The same key seals another history from the same genesis on.
    List<Envelope> rival = rival(chain);
    List<Envelope> all = new ArrayList<>(chain.envelopes());
    all.add(old);
    all.add(rival.get(1));
    write(log, 0, all);
    write(log, 1, chain(log, 1, 1).envelopes());
    AuditReport report = log.audit();
    assertThat(names(report)).containsExactly("Replayed", "Fork");
    long last = chain.envelopes().size();
    assertThat(report.failures().get(0).detail())
        .isEqualTo(
            "expected #7 once, at offset 7, found the same link again, further behind than any collector resends");
    assertThat(report.failures().get(0).where().place().offset()).isEqualTo(last);
    assertThat(report.failures().get(1).detail())
        .isEqualTo(
            "at #1 expected link %s, as at offset 1, found %s"
                .formatted(
                    Link.of(chain.envelopes().get(1)).hash().hex(),
                    Link.of(rival.get(1)).hash().hex()));
    assertThat(report.failures().get(1).where().place().offset()).isEqualTo(last + 1);
    assertThat(report.chains().getFirst().failures()).isEqualTo(2);
  }

  private static List<Envelope> rival(TestChain chain) {
    Sealer.Opened opened =
        Sealer.open(chain.signer(), chain.envelopes().getFirst().event().toByteArray());
    List<Envelope> rival = new ArrayList<>(List.of(opened.genesis()));
    rival.addAll(
        opened.sealer().seal(List.of(TestLog.event(new Body.CollectorHeartbeat(9, 9, 9)))));
    return rival;
  }

  @Test
  void aCompressedBatchIsNamedAndNotOpened(@TempDir Path data) throws Exception {
    TestLog log = TestLog.in(data);
    write(log, 0, log.chain().envelopes(), Compression.gzip().build());
    AuditReport report = log.audit();
    assertThat(names(report)).containsExactly("CompressedBatch");
    assertThat(report.failures().getFirst().detail())
        .isEqualTo(
            "expected an uncompressed batch, as the topic declares, found compression 1: what is in it was not looked at");
  }

  // --- memory

  /** Chains of one collector, each a little of, in turn: no chain's links stay where they are. */
  private static void writeManyChains(TestLog log, int chains, int seals) throws Exception {
    TestChain signer = log.chain();
    List<Sealer> sealers = new ArrayList<>();
    Path segment = log.segment(0);
    Files.createDirectories(segment.resolveSibling("."));
    Body genesis = Formats.EVENT.decode(signer.envelopes().getFirst().event().toByteArray()).body();
    long offset = 0;
    try (var out = Files.newOutputStream(segment)) {
      for (int i = 0; i < chains; i++) {
        Sealer.Opened opened = Sealer.open(signer.signer(), TestLog.event(genesis));
        sealers.add(opened.sealer());
        offset = append(out, offset, List.of(opened.genesis()));
      }
      for (int round = 0; round < seals; round++) {
        for (Sealer sealer : sealers) {
          List<byte[]> events = new ArrayList<>();
          for (int i = 0; i < 40; i++) {
            events.add(TestLog.event(new Body.CollectorHeartbeat(i, round, 0)));
          }
          offset = append(out, offset, sealer.seal(events));
        }
      }
    }
  }

  private static long append(java.io.OutputStream out, long offset, List<Envelope> envelopes)
      throws IOException {
    SimpleRecord[] records =
        envelopes.stream()
            .map(e ->
                new SimpleRecord(
                    TestChain.NOW.toEpochMilli(),
                    e.chain().toByteArray(),
                    Formats.ENVELOPE.encode(e)))
            .toArray(SimpleRecord[]::new);
    out.write(
        Utils.toArray(MemoryRecords.withRecords(offset, Compression.NONE, 0, records).buffer()));
    return offset + records.length;
  }

  @Test
  void fiveThousandChainsAreVerifiedInAHeapThatCouldNotHoldTheirLinks(@TempDir Path data)
      throws Exception {
    TestLog log = TestLog.in(data);
    writeManyChains(log, 5_000, 3);
    Process small =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx48m",
                "-XX:+UseSerialGC",
                "-XX:+ExitOnOutOfMemoryError",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                PartitionsTest.class.getName(),
                log.root().toString(),
                log.data().resolve("kafka").toString())
            .redirectErrorStream(true)
            .start();
    String output = new String(small.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(small.waitFor()).as(output).isZero();
    assertThat(output).contains("true 605000");
  }

  /** The same in a process of its own: root file, log directory. */
  public static void main(String[] arguments) throws Exception {
    AuditReport report =
        new Audit(
                TrustedRoots.read(Path.of(arguments[0])),
                AuditOptions.DEFAULT.settled(Duration.ZERO))
            .run(new LogDirectorySource(Path.of(arguments[1])), () -> {});
    System.out.println(report.intact() + " " + report.verified() + " of " + Topic.EVENTS);
  }
}
