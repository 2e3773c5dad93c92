package dev.custody.log;

import dev.custody.note.SignedNote;
import dev.custody.topic.Topic;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Puts the signed list of logs beside the checkpoints, once a start, so that whoever reads the
 * topics needs nothing else but the organisation's root key.
 */
public final class LogListPublisher {
  /** Key of the list in {@link Topic#CHECKPOINTS}. */
  public static final String KEY = "logs";

  private LogListPublisher() {}

  /**
   * Publishes {@code list}.
   *
   * @throws KafkaException when Kafka does not take it
   */
  public static void publish(String bootstrapServers, SignedNote list) {
    try (KafkaProducer<String, byte[]> producer =
        new KafkaProducer<>(
            Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                true),
            new StringSerializer(),
            new ByteArraySerializer())) {
      producer
          .send(new ProducerRecord<>(Topic.CHECKPOINTS.topicName(), 0, KEY, list.encode()))
          .get();
    } catch (ExecutionException e) {
      throw new KafkaException("the list of logs cannot be published: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KafkaException("interrupted while publishing the list of logs", e);
    }
  }
}
