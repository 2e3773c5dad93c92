package dev.custody.index;

import dev.custody.topic.Topic;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * How far the store has read, as it stands in the Lucene commit.
 *
 * @param cluster id of the Kafka cluster; null before the first commit
 * @param topics Kafka's id of each topic: a topic made again has another
 * @param next the first offset not yet read
 */
record Offsets(
    @Nullable String cluster, Map<String, String> topics, Map<TopicPartition, Long> next) {
  /** What the store reads. */
  static final Topic[] SOURCES = {Topic.ATTRIBUTED, Topic.TRACES, Topic.ALERTS};

  private static final String CLUSTER = "kafka.cluster";
  private static final String TOPIC = "kafka.topic.";
  private static final String NEXT = "kafka.next.";

  Offsets {
    topics = Map.copyOf(topics);
    next = Map.copyOf(next);
  }

  static Offsets of(Map<String, String> userData) {
    Map<String, String> topics = new HashMap<>();
    Map<TopicPartition, Long> next = new HashMap<>();
    userData.forEach((key, value) -> {
      if (key.startsWith(TOPIC)) {
        topics.put(key.substring(TOPIC.length()), value);
      } else if (key.startsWith(NEXT)) {
        next.put(partition(key.substring(NEXT.length())), Long.parseLong(value));
      }
    });
    return new Offsets(userData.get(CLUSTER), topics, next);
  }

  Map<String, String> toUserData() {
    Map<String, String> data = new TreeMap<>();
    if (cluster != null) {
      data.put(CLUSTER, cluster);
    }
    topics.forEach((name, id) -> data.put(TOPIC + name, id));
    next.forEach((partition, offset) -> data.put(NEXT + partition, Long.toString(offset)));
    return data;
  }

  Offsets readTo(Map<TopicPartition, Long> positions) {
    return new Offsets(cluster, topics, positions);
  }

  private static TopicPartition partition(String text) {
    int dash = text.lastIndexOf('-');
    return new TopicPartition(text.substring(0, dash), Integer.parseInt(text.substring(dash + 1)));
  }
}
