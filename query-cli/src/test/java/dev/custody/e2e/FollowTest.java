package dev.custody.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.custody.enforce.Policy;
import dev.custody.event.Event;
import dev.custody.http.HttpConfig;
import dev.custody.local.CollectorRole;
import dev.custody.local.EmbeddedBroker;
import dev.custody.local.Installation;
import dev.custody.local.RunningMark;
import dev.custody.topic.Topic;
import dev.custody.wire.Formats;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code custody import --follow} as a process of its own, beside a real collector and broker. */
class FollowTest {
  private static final Duration LONG = Duration.ofMinutes(2);
  private static final int BATCH = 1_500;

  @TempDir private Path directory;

  private static String id(int number) {
    return "audit-%06d".formatted(number);
  }

  private static String line(int number) {
    return """
    {"kind":"Event","apiVersion":"audit.k8s.io/v1","auditID":"%s","stage":"ResponseComplete","verb":"get",\
    "user":{"username":"dana"},"objectRef":{"resource":"pods","namespace":"prod","name":"api-%d"},\
    "responseStatus":{"code":200},"requestReceivedTimestamp":"2026-11-22T07:00:00.000000Z"}
    """
        .formatted(id(number), number);
  }

  private int append(Path log, int from) throws IOException {
    StringBuilder lines = new StringBuilder();
    IntStream.range(from, from + BATCH).forEach(i -> lines.append(line(i)));
    Files.writeString(log, lines, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    return from + BATCH;
  }

  private CustodyProcess follow(Path data, Path log) throws IOException {
    return CustodyProcess.start(
        directory,
        "follow",
        "import",
        "kubernetes",
        log.toString(),
        "--follow",
        "--data",
        data.toString());
  }

  @Test
  void aFollowerThatIsKilledAgainAndAgainRecordsEverythingOnceAndInOrder() throws Exception {
    long seed = System.nanoTime();
    SplittableRandom random = new SplittableRandom(seed);
    Path data = directory.resolve("data");
    Path log = directory.resolve("audit.log");
    try (EmbeddedBroker broker = EmbeddedBroker.start(data.resolve("kafka"), 0);
        CollectorRole collector = collector(data, broker)) {
      String http = "http://127.0.0.1:" + collector.httpPort();
      RunningMark.write(data, http, broker.bootstrapServers());
      int written = 0;
      for (int kill = 0; kill < 3; kill++) {
        try (CustodyProcess follower = follow(data, log)) {
          written = append(log, written);
          int enough = written - random.nextInt(BATCH);
          Await.until(
              "seed " + seed + ": " + enough + " records, standard error:\n" + follower.err(),
              LONG,
              () -> CustodyProcess.metric(http, "custody_captured_total") > enough);
          if (kill == 1) {
            Files.move(log, directory.resolve("audit.log.1"));
          }
        }
      }
      try (CustodyProcess follower = follow(data, log)) {
        written = append(log, written);
        int all = written;
        Await.until(
            "seed " + seed + ": all of them",
            LONG,
            () -> CustodyProcess.metric(http, "custody_captured_total") >= all);
        var _ = follower.terminate(LONG);
        assertThat(follower.out()).startsWith("followed: ").contains(" 0 refused");
      }
      assertThat(collector.settle(LONG)).isTrue();
      assertThat(recorded(broker.bootstrapServers()))
          .as("seed %d", seed)
          .isEqualTo(
              IntStream.range(0, written).mapToObj(i -> id(i) + "/ResponseComplete").toList());
    }
  }

  private static CollectorRole collector(Path data, EmbeddedBroker broker) throws Exception {
    return CollectorRole.start(
        new CollectorRole.Config(
            data,
            broker.bootstrapServers(),
            HttpConfig.loopback(0),
            Topic.DEFAULT_PARTITIONS,
            (short) 1,
            "test",
            Policy.OBSERVE),
        Installation.open(
            data, CustodyProcess.wrappingKey(java.util.Objects.requireNonNull(data.getParent()))));
  }

  private static List<String> recorded(String kafka) throws Exception {
    List<String> ids = new ArrayList<>();
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", kafka),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(Topic.EVENTS.topicName()).stream()
              .map(p -> new TopicPartition(p.topic(), p.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.getOrDefault(p, 0L))) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
          Event event =
              Formats.EVENT.decode(Formats.ENVELOPE.decode(record.value()).event().toByteArray());
          if (event.source().kind().equals("kubernetes")) {
            ids.add(String.valueOf(event.source().id()));
          }
        }
      }
    }
    return ids;
  }
}
