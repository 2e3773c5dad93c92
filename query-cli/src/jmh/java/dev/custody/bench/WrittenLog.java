package dev.custody.bench;

import dev.custody.admission.CertificateAuthority;
import dev.custody.admission.TrustedRoots;
import dev.custody.chain.Envelope;
import dev.custody.chain.Sealer;
import dev.custody.digest.Bytes;
import dev.custody.digest.ChainId;
import dev.custody.event.Actor;
import dev.custody.event.Agent;
import dev.custody.event.Body;
import dev.custody.event.EventBuilder;
import dev.custody.event.Host;
import dev.custody.event.Human;
import dev.custody.event.HumanBasis;
import dev.custody.event.Outcome;
import dev.custody.event.Source;
import dev.custody.event.ToolProvider;
import dev.custody.event.ToolProviderKind;
import dev.custody.signing.KeyDirectory;
import dev.custody.signing.KeyException;
import dev.custody.signing.Signer;
import dev.custody.topic.Topic;
import dev.custody.wire.Formats;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;

/**
 * Writes a log of many events as collectors and a broker would: real keys, real seals, Kafka's
 * format, batches of at most 16 KiB (the producer's default), segments of at most 1 GiB.
 */
final class WrittenLog {
  private static final int BATCH_BYTES = 16 << 10;
  private static final long SEGMENT_BYTES = 1L << 30;
  static final Instant BEGIN = Instant.parse("2026-11-22T07:00:00Z");

  private final Path directory;
  private final TrustedRoots roots;
  private final CertificateAuthority authority;
  private final KeyDirectory keys;
  private final List<Partition> partitions = new ArrayList<>();

  private record Collector(Sealer sealer, Partition partition) {}

  /** One partition's segments, being written. */
  private static final class Partition implements AutoCloseable {
    private final Path directory;
    private final List<SimpleRecord> batch = new ArrayList<>();
    private int bytes;
    private long offset;
    private FileChannel segment;

    Partition(Path directory) throws IOException {
      this.directory = Files.createDirectories(directory);
      this.segment = open();
    }

    private FileChannel open() throws IOException {
      return FileChannel.open(
          directory.resolve(String.format(Locale.ROOT, "%020d.log", offset)),
          StandardOpenOption.CREATE_NEW,
          StandardOpenOption.WRITE);
    }

    void add(long time, Envelope envelope) throws IOException {
      byte[] value = Formats.ENVELOPE.encode(envelope);
      if (bytes + value.length > BATCH_BYTES) {
        flush();
      }
      batch.add(new SimpleRecord(time, envelope.chain().toByteArray(), value));
      bytes += value.length;
    }

    private void flush() throws IOException {
      if (batch.isEmpty()) {
        return;
      }
      if (segment.position() + bytes > SEGMENT_BYTES) {
        segment.close();
        segment = open();
      }
      ByteBuffer records =
          MemoryRecords.withRecords(
                  offset, Compression.NONE, 0, batch.toArray(SimpleRecord[]::new))
              .buffer();
      while (records.hasRemaining()) {
        segment.write(records);
      }
      offset += batch.size();
      batch.clear();
      bytes = 0;
    }

    @Override
    public void close() throws IOException {
      flush();
      segment.close();
    }
  }

  private WrittenLog(Path directory, int partitionCount) throws IOException, KeyException {
    this.directory = directory;
    this.keys =
        KeyDirectory.open(directory.resolve("keys"), directory.resolve("wrapping.key"));
    this.authority = new CertificateAuthority(keys.signer("root"));
    this.roots = new TrustedRoots(List.of(authority.publicKey()));
    for (int i = 0; i < partitionCount; i++) {
      partitions.add(
          new Partition(
              directory.resolve("kafka").resolve(Topic.EVENTS.topicName() + "-" + i)));
    }
  }

  /**
   * Writes {@code events} events of {@code collectors} collectors, in turn a seal each.
   *
   * @param directory an empty directory
   * @param sealSize events under one signature
   */
  static WrittenLog write(
      Path directory, int partitions, int collectors, long events, int sealSize)
      throws IOException, KeyException {
    WrittenLog log = new WrittenLog(directory, partitions);
    List<Collector> writers = new ArrayList<>();
    for (int i = 0; i < collectors; i++) {
      writers.add(log.open(i));
    }
    long written = collectors;
    while (written < events) {
      for (Collector writer : writers) {
        int count = (int) Math.min(sealSize, events - written);
        if (count > 0) {
          log.seal(writer, written, count);
          written += count;
        }
      }
    }
    for (Partition partition : log.partitions) {
      partition.close();
    }
    return log;
  }

  Path logs() {
    return directory.resolve("kafka");
  }

  TrustedRoots roots() {
    return roots;
  }

  private Collector open(int number) throws IOException, KeyException {
    Signer signer = keys.signer("collector-" + number);
    Sealer.Opened opened =
        Sealer.open(
            signer,
            genesis(
                authority.certifyCollector(
                    "spiffe://bench/collector/" + number,
                    signer.publicKey(),
                    BEGIN,
                    Duration.ofDays(3650))));
    ChainId chain = opened.genesis().chain();
    Partition partition =
        partitions.get(
            BuiltInPartitioner.partitionForKey(chain.toByteArray(), partitions.size()));
    partition.add(BEGIN.toEpochMilli(), opened.genesis());
    return new Collector(opened.sealer(), partition);
  }

  static byte[] genesis(Bytes certificate) {
    return Formats.EVENT.encode(
        event(BEGIN, new Body.Genesis(certificate, null, false, "bench")).build());
  }

  private void seal(Collector collector, long number, int count) throws IOException {
    List<byte[]> events = new ArrayList<>(count);
    Instant now = BEGIN.plusMillis(number);
    for (int i = 0; i < count; i++) {
      events.add(toolCall(now, number + i));
    }
    for (Envelope envelope : collector.sealer().seal(events)) {
      collector.partition().add(now.toEpochMilli(), envelope);
    }
  }

  private static EventBuilder event(Instant now, Body body) {
    return new EventBuilder(
        new Source("claude-code", "PreToolUse", null, "2.0.44"),
        new Host("jane-laptop", "Linux 6.12"),
        now,
        body);
  }

  /** A tool call as the hooks report it, about 600 bytes. */
  static byte[] toolCall(Instant now, long number) {
    byte[] content =
        ("{\"hook_event_name\":\"PreToolUse\",\"tool_name\":\"Bash\",\"tool_input\":{\"command\":"
                + "\"aws s3 ls s3://acme-reports/2026/11/" + number
                + " --recursive --human-readable\",\"description\":\"List the reports of the day\"}}")
            .getBytes(StandardCharsets.UTF_8);
    return Formats.EVENT.encode(
        event(now, new Body.ToolCallRequested("Bash"))
            .actor(
                new Actor(
                    new Human("jane@acme.com", HumanBasis.AGENT_ACCOUNT, "jane", null),
                    new Agent(
                        "claude-code", "2.0.44", "spiffe://acme.com/agent/claude-code/jane", null, null)))
            .within(
                "02d1c0de-7f3a-4a52-9a54-4f64cf3cbb12",
                "8d2e1f40-55aa-4d1c-9d0e-0f8a2cf6a1b7",
                "toolu_01" + number)
            .toolProvider(new ToolProvider(ToolProviderKind.BUILT_IN, null, null))
            .project("/home/jane/src/reports")
            .resources(List.of("s3://acme-reports/2026/11"))
            .action("bash")
            .outcome(Outcome.UNKNOWN, null)
            .content(content, 0)
            .build());
  }
}
