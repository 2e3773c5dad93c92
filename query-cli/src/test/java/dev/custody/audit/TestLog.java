package dev.custody.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.custody.admission.CertificateAuthority;
import dev.custody.admission.TestChain;
import dev.custody.admission.TrustedRoots;
import dev.custody.chain.Envelope;
import dev.custody.chain.Sealer;
import dev.custody.event.Body;
import dev.custody.local.EmbeddedBroker;
import dev.custody.signing.KeyDirectory;
import dev.custody.signing.KeyException;
import dev.custody.signing.Signer;
import dev.custody.topic.Topic;
import dev.custody.topic.TopicException;
import dev.custody.topic.Topics;
import dev.custody.wire.Formats;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * A data directory with real keys and a log that a real broker wrote; and what an attacker does.
 */
public final class TestLog {
  private static final int HEADER = 61;

  private final Path data;

  private TestLog(Path data) {
    this.data = data;
  }

  /** An empty data directory of one organisation; its root key is in {@code keys/root.pub}. */
  public static TestLog in(Path data) throws IOException, KeyException {
    TestLog log = new TestLog(data);
    Files.createDirectories(data.resolve("keys"));
    Files.writeString(log.root(), TrustedRoots.fileText(log.authority().publicKey()));
    return log;
  }

  public Path data() {
    return data;
  }

  public Path root() {
    return data.resolve("keys").resolve("root.pub");
  }

  /** A chain of a new collector of this organisation. */
  public TestChain chain() throws KeyException {
    return TestChain.open(data);
  }

  /** A chain whose key Kafka's default partitioner puts into {@code partition}. */
  static TestChain chainIn(TestLog log, int partition, int partitions) throws KeyException {
    while (true) {
      TestChain chain = log.chain();
      byte[] key = chain.envelopes().getFirst().chain().toByteArray();
      if (BuiltInPartitioner.partitionForKey(key, partitions) == partition) {
        return chain;
      }
    }
  }

  private KeyDirectory keys() throws KeyException {
    return KeyDirectory.open(data.resolve("keys"), data.resolve("wrapping.key"));
  }

  private CertificateAuthority authority() throws KeyException {
    return new CertificateAuthority(keys().signer("root"));
  }

  /** A chain of {@code collector} that says it follows {@code predecessor}. */
  public Sealer.Opened open(String collector, Body.@Nullable Predecessor predecessor)
      throws KeyException {
    Signer signer = keys().signer("key");
    return Sealer.open(
        signer,
        event(
            new Body.Genesis(
                authority()
                    .certifyCollector(
                        collector, signer.publicKey(), TestChain.NOW, Duration.ofDays(1)),
                predecessor,
                false,
                "custody-test 1")));
  }

  /** An encoded event. */
  public static byte[] event(Body body) {
    return Formats.EVENT.encode(TestChain.event(body).build());
  }

