package dev.custody.topic;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Makes the topics that are missing, and refuses to start where one that exists differs. */
public final class Topics {
  private static final int TIMEOUT_SECONDS = 30;

  private Topics() {}

  /**
   * Makes what is missing of every {@link Topic}.
   *
   * @param partitions partitions of each
   * @param replication copies of each
   * @throws TopicException when Kafka cannot be asked, or a topic has another number of partitions
   */
  public static void ensure(Admin admin, int partitions, short replication) throws TopicException {
    try {
      Set<String> known =
          new HashSet<>(admin.listTopics().names().get(TIMEOUT_SECONDS, TimeUnit.SECONDS));
      List<NewTopic> missing = new ArrayList<>();
      for (Topic topic : Topic.values()) {
        if (!known.contains(topic.topicName())) {
          missing.add(topic.toCreate(partitions, replication));
        }
      }
      create(admin, missing);
      check(admin, partitions);
      settle(admin, partitions);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TopicException("interrupted while asking Kafka for its topics", e);
    } catch (ExecutionException | TimeoutException e) {
      throw new TopicException(
          "Kafka does not answer about topics: "
              + e.getMessage()
              + "; try: --bootstrap-servers HOST:PORT of a running broker",
          e);
    }
  }

  private static void create(Admin admin, List<NewTopic> missing)
      throws InterruptedException, ExecutionException, TimeoutException {
    for (var made : admin.createTopics(missing).values().entrySet()) {
      try {
        made.getValue().get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
      } catch (ExecutionException e) {
        // Roles start side by side: another one may have been first.
        if (!(e.getCause() instanceof TopicExistsException)) {
          throw e;
        }
      }
    }
  }

  private static void check(Admin admin, int partitions)
      throws InterruptedException, ExecutionException, TimeoutException, TopicException {
    Map<String, TopicDescription> described = describe(admin);
    for (TopicDescription topic : described.values()) {
      int found = topic.partitions().size();
      if (found != partitions) {
        throw new TopicException(
            "topic %s has %d partitions, expected %d; the count is fixed at creation; try: --partitions %d"
                .formatted(topic.name(), found, partitions, found));
      }
    }
  }

  // A producer's very first record to a partition that its broker has not opened yet can fail for
  // ever with
  // OUT_OF_ORDER_SEQUENCE (KAFKA-15591); once its end can be told, it is open.
  private static void settle(Admin admin, int partitions)
      throws InterruptedException, ExecutionException, TimeoutException {
    Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
    for (Topic topic : Topic.values()) {
      for (int partition = 0; partition < partitions; partition++) {
        ends.put(new TopicPartition(topic.topicName(), partition), OffsetSpec.latest());
      }
    }
    admin.listOffsets(ends).all().get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
  }

  private static Map<String, TopicDescription> describe(Admin admin)
      throws InterruptedException, ExecutionException, TimeoutException {
    List<String> names = java.util.Arrays.stream(Topic.values()).map(Topic::topicName).toList();
    // A topic made a moment ago may not have reached every part of the broker yet.
    for (int attempt = 0; ; attempt++) {
      try {
        return admin.describeTopics(names).allTopicNames().get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof UnknownTopicOrPartitionException) || attempt == 50) {
          throw e;
        }
        TimeUnit.MILLISECONDS.sleep(100);
      }
    }
  }
}
