package dev.custody.audit;

import dev.custody.audit.RecordSource.Place;
import dev.custody.topic.Topic;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Reads a topic of the transparency log from a broker, committed records only. */
public final class TopicClient implements TopicRecords {
  private static final Duration POLL = Duration.ofMillis(500);

  private final String servers;

  /** Asks the cluster at {@code servers}. */
  public TopicClient(String servers) {
    this.servers = servers;
  }

  @Override
  public void read(Topic topic, int partition, Sink sink) throws IOException {
    TopicPartition from = new TopicPartition(topic.topicName(), partition);
    try (KafkaConsumer<String, byte[]> consumer =
        new KafkaConsumer<>(
            Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                servers,
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                "read_committed",
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "earliest",
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                false,
                ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
                false,
                ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                15_000),
            new StringDeserializer(),
            new ByteArrayDeserializer())) {
      if (consumer.partitionsFor(topic.topicName()).size() <= partition) {
        return;
      }
      consumer.assign(List.of(from));
      consumer.seekToBeginning(List.of(from));
      long end = Objects.requireNonNull(consumer.endOffsets(List.of(from)).get(from));
      while (consumer.position(from) < end) {
        for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
          String key = record.key() == null ? "" : record.key();
          byte[] value = record.value() == null ? new byte[0] : record.value();
          sink.record(new Place(partition, record.offset(), null, 0), key, value);
        }
      }
    } catch (KafkaException e) {
      throw new IOException("kafka at %s: %s".formatted(servers, e.getMessage()), e);
    }
  }
}