  /** Starts a broker with an empty log. */
  public EmbeddedBroker start(int partitions) throws TopicException {
    EmbeddedBroker broker = EmbeddedBroker.start(data.resolve("kafka"), 0);
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      Topics.ensure(admin, partitions, (short) 1);
    }
    return broker;
  }

  /** Publishes as a collector does, {@code group} envelopes at most in a batch. */
  public static void publish(
      EmbeddedBroker broker, List<Envelope> envelopes, int partition, int group)
      throws InterruptedException, ExecutionException {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of(
                "bootstrap.servers",
                broker.bootstrapServers(),
                "acks",
                "all",
                "linger.ms",
                1000,
                "batch.size",
                1 << 20),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      List<Future<RecordMetadata>> sent = new ArrayList<>();
      for (Envelope e : envelopes) {
        sent.add(
            producer.send(
                new ProducerRecord<>(
                    Topic.EVENTS.topicName(),
                    partition,
                    TestChain.NOW.toEpochMilli(),
                    e.chain().toByteArray(),
                    Formats.ENVELOPE.encode(e))));
        if (sent.size() % group == 0) {
          producer.flush();
        }
      }
      producer.flush();
      for (Future<RecordMetadata> one : sent) {
        assertThat(one.get().partition()).isEqualTo(partition);
      }
    }
  }

  /** Writes a whole log of one partition by a broker that then stops. */
  public TestLog write(List<Envelope> envelopes) throws Exception {
    try (EmbeddedBroker broker = start(1)) {
      publish(broker, envelopes, 0, 8);
    }
    return this;
  }

  /** Writes one chain of 60 records in seals of 1 to 10, in batches of 8. */
  TestChain sixty() throws Exception {
    TestChain chain = chain();
    for (int size = 1; size <= 10; size++) {
      chain.sealHeartbeats(size);
    }
    chain.sealHeartbeats(4);
    var _ = write(chain.envelopes());
    return chain;
  }

  /** What {@code report} found, by name. */
  static List<String> names(AuditReport report) {
    return report.failures().stream().map(Failure::name).toList();
  }

  /** A copy of keys and log. */
  public TestLog copyTo(Path to) throws IOException {
    try (Stream<Path> files = Files.walk(data)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path copy = to.resolve(data.relativize(file).toString());
        Files.createDirectories(copy.getParent());
        Files.copy(file, copy, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
      }
    }
    return new TestLog(to);
  }

  /** The segment file of a partition. */
  public Path segment(int partition) {
    return data.resolve(
        "kafka/%s-%d/00000000000000000000.log".formatted(Topic.EVENTS.topicName(), partition));
  }

  /** Everything that is stored, whether or not it verifies. */
  public List<RecordSource.Stored> stored() throws IOException {
    List<RecordSource.Stored> stored = new ArrayList<>();
    source()
        .read(
            new RecordSource.Sink() {
              @Override
              public void record(RecordSource.Stored record) {
                stored.add(record);
              }

              @Override
              public void failure(Failure failure) {
                throw new AssertionError(failure);
              }
            });
    return stored;
  }

  /** Writes the segment anew, as an attacker who knows Kafka's format does. */
  public void rewrite(int partition, Consumer<List<SimpleRecord>> change) throws IOException {
    List<SimpleRecord> records = new ArrayList<>();
    for (RecordSource.Stored s : stored()) {
      if (s.place().partition() == partition) {
        records.add(new SimpleRecord(s.timestamp(), s.key(), s.value()));
      }
    }
    change.accept(records);
    ByteBuffer bytes = ByteBuffer.allocate(1 << 24);
    for (int from = 0; from < records.size(); from += 5) {
      List<SimpleRecord> some = records.subList(from, Math.min(from + 5, records.size()));
      MemoryRecords batch =
          MemoryRecords.withRecords(
              (long) from, Compression.NONE, 0, some.toArray(SimpleRecord[]::new));
      bytes.put(batch.buffer());
    }
    byte[] file = new byte[bytes.flip().remaining()];
    bytes.get(file);
    Files.write(segment(partition), file);
  }

  /** Sets the CRC of every batch right, as an attacker does, as far as lengths lead. */
  public static void fixChecksums(byte[] segment) {
    ByteBuffer bytes = ByteBuffer.wrap(segment);
    int at = 0;
    while (at + HEADER <= segment.length) {
      long size = 12L + bytes.getInt(at + 8);
      if (size < HEADER || at + size > segment.length) {
        return;
      }
      CRC32C crc = new CRC32C();
      crc.update(segment, at + 21, (int) size - 21);
      bytes.putInt(at + 17, (int) crc.getValue());
      at += (int) size;
    }
  }

  /** The files, which somebody may be writing. */
  public LogDirectorySource source() {
    return new LogDirectorySource(data.resolve("kafka"));
  }

  /** Audits the files, which nobody is writing. */
  public AuditReport audit() throws IOException {
    return audit(new LogDirectorySource(data.resolve("kafka"), Duration.ZERO));
  }

  /** Audits {@code source}, and does not wait for more. */
  public AuditReport audit(RecordSource source) throws IOException {
    return new Audit(TrustedRoots.read(root()), AuditOptions.DEFAULT.settled(Duration.ZERO))
        .run(source, () -> {});
  }
}
