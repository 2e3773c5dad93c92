package dev.custody.index;

import dev.custody.topic.Topic;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the store up with Kafka, on a thread of its own, until it is closed.
 *
 * <p>It belongs to no consumer group: how far it has read stands in the store itself, so that a
 * crash neither loses nor repeats, and a deleted store is built again from the beginning.
 */
public final class Indexer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Indexer.class);

  /** Most documents between two commits: what a crash makes it read again. */
  private static final int MAX_UNCOMMITTED = 20_000;

  /** Longest time until what was read can be found. */
  private static final Duration COMMIT_INTERVAL = Duration.ofSeconds(1);

  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration LONGEST_CLOSE = Duration.ofSeconds(20);
  private static final Duration LONGEST_FAREWELL = Duration.ofSeconds(1);
  private static final int MAX_FETCH_BYTES = 16 << 20;

  /** Kafka names the partition of a damaged batch in the text of its exception only. */
  private static final Pattern PARTITION = Pattern.compile("(custody\\.[a-z]+)-(\\d+)");

  private final Path directory;
  private final EventIndex index;
  private final RecordReader reader;
  private final Admin admin;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Thread thread;
  private final AtomicBoolean closing = new AtomicBoolean();

  /** Written by the indexer's thread only. */
  private volatile Progress progress = new Progress(Map.of(), false);

  private volatile @Nullable Throwable failure;
  private Offsets offsets;
  private long dirtySince;

  /**
   * How far the thread is.
   *
   * @param next first offset not yet read
   * @param committed whether all that was read is in the store, durably
   */
  private record Progress(Map<TopicPartition, Long> next, boolean committed) {}

  private Indexer(Path directory, String bootstrapServers) {
    this.directory = directory;
    this.index = EventIndex.open(directory);
    this.reader = new RecordReader(index);
    this.offsets = Offsets.of(index.userData());
    this.admin = Admin.create(adminSettings(bootstrapServers));
    this.consumer = new KafkaConsumer<>(consumerSettings(bootstrapServers));
    this.thread = Thread.ofPlatform().daemon().name("custody-indexer").unstarted(this::run);
  }

  /**
   * Starts to feed the store in {@code directory} from Kafka. Topics that do not exist yet are
   * waited for.
   *
   * @throws IndexException when the store cannot be written
   */
  public static Indexer start(Path directory, String bootstrapServers) {
    Indexer indexer = new Indexer(directory, bootstrapServers);
    indexer.thread.start();
    return indexer;
  }

  private static Properties adminSettings(String bootstrapServers) {
    Properties settings = new Properties();
    settings.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    settings.put(AdminClientConfig.CLIENT_ID_CONFIG, "custody-index-admin");
    return settings;
  }

  private static Properties consumerSettings(String bootstrapServers) {
    Properties settings = new Properties();
    settings.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    settings.put(ConsumerConfig.CLIENT_ID_CONFIG, "custody-index");
    settings.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
    settings.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
    settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
    settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
    settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
    settings.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, Topic.MAX_MESSAGE_BYTES);
    settings.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, MAX_FETCH_BYTES);
    settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 2_000);
    return settings;
  }

  /**
   * Whether everything that Kafka holds now can be found in the store.
   *
   * @throws IllegalStateException when the indexer has failed
   */
  public boolean caughtUp() throws InterruptedException {
    Throwable cause = failure;
    if (cause != null) {
      throw new IllegalStateException("the indexer of " + directory + " has failed", cause);
    }
    Progress now = progress;
    if (!now.committed()) {
      return false;
    }
    try {
      return SourceTopics.ends(admin, now.next().keySet()).entrySet().stream()
          .allMatch(end -> now.next().getOrDefault(end.getKey(), -1L) >= end.getValue());
    } catch (RetriableException e) {
      return false;
    }
  }

  /** Why it works no longer; empty as long as it does, and after an orderly close. */
  public Optional<Throwable> failure() {
    return Optional.ofNullable(failure);
  }

  private void run() {
    try {
      if (connect()) {
        while (!closing.get()) {
          readOnWhileThereIsKafka();
        }
        commit();
      }
    } catch (WakeupException e) {
      commit();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Throwable e) {
      failure = e;
      log.error("the indexer of {} stopped: {}", directory, e.getMessage(), e);
    }
  }

  /** Waits for the topics, and goes to where the store stands in each; false when closed first. */
  private boolean connect() throws InterruptedException {
    for (int attempt = 0; !closing.get(); attempt++) {
      try {
        SourceTopics topics = SourceTopics.ask(admin);
        settle(topics);
        seek(topics.partitions());
        return true;
      } catch (RetriableException e) {
        if (attempt == 0) {
          log.info("waiting for Kafka and its topics: {}", e.getMessage());
        }
        TimeUnit.MILLISECONDS.sleep(100);
      }
    }
    return false;
  }

  /** Forgets what was read from topics that are no longer. */
  private void settle(SourceTopics topics) {
    if (offsets.cluster() != null && !offsets.cluster().equals(topics.cluster())) {
      log.warn(
          "the index {} was built from Kafka cluster {}, this is {}: building it again",
          directory,
          offsets.cluster(),
          topics.cluster());
      index.clear();
      offsets = new Offsets(null, Map.of(), Map.of());
    }
    Map<TopicPartition, Long> next = new HashMap<>(offsets.next());
    for (Topic topic : Offsets.SOURCES) {
      String known = offsets.topics().get(topic.topicName());
      if (known != null && !known.equals(topics.ids().get(topic.topicName()))) {
        log.warn("topic {} was made anew: reading it from its beginning", topic.topicName());
        index.forget(documents(topic));
        next.keySet().removeIf(partition -> partition.topic().equals(topic.topicName()));
      }
    }
    offsets = new Offsets(topics.cluster(), topics.ids(), next);
  }

  private static String[] documents(Topic topic) {
    return switch (topic) {
      case ATTRIBUTED -> new String[] {Fields.EVENT, Fields.HISTORY};
      case TRACES -> new String[] {Fields.EDGE, Fields.WITHDRAWN};
      default -> new String[] {Fields.FINDING};
    };
  }

  private void seek(List<TopicPartition> partitions) {
    consumer.assign(partitions);
    for (TopicPartition partition : partitions) {
      Long next = offsets.next().get(partition);
      if (next == null) {
        consumer.seekToBeginning(List.of(partition));
      } else {
        consumer.seek(partition, next);
      }
    }
  }

  private void readOnWhileThereIsKafka() {
    try {
      readOn();
    } catch (RetriableException e) {
      log.info("Kafka does not answer, trying again: {}", e.getMessage());
    }
  }

  private void readOn() {
    poll().forEach(reader::read);
    Map<TopicPartition, Long> next = new HashMap<>();
    for (TopicPartition partition : consumer.assignment()) {
      next.put(partition, consumer.position(partition));
    }
    offsets = offsets.readTo(next);
    if (index.uncommitted() == 0) {
      dirtySince = System.nanoTime();
    } else if (index.uncommitted() >= MAX_UNCOMMITTED
        || System.nanoTime() - dirtySince >= COMMIT_INTERVAL.toNanos()) {
      commit();
    }
    progress = new Progress(next, index.uncommitted() == 0);
  }

  private ConsumerRecords<byte[], byte[]> poll() {
    try {
      return consumer.poll(POLL);
    } catch (OffsetOutOfRangeException e) {
      Set<TopicPartition> lost = e.offsetOutOfRangePartitions().keySet();
      log.warn("{}: the offsets kept are no longer there, reading from the beginning", lost);
      consumer.seekToBeginning(lost);
    } catch (WakeupException | RetriableException e) {
      throw e;
    } catch (KafkaException e) {
      skip(e);
    }
    return ConsumerRecords.empty();
  }

  /** Steps over a batch that fails its checksum, one offset at a time. */
  private void skip(KafkaException damage) {
    Matcher named = PARTITION.matcher(String.valueOf(damage.getMessage()));
    while (named.find()) {
      TopicPartition partition =
          new TopicPartition(named.group(1), Integer.parseInt(named.group(2)));
      if (consumer.assignment().contains(partition)) {
        long position = consumer.position(partition);
        log.warn(
            "{} offset {} is damaged and was left out: {}",
            partition,
            position,
            damage.getMessage());
        consumer.seek(partition, position + 1);
        return;
      }
    }
    throw damage;
  }

  private void commit() {
    if (index.uncommitted() > 0) {
      index.commit(offsets.toUserData());
    }
  }

  /** Stops after what was read is durable. Closing again does nothing. */
  @Override
  public void close() {
    if (!closing.compareAndSet(false, true)) {
      return;
    }
    consumer.wakeup();
    try {
      if (!thread.join(LONGEST_CLOSE)) {
        log.warn("the indexer of {} does not stop; its thread is left to itself", directory);
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    }
    // It leaves no group, so there is nothing to wait for; Kafka may be gone already.
    consumer.close(CloseOptions.timeout(LONGEST_FAREWELL));
    admin.close(LONGEST_FAREWELL);
    index.close();
  }
}
