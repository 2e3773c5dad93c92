package dev.custody.local;

import dev.custody.topic.Topic;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** How much of the log the stream processor has not read yet. */
public final class ProcessorLag {
  private static final int SECONDS = 5;

  private ProcessorLag() {}

  /** Records of {@code custody.events} that it has still to read; empty when Kafka does not say. */
  public static OptionalLong of(String bootstrapServers) throws InterruptedException {
    Map<String, Object> settings =
        Map.of(
            AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers,
            AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, SECONDS * 1000,
            AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, SECONDS * 1000);
    try (Admin admin = Admin.create(settings)) {
      String events = Topic.EVENTS.topicName();
      TopicDescription topic =
          Objects.requireNonNull(
              admin
                  .describeTopics(List.of(events))
                  .allTopicNames()
                  .get(SECONDS, TimeUnit.SECONDS)
                  .get(events));
      Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
      topic
          .partitions()
          .forEach(p -> asked.put(new TopicPartition(events, p.partition()), OffsetSpec.latest()));
      Map<TopicPartition, OffsetAndMetadata> done =
          admin
              .listConsumerGroupOffsets(ProcessorGroup.newest(admin, SECONDS))
              .partitionsToOffsetAndMetadata()
              .get(SECONDS, TimeUnit.SECONDS);
      long behind = 0;
      for (var end : admin.listOffsets(asked).all().get(SECONDS, TimeUnit.SECONDS).entrySet()) {
        OffsetAndMetadata read = done.get(end.getKey());
        behind += end.getValue().offset() - (read == null ? 0 : read.offset());
      }
      return OptionalLong.of(Math.max(0, behind));
    } catch (ExecutionException | TimeoutException | org.apache.kafka.common.KafkaException e) {
      return OptionalLong.empty();
    }
  }
}
