package dev.custody.log;

import dev.custody.tlog.LogOrigin;
import dev.custody.topic.Topic;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;

/** Reads the end of {@code custody.checkpoints}, committed records only. */
public final class KafkaCheckpoints implements PublishedCheckpoints {
  private static final long FIRST_WINDOW = 64;
  private static final Duration POLL = Duration.ofMillis(200);

  private final String bootstrapServers;

  /** Asks the cluster at {@code bootstrapServers}. */
  public KafkaCheckpoints(String bootstrapServers) {
    this.bootstrapServers = bootstrapServers;
  }

  @Override
  public Optional<byte[]> last(LogOrigin origin) {
    TopicPartition partition =
        new TopicPartition(Topic.CHECKPOINTS.topicName(), origin.partition());
    try (KafkaConsumer<String, byte[]> consumer =
        new KafkaConsumer<>(
            Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                "read_committed",
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "earliest",
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                false),
            new StringDeserializer(),
            new ByteArrayDeserializer())) {
      consumer.assign(List.of(partition));
      long begin = consumer.beginningOffsets(List.of(partition)).getOrDefault(partition, 0L);
      long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
      // The newest one is nearly always in the first window; another generation's may lie behind.
      for (long window = FIRST_WINDOW; ; window *= FIRST_WINDOW) {
        long from = Math.max(begin, end - window);
        consumer.seek(partition, from);
        byte[] last = lastUntil(consumer, partition, end, origin.toString());
        if (last != null || from == begin) {
          return Optional.ofNullable(last);
        }
      }
    }
  }

  private static byte @Nullable [] lastUntil(
      KafkaConsumer<String, byte[]> consumer, TopicPartition partition, long end, String key) {
    byte[] last = null;
    while (consumer.position(partition) < end) {
      for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
        if (key.equals(record.key())) {
          last = record.value();
        }
      }
    }
    return last;
  }
}
