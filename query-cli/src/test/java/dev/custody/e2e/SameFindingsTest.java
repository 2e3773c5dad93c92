package dev.custody.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.custody.accuracy.play.SourcesAlone;
import dev.custody.accuracy.play.SourcesAlone.Arrival;
import dev.custody.accuracy.play.StreamRun;
import dev.custody.accuracy.scenario.Organisation;
import dev.custody.accuracy.world.Size;
import dev.custody.admission.CertificateAuthority;
import dev.custody.alert.FindingSchema;
import dev.custody.local.EmbeddedBroker;
import dev.custody.local.LogRegister;
import dev.custody.local.Quiescence;
import dev.custody.pipeline.Pipelines;
import dev.custody.sigma.LoadedRules;
import dev.custody.sigma.Placeholders;
import dev.custody.sigma.RuleSet;
import dev.custody.topic.Topic;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The same events, in any order of their chains, with repeats, over several partitions, before
 * processors that are killed and come back: the same findings.
 */
class SameFindingsTest {
  private static final Duration LONG = Duration.ofMinutes(5);
  private static final int PARTITIONS = 3;
  private static final int PROCESSORS = 2;
  private static final int PHASES = 4;

  /** OCSF {@code status_id}. */
  private static final int RESOLVED = 4;

  private final long seed = Long.getLong("custody.seed", new Random().nextLong());
  private final Random random = new Random(seed);

  @Test
  void ordersRepeatsPartitionsCrashesAndRebalancesChangeNoFinding(@TempDir Path directory)
      throws Exception {
    System.out.println("SameFindingsTest: seed " + seed);
    Size size = Size.small();
    Organisation organisation = new Organisation(seed, size, directory.resolve("homes"));
    Path rules = rules(directory.resolve("rules"));
    try (SourcesAlone sources = new SourcesAlone(directory, organisation)) {
      List<Arrival> arrivals = sources.play(organisation.script().steps());
      RuleSet set = LoadedRules.load(Pipelines.shipped().context(Placeholders.none()), rules).set();
      Map<String, String> expected =
          open(StreamRun.findings(sources, arrivals, set, directory.resolve("reference")));
      System.out.printf(
          "SameFindingsTest: %d records, %d findings%n", arrivals.size(), expected.size());
      assertThat(expected).hasSizeGreaterThan(20);
      // Not each organisation that chance makes meets each of them.
      assertThat(set.correlations())
          .filteredOn(
              each -> expected.values().stream().anyMatch(finding -> finding.contains(each.id())))
          .hasSizeGreaterThanOrEqualTo(4);
      try (EmbeddedBroker broker = EmbeddedBroker.start(directory.resolve("kafka"), 0)) {
        String kafka = broker.bootstrapServers();
        Fleet fleet = Fleet.of(directory, sources, kafka, rules);
        Map<String, String> found = overKafka(kafka, fleet, mixed(arrivals), expected);
        assertThat(found).as("seed %d", seed).isEqualTo(expected);
      }
    }
  }

  private static Path rules(Path directory) throws IOException {
    Path file = Files.createDirectories(directory).resolve("correlations.yml");
    try (InputStream in = SameFindingsTest.class.getResourceAsStream("correlations.yml")) {
      Files.copy(Objects.requireNonNull(in), file);
    }
    return directory;
  }

  /** Chains in any order, each in its own, with records that come twice. */
  private List<Arrival> mixed(List<Arrival> arrivals) {
    Map<String, List<Arrival>> chains = new LinkedHashMap<>();
    arrivals.forEach(a -> chains.computeIfAbsent(a.host(), h -> new ArrayList<>()).add(a));
    List<String> turns = new ArrayList<>(arrivals.stream().map(Arrival::host).toList());
    Collections.shuffle(turns, random);
    Map<String, Integer> sent = new LinkedHashMap<>();
    List<Arrival> mixed = new ArrayList<>();
    for (String host : turns) {
      List<Arrival> chain = Objects.requireNonNull(chains.get(host));
      int next = sent.merge(host, 1, Integer::sum) - 1;
      mixed.add(chain.get(next));
      if (random.nextInt(20) == 0) {
        mixed.add(chain.get(Math.max(0, next - random.nextInt(5))));
      }
    }
    return mixed;
  }

