package dev.custody.publish;

import dev.custody.digest.Bytes;
import dev.custody.digest.ChainId;
import dev.custody.spool.SpoolException;
import dev.custody.spool.Spooled;
import dev.custody.topic.Topic;
import dev.custody.topic.TopicException;
import dev.custody.topic.Topics;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Publishes to Kafka: an idempotent producer that waits for all in-sync replicas. */
public final class KafkaOutlet implements Outlet {
  private static final int BATCH_BYTES = 512 << 10;
  private static final Duration LONGEST_SILENCE = Duration.ofSeconds(15);
  private static final Duration POLL = Duration.ofMillis(200);

  private final Producer<byte[], byte[]> producer;
  private final String bootstrapServers;
  private final int partitions;

  private KafkaOutlet(Producer<byte[], byte[]> producer, String bootstrapServers, int partitions) {
    this.producer = producer;
    this.bootstrapServers = bootstrapServers;
    this.partitions = partitions;
  }

  /**
   * Outlets to a cluster. Each opening first sees to the topics, so that nothing is published to
   * one with another partition count.
   *
   * @param bootstrapServers {@code HOST:PORT}, comma-separated
   * @param partitions expected partitions of every topic
   * @param replication copies of a topic that is missing
   */
  public static Opener to(String bootstrapServers, int partitions, short replication) {
    return () -> {
      try {
        ensureTopics(bootstrapServers, partitions, replication);
        return new KafkaOutlet(
            new KafkaProducer<>(settings(bootstrapServers)), bootstrapServers, partitions);
      } catch (InterruptException e) {
        throw interrupted(e);
      } catch (TopicException | KafkaException e) {
        if (Thread.currentThread().isInterrupted()) {
          throw interrupted(e);
        }
        throw new OutletException(String.valueOf(e.getMessage()), e);
      }
    };
  }

  private static InterruptedException interrupted(Exception cause) {
    // Kafka sets the flag again when it reports an interrupt as its own exception.
    Thread.interrupted();
    InterruptedException e = new InterruptedException("interrupted while reaching Kafka");
    e.initCause(cause);
    return e;
  }

  private static void ensureTopics(String bootstrapServers, int partitions, short replication)
      throws TopicException {
    Map<String, Object> settings =
        Map.of(
            CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG,
            bootstrapServers,
            CommonClientConfigs.CLIENT_ID_CONFIG,
            "custody-collector-topics",
            CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG,
            10_000,
            CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG,
            5_000,
            CommonClientConfigs.METRIC_REPORTER_CLASSES_CONFIG,
            "",
            CommonClientConfigs.ENABLE_METRICS_PUSH_CONFIG,
            false);
    Admin admin = Admin.create(settings);
    try {
      Topics.ensure(admin, partitions, replication);
    } finally {
      admin.close(Duration.ZERO);
    }
  }

  static Map<String, Object> settings(String bootstrapServers) {
    return Map.ofEntries(
        Map.entry(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers),
        Map.entry(ProducerConfig.CLIENT_ID_CONFIG, "custody-collector"),
        Map.entry(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class),
        Map.entry(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class),
        Map.entry(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true),
        Map.entry(ProducerConfig.ACKS_CONFIG, "all"),
        Map.entry(ProducerConfig.COMPRESSION_TYPE_CONFIG, "none"),
        Map.entry(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Topic.MAX_MESSAGE_BYTES),
        Map.entry(ProducerConfig.LINGER_MS_CONFIG, 5),
        Map.entry(ProducerConfig.BATCH_SIZE_CONFIG, BATCH_BYTES),
        // A broker that is away is waited for: the spool keeps what the producer holds anyway.
        Map.entry(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, Integer.MAX_VALUE),
        Map.entry(ProducerConfig.MAX_BLOCK_MS_CONFIG, 5_000),
        Map.entry(ProducerConfig.BUFFER_MEMORY_CONFIG, 2 * Publisher.MAX_BYTES_UNDER_WAY),
        Map.entry(ProducerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 1_000),
        Map.entry(ProducerConfig.RETRY_BACKOFF_MAX_MS_CONFIG, 1_000),
        Map.entry(ProducerConfig.METRIC_REPORTER_CLASSES_CONFIG, ""),
        Map.entry(ProducerConfig.ENABLE_METRICS_PUSH_CONFIG, false));
  }

  @Override
  public void send(Spooled envelope, Answer answer) throws InterruptedException {
    try {
      var _ =
          producer.send(
              new ProducerRecord<>(
                  Topic.EVENTS.topicName(),
                  null,
                  envelope.observedAtMillis(),
                  envelope.chain().toByteArray(),
                  envelope.envelope().toByteArray()),
              (metadata, failure) -> answer.arrived(failure));
    } catch (InterruptException e) {
      throw interrupted(e);
    } catch (KafkaException | IllegalStateException e) {
      answer.arrived(e);
    }
  }

  @Override
  public void readBack(ChainId chain, long sinceMillis, Reader reader)
      throws OutletException, SpoolException, InterruptedException {
    // What the producer's own partitioner makes of the key.
    byte[] key = chain.toByteArray();
    TopicPartition partition =
        new TopicPartition(
            Topic.EVENTS.topicName(), BuiltInPartitioner.partitionForKey(key, partitions));
    try (KafkaConsumer<byte[], byte[]> consumer = consumer(bootstrapServers)) {
      consumer.assign(List.of(partition));
      OffsetAndTimestamp first =
          consumer.offsetsForTimes(Map.of(partition, sinceMillis)).get(partition);
      Long end = consumer.endOffsets(List.of(partition)).get(partition);
      if (first != null && end != null) {
        consumer.seek(partition, first.offset());
        read(consumer, partition, end, key, reader);
      }
    } catch (InterruptException e) {
      throw interrupted(e);
    } catch (KafkaException e) {
      throw new OutletException(String.valueOf(e.getMessage()), e);
    }
  }

  private static void read(
      KafkaConsumer<byte[], byte[]> consumer,
      TopicPartition partition,
      long end,
      byte[] key,
      Reader reader)
      throws OutletException, SpoolException {
    long heard = System.nanoTime();
    while (consumer.position(partition) < end) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL).records(partition)) {
        heard = System.nanoTime();
        if (Arrays.equals(key, record.key()) && record.value() != null) {
          reader.value(new Bytes(record.value()));
        }
      }
      if (System.nanoTime() - heard > LONGEST_SILENCE.toNanos()) {
        throw new OutletException(
            "%s cannot be read back: at offset %d of %d, and nothing more for %d s"
                .formatted(
                    partition, consumer.position(partition), end, LONGEST_SILENCE.toSeconds()));
      }
    }
  }

  private static KafkaConsumer<byte[], byte[]> consumer(String bootstrapServers) {
    return new KafkaConsumer<>(
        Map.of(
            ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
            bootstrapServers,
            ConsumerConfig.CLIENT_ID_CONFIG,
            "custody-collector-resuming",
            ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
            false,
            ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
            "none",
            ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
            false,
            ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
            10_000,
            ConsumerConfig.METRIC_REPORTER_CLASSES_CONFIG,
            "",
            ConsumerConfig.ENABLE_METRICS_PUSH_CONFIG,
            false),
        new ByteArrayDeserializer(),
        new ByteArrayDeserializer());
  }

  @Override
  public void close() {
    producer.close(Duration.ZERO);
  }
}
