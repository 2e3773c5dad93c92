package dev.custody.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import dev.custody.accuracy.play.SourcesAlone;
import dev.custody.accuracy.play.SourcesAlone.Arrival;
import dev.custody.admission.CertificateAuthority;
import dev.custody.alert.FindingSchema;
import dev.custody.local.LogRegister;
import dev.custody.topic.Topic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * Processors of one cluster, each with a directory of its own and the same key of the log, and what
 * goes in and comes out.
 *
 * @param kafka address of the cluster
 */
record ProcessorFleet(
    Path directory, String kafka, Path rules, Path roots, Path logs, int partitions) {
  /** OCSF {@code status_id}. */
  private static final int RESOLVED = 4;

  /** Up to {@code processors} of them, which believe {@code sources} and go by {@code rules}. */
  static ProcessorFleet of(
      Path directory,
      SourcesAlone sources,
      String kafka,
      Path rules,
      int processors,
      int partitions)
      throws Exception {
    Path roots = directory.resolve("root.pub");
    Files.writeString(roots, sources.roots().fileText());
    Path logs = directory.resolve("logs");
    new LogRegister(logs, sources.roots())
        .complete(
            new CertificateAuthority(sources.root()),
            sources.log().publicKey(),
            partitions,
            Instant.now());
    ProcessorFleet fleet = new ProcessorFleet(directory, kafka, rules, roots, logs, partitions);
    for (int i = 1; i <= processors; i++) {
      Path keys = Files.createDirectories(fleet.data(i).resolve("keys"));
      try (Stream<Path> made = Files.list(directory.resolve("keys"))) {
        for (Path key : made.filter(Files::isRegularFile).toList()) {
          Files.copy(key, keys.resolve(key.getFileName()));
        }
      }
    }
    return fleet;
  }

  /** The data directory of processor {@code number}, from 1 on. */
  Path data(int number) {
    return directory.resolve("processor-" + number);
  }

  /** Starts processor {@code number}, with as many threads. */
  CustodyProcess start(int number) throws IOException {
    String name = "processor-" + number;
    return CustodyProcess.start(
        directory,
        name,
        "processor",
        "--bootstrap-servers",
        kafka,
        "--data",
        data(number).toString(),
        "--instance",
        name,
        "--threads",
        Integer.toString(number),
        "--partitions",
        Integer.toString(partitions),
        "--root",
        roots.toString(),
        "--logs",
        logs.toString(),
        "--rules",
        rules.toString());
  }

  void publish(List<Arrival> arrivals) throws Exception {
    Map<String, Object> settings = Map.of("bootstrap.servers", kafka, "acks", "all");
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
      List<Future<?>> sent = new ArrayList<>();
      for (Arrival each : arrivals) {
        sent.add(
            producer.send(
                new ProducerRecord<>(
                    Topic.EVENTS.topicName(),
                    null,
                    each.timestamp(),
                    each.key().toByteArray(),
                    each.value().toByteArray())));
      }
      for (Future<?> one : sent) {
        one.get();
      }
    }
  }

  /** The newest record of each finding. */
  Map<String, byte[]> alerts() {
    Map<String, byte[]> newest = new TreeMap<>();
    told().forEach(record -> newest.put(record.key(), record.value()));
    return newest;
  }

  /** All that was ever told of findings. */
  List<ConsumerRecord<String, byte[]>> told() {
    Map<String, Object> settings =
        Map.of("bootstrap.servers", kafka, "isolation.level", "read_committed");
    List<ConsumerRecord<String, byte[]>> told = new ArrayList<>();
    try (KafkaConsumer<String, byte[]> consumer =
        new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> all =
          consumer.partitionsFor(Topic.ALERTS.topicName()).stream()
              .map(p -> new TopicPartition(p.topic(), p.partition()))
              .toList();
      consumer.assign(all);
      consumer.seekToBeginning(all);
      Map<TopicPartition, Long> ends = consumer.endOffsets(all);
      while (all.stream()
          .anyMatch(p -> consumer.position(p) < Objects.requireNonNull(ends.get(p)))) {
        consumer.poll(Duration.ofMillis(200)).forEach(told::add);
      }
    }
    return told;
  }

  /** The findings that are not closed, without what says where in Kafka a record lies. */
  static Map<String, String> open(Map<String, byte[]> findings) throws IOException {
    Map<String, String> open = new TreeMap<>();
    for (Map.Entry<String, byte[]> entry : findings.entrySet()) {
      JsonNode finding = FindingSchema.checked(entry.getValue());
      if (finding.path("status_id").asInt() != RESOLVED) {
        String evidence =
            finding.path("evidences").toString().replaceAll("\"(offset|partition)\":\\d+,?", "");
        open.put(
            entry.getKey(),
            finding.path("count") + " " + finding.path("finding_info") + " " + evidence);
      }
    }
    return open;
  }
}
