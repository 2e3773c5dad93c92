package dev.custody.audit;

import dev.custody.admission.Examiner.Raw;
import dev.custody.audit.Failure.DamagedStorage;
import dev.custody.audit.Failure.Where;
import dev.custody.topic.Topic;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads {@code custody.events} from a broker, committed records only, each partition up to the end
 * that it had when the read began. It belongs to no group and commits nothing.
 *
 * <p>The client refuses a whole batch whose CRC fails. A second client that does not check it then
 * reads that batch record by record, so that the damaged one is named by its seal.
 */
public final class TopicSource implements RecordSource {
  private static final Duration LONGEST_ANSWER = Duration.ofSeconds(15);
  private static final Duration POLL = Duration.ofMillis(500);

  private final String servers;
  private final KafkaConsumer<byte[], byte[]> asking;
  private final Map<Integer, Long> next = new ConcurrentHashMap<>();
  private final AtomicLong done = new AtomicLong();
  private volatile Map<Integer, Span> noted = Map.of();
  private volatile long total;

  /** What is stored of a partition: from the first offset to before the last. */
  private record Span(TopicPartition partition, long begin, long end) {}

  /** Reads from the cluster at {@code servers}. */
  public TopicSource(String servers) throws IOException {
    this.servers = servers;
    this.asking = consumer(servers, true);
  }

  private static KafkaConsumer<byte[], byte[]> consumer(String servers, boolean checked)
      throws IOException {
    try {
      return new KafkaConsumer<>(
          Map.of(
              ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
              servers,
              ConsumerConfig.ISOLATION_LEVEL_CONFIG,
              "read_committed",
              ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
              "none",
              ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
              false,
              ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
              false,
              ConsumerConfig.CHECK_CRCS_CONFIG,
              checked,
              ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
              (int) LONGEST_ANSWER.toMillis()),
          new ByteArrayDeserializer(),
          new ByteArrayDeserializer());
    } catch (KafkaException e) {
      throw new IOException("kafka at %s: %s".formatted(servers, e.getMessage()), e);
    }
  }

  @Override
  public int begin() throws IOException {
    try {
      TreeMap<Integer, TopicPartition> partitions = new TreeMap<>();
      asking
          .partitionsFor(Topic.EVENTS.topicName())
          .forEach(
              p -> partitions.put(p.partition(), new TopicPartition(p.topic(), p.partition())));
      Map<TopicPartition, Long> ends = asking.endOffsets(partitions.values());
      Map<TopicPartition, Long> begins = asking.beginningOffsets(partitions.values());
      TreeMap<Integer, Span> spans = new TreeMap<>();
      partitions.forEach(
          (number, p) -> spans.put(number, new Span(p, offset(begins, p), offset(ends, p))));
      noted = spans;
      total =
          spans.entrySet().stream()
              .mapToLong(s -> s.getValue().end() - next.getOrDefault(s.getKey(), 0L))
              .sum();
      done.set(0);
      return spans.isEmpty() ? 0 : spans.lastKey() + 1;
    } catch (KafkaException e) {
      throw unreachable(e);
    }
  }

  private IOException unreachable(KafkaException e) {
    return new IOException("kafka at %s: %s".formatted(servers, e.getMessage()), e);
  }

  private static long offset(Map<TopicPartition, Long> offsets, TopicPartition partition) {
    Long offset = offsets.get(partition);
    if (offset == null) {
      throw new KafkaException("the broker knows no offset of " + partition);
    }
    return offset;
  }

  @Override
  public void read(int partition, Sink sink) throws IOException {
    Span span = noted.get(partition);
    if (span == null) {
      throw new IOException("the broker knows no partition " + partition + " of the topic");
    }
    try (KafkaConsumer<byte[], byte[]> checking = consumer(servers, true)) {
      read(checking, span, sink);
    } catch (KafkaException e) {
      throw unreachable(e);
    }
  }

  @Override
  public RecordSource again() throws IOException {
    return new TopicSource(servers);
  }

  private void read(KafkaConsumer<byte[], byte[]> checking, Span span, Sink sink)
      throws IOException {
    TopicPartition partition = span.partition();
    long at = next.getOrDefault(partition.partition(), 0L);
    if (span.begin() > at) {
      sink.failure(
          new Failure.MissingOffsets(
              Where.stored(new Place(partition.partition(), span.begin(), null, 0)), at));
      done.addAndGet(span.begin() - at);
      at = span.begin();
    }
    checking.assign(List.of(partition));
    checking.seek(partition, at);
    Damage damage = new Damage(partition.partition(), sink);
    while (at < span.end()) {
      long before = at;
      try {
        at = handOn(checking, partition, span.end(), sink);
      } catch (KafkaException e) {
        requireDamage(e);
        // The records before the damage were handed on by earlier polls.
        at = readDamaged(partition, checking.position(partition), damage, sink, e);
        checking.seek(partition, at);
      }
      done.addAndGet(at - before);
    }
    damage.report();
    next.put(partition.partition(), at);
  }

  private static long handOn(
      KafkaConsumer<byte[], byte[]> consumer, TopicPartition partition, long end, Sink sink)
      throws IOException {
    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL).records(partition)) {
      if (record.offset() < end) {
        sink.record(stored(record));
      }
    }
    return consumer.position(partition);
  }

  /** Hands on the one record at {@code offset}, unchecked, and says where to go on. */
  private long readDamaged(
      TopicPartition partition, long offset, Damage damage, Sink sink, KafkaException why)
      throws IOException {
    damage.at(offset, why);
    try (KafkaConsumer<byte[], byte[]> lenient = consumer(servers, false)) {
      lenient.assign(List.of(partition));
      lenient.seek(partition, offset);
      long deadline = System.nanoTime() + LONGEST_ANSWER.toNanos();
      while (System.nanoTime() < deadline) {
        List<ConsumerRecord<byte[], byte[]>> records = lenient.poll(POLL).records(partition);
        if (!records.isEmpty()) {
          sink.record(stored(records.getFirst()));
          return records.getFirst().offset() + 1;
        }
      }
    } catch (KafkaException e) {
      requireDamage(e);
    }
    return offset + 1;
  }

  /** The client reports a damaged batch by exactly these; all others mean "could not check". */
  private static void requireDamage(KafkaException e) {
    if (e.getClass() != KafkaException.class && !(e instanceof CorruptRecordException)) {
      throw e;
    }
  }

  /** Neighbouring damaged offsets, as one failure. */
  private static final class Damage {
    private final int partition;
    private final Sink sink;
    private long first = -1;
    private long last;
    private String detail = "";

    Damage(int partition, Sink sink) {
      this.partition = partition;
      this.sink = sink;
    }

    void at(long offset, KafkaException why) {
      if (first >= 0 && offset > last + 1) {
        report();
      }
      if (first < 0) {
        first = offset;
        detail = "expected a whole batch, found: " + why.getMessage();
      }
      last = offset;
    }

    void report() {
      if (first >= 0) {
        sink.failure(
            new DamagedStorage(Where.stored(new Place(partition, first, null, 0)), last, detail));
        first = -1;
      }
    }
  }

  private static Stored stored(ConsumerRecord<byte[], byte[]> record) {
    return new Stored(
        new Place(record.partition(), record.offset(), null, 0),
        Raw.of(record.key(), record.value(), record.timestamp()));
  }

  @Override
  public double progress() {
    return total == 0 ? 1 : Math.min(1, (double) done.get() / total);
  }

  @Override
  public void close() {
    asking.close();
  }
}
