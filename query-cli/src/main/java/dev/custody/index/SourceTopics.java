package dev.custody.index;

import dev.custody.topic.Topic;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;

/**
 * The topics that the store reads, as Kafka has them now.
 *
 * @param cluster id of the cluster
 * @param ids Kafka's id of each topic
 * @param partitions all of their partitions
 */
record SourceTopics(String cluster, Map<String, String> ids, List<TopicPartition> partitions) {
  /**
   * Asks Kafka.
   *
   * @throws RetriableException when not all topics are there yet, or Kafka is away
   */
  static SourceTopics ask(Admin admin) throws InterruptedException {
    List<String> names = Arrays.stream(Offsets.SOURCES).map(Topic::topicName).toList();
    try {
      String cluster = admin.describeCluster().clusterId().get();
      Map<String, String> ids = new HashMap<>();
      List<TopicPartition> partitions = new ArrayList<>();
      for (TopicDescription topic : admin.describeTopics(names).allTopicNames().get().values()) {
        ids.put(topic.name(), topic.topicId().toString());
        topic
            .partitions()
            .forEach(p -> partitions.add(new TopicPartition(topic.name(), p.partition())));
      }
      return new SourceTopics(cluster, ids, partitions);
    } catch (ExecutionException e) {
      throw cause(e);
    }
  }

  /** Where each partition ends for who reads only what is committed. */
  static Map<TopicPartition, Long> ends(Admin admin, Iterable<TopicPartition> partitions)
      throws InterruptedException {
    Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
    partitions.forEach(partition -> asked.put(partition, OffsetSpec.latest()));
    try {
      Map<TopicPartition, Long> ends = new HashMap<>();
      admin
          .listOffsets(asked, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
          .all()
          .get()
          .forEach((partition, end) -> ends.put(partition, end.offset()));
      return ends;
    } catch (ExecutionException e) {
      throw cause(e);
    }
  }

  private static RuntimeException cause(ExecutionException e) {
    return e.getCause() instanceof RuntimeException cause
        ? cause
        : new IllegalStateException("asking Kafka failed", e);
  }
}
