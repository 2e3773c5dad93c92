package dev.custody.local;

import dev.custody.alert.FindingProcessor;
import dev.custody.index.Indexer;
import dev.custody.topic.Topic;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;

/** Tells when the stream processor has nothing left to do and the index holds all that it said. */
public final class Quiescence {
  private static final Duration LOOK_EVERY = Duration.ofMillis(150);
  private static final int SECONDS = 60;

  /** A second for findings, which are told by the clock, and one to write them. */
  private static final Duration STILL = FindingProcessor.TELL_EVERY.plusSeconds(1);

  private final Admin admin;

  /** Who reads what the stream processor says. */
  private interface Reader {
    boolean caughtUp() throws InterruptedException;
  }

  private Quiescence(Admin admin) {
    this.admin = admin;
  }

  /** Whether the stream processor had nothing left to do within {@code atMost}. */
  public static boolean awaitProcessor(String bootstrapServers, Duration atMost)
      throws InterruptedException {
    return await(bootstrapServers, () -> true, atMost);
  }

  static boolean await(String bootstrapServers, Indexer indexer, Duration atMost)
      throws InterruptedException {
    return await(bootstrapServers, indexer::caughtUp, atMost);
  }

  private static boolean await(String bootstrapServers, Reader reader, Duration atMost)
      throws InterruptedException {
    long end = System.nanoTime() + atMost.toNanos();
    Map<String, Object> settings =
        Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    try (Admin admin = Admin.create(settings)) {
      Quiescence quiescence = new Quiescence(admin);
      Map<TopicPartition, Long> before = Map.of();
      long since = System.nanoTime();
      while (System.nanoTime() < end) {
        String group = ProcessorGroup.newest(admin, SECONDS);
        Map<TopicPartition, Long> ends = quiescence.ends(group);
        if (!ends.equals(before) || !quiescence.nothingBehind(group, ends)) {
          before = ends;
          since = System.nanoTime();
        } else if (System.nanoTime() - since >= STILL.toNanos() && reader.caughtUp()) {
          return true;
        }
        TimeUnit.NANOSECONDS.sleep(LOOK_EVERY.toNanos());
      }
      return false;
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("Kafka does not tell its offsets: " + e.getMessage(), e);
    }
  }

  /** The ends of everything that the processor reads. */
  private Map<TopicPartition, Long> ends(String group)
      throws ExecutionException, InterruptedException {
    Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
    var names =
        admin.listTopics().names().get().stream()
            .filter(n ->
                n.equals(Topic.EVENTS.topicName())
                    || n.equals(Topic.ATTRIBUTED.topicName())
                    || (n.startsWith(group + "-") && n.endsWith("-repartition")))
            .toList();
    for (TopicDescription topic : admin.describeTopics(names).allTopicNames().get().values()) {
      topic
          .partitions()
          .forEach(
              p -> asked.put(new TopicPartition(topic.name(), p.partition()), OffsetSpec.latest()));
    }
    Map<TopicPartition, Long> ends = new HashMap<>();
    admin
        .listOffsets(asked, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
        .all()
        .get()
        .forEach((partition, info) -> ends.put(partition, info.offset()));
    return ends;
  }

  private boolean nothingBehind(String group, Map<TopicPartition, Long> ends)
      throws ExecutionException, InterruptedException {
    Map<TopicPartition, OffsetAndMetadata> done =
        admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get();
    return ends.entrySet().stream()
        .allMatch(end -> {
          OffsetAndMetadata committed = done.get(end.getKey());
          return end.getValue() == 0 || (committed != null && committed.offset() >= end.getValue());
        });
  }
}