  /** Publishes in phases; between them one of two processors is killed and comes back. */
  private Map<String, String> overKafka(
      String kafka, Fleet fleet, List<Arrival> arrivals, Map<String, String> expected)
      throws Exception {
    List<CustodyProcess> processors = new ArrayList<>();
    try {
      for (int i = 1; i <= PROCESSORS; i++) {
        processors.add(fleet.processor(i));
        assertThat(processors.getLast().ready("kafka")).isEqualTo(kafka);
      }
      for (int phase = 0; phase < PHASES; phase++) {
        int from = arrivals.size() * phase / PHASES;
        publish(kafka, arrivals.subList(from, arrivals.size() * (phase + 1) / PHASES));
        int killed = phase % PROCESSORS;
        processors.get(killed).close();
        processors.set(killed, fleet.processor(killed + 1));
      }
      Await.until(
          "the same findings",
          LONG,
          () -> {
            assertThat(open(alerts(kafka))).isEqualTo(expected);
            return true;
          });
      assertThat(Quiescence.awaitProcessor(kafka, LONG)).isTrue();
      for (CustodyProcess processor : processors) {
        processor.terminate(Duration.ofSeconds(30));
      }
      return open(alerts(kafka));
    } finally {
      processors.forEach(CustodyProcess::close);
    }
  }

  private static void publish(String kafka, List<Arrival> arrivals) throws Exception {
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
  private static Map<String, byte[]> alerts(String kafka) {
    Map<String, Object> settings =
        Map.of("bootstrap.servers", kafka, "isolation.level", "read_committed");
    Map<String, byte[]> newest = new TreeMap<>();
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
        consumer
            .poll(Duration.ofMillis(200))
            .forEach(record -> newest.put(record.key(), record.value()));
      }
    }
    return newest;
  }

  /** The findings that are not closed, without what says where in Kafka a record lies. */
  private static Map<String, String> open(Map<String, byte[]> findings) throws IOException {
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

  /** Processors of one cluster, each with a directory of its own and the same key of the log. */
  private record Fleet(Path directory, String kafka, Path rules, Path roots, Path logs) {
    static Fleet of(Path directory, SourcesAlone sources, String kafka, Path rules)
        throws Exception {
      Path roots = directory.resolve("root.pub");
      Files.writeString(roots, sources.roots().fileText());
      Path logs = directory.resolve("logs");
      new LogRegister(logs, sources.roots())
          .complete(
              new CertificateAuthority(sources.root()),
              sources.log().publicKey(),
              PARTITIONS,
              Instant.now());
      for (int i = 1; i <= PROCESSORS; i++) {
        Path keys = Files.createDirectories(directory.resolve("processor-" + i).resolve("keys"));
        try (Stream<Path> made = Files.list(directory.resolve("keys"))) {
          for (Path key : made.filter(Files::isRegularFile).toList()) {
            Files.copy(key, keys.resolve(key.getFileName()));
          }
        }
      }
      return new Fleet(directory, kafka, rules, roots, logs);
    }

    CustodyProcess processor(int number) throws IOException {
      String name = "processor-" + number;
      return CustodyProcess.start(
          directory,
          name,
          "processor",
          "--bootstrap-servers",
          kafka,
          "--data",
          directory.resolve(name).toString(),
          "--instance",
          name,
          "--partitions",
          Integer.toString(PARTITIONS),
          "--root",
          roots.toString(),
          "--logs",
          logs.toString(),
          "--rules",
          rules.toString());
    }
  }
}
