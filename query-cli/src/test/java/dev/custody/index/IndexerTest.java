package dev.custody.index;

import static org.assertj.core.api.Assertions.assertThat;

import dev.custody.attribution.Attribution;
import dev.custody.attribution.TraceEdge;
import dev.custody.local.EmbeddedBroker;
import dev.custody.query.Condition;
import dev.custody.query.Query;
import dev.custody.query.Query.Order;
import dev.custody.topic.Topic;
import dev.custody.topic.Topics;
import dev.custody.wire.Formats;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class IndexerTest {
  private static final Query EVERYTHING =
      new Query(new Condition.Anything(), Order.NEWEST_FIRST, 10_000);

  private static EmbeddedBroker broker;
  private static Admin admin;

  @TempDir private Path directory;

  @BeforeAll
  static void startKafka(@TempDir Path kafka) {
    broker = EmbeddedBroker.start(kafka, 0);
    admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
  }

  @AfterAll
  static void stopKafka() {
    admin.close(Duration.ofSeconds(1));
    broker.close();
  }

  @BeforeEach
  void makeTopicsAnew() throws Exception {
    List<String> names = Arrays.stream(Offsets.SOURCES).map(Topic::topicName).toList();
    if (admin.listTopics().names().get().containsAll(names)) {
      admin.deleteTopics(names).all().get();
    }
    while (admin.listTopics().names().get().stream().anyMatch(names::contains)) {
      TimeUnit.MILLISECONDS.sleep(20);
    }
    Topics.ensure(admin, 2, (short) 1);
  }

  @Test
  void whatKafkaHoldsIsFound() throws Exception {
    sendIncident();
    indexAll();
    try (IndexSearch search = IndexSearch.open(directory)) {
      assertThat(search.events(EVERYTHING).items())
          .containsExactlyInAnyOrderElementsOf(Incident.EVENTS);
      assertThat(search.edgesOf(Incident.PROMPT))
          .containsExactlyInAnyOrderElementsOf(Incident.EDGES);
      assertThat(search.findings(EVERYTHING).items()).containsExactly(Incident.FINDING);
    }
  }

  @Test
  void aRestartGoesOnWhereTheStoreStands() throws Exception {
    sendIncident();
    indexAll();
    Offsets before = offsets();
    Attribution later = Incident.event(99, "CloudCall").action("s3:PutObject").build();
    send(List.of(event(later)), false);
    indexAll();
    assertThat(sum(offsets())).isEqualTo(sum(before) + 1);
    assertThat(events()).hasSize(Incident.EVENTS.size() + 1).contains(later);
  }

  @Test
  void aRestartReadsNothingAgain() throws Exception {
    sendIncident();
    indexAll();
    // What is taken away stays away only if it is not read a second time.
    try (EventIndex index = EventIndex.open(directory)) {
      Map<String, String> data = index.userData();
      index.forget(Fields.EVENT);
      assertThat(index.userData()).isEqualTo(data);
    }
    indexAll();
    assertThat(events()).isEmpty();
  }

  @Test
  void aDeletedStoreIsBuiltAgainToTheSameAnswers() throws Exception {
    sendIncident();
    // Many of one time: their order too must come out the same.
    send(
        IntStream.range(0, 500)
            .mapToObj(i -> event(Incident.event(1_000 + i % 90, "CloudCall").revision(i).build()))
            .toList(),
        false);
    indexAll();
    List<Attribution> before = events();
    Path again = directory.resolve("again");
    index(again, broker);
    try (IndexSearch search = IndexSearch.open(again)) {
      assertThat(search.events(EVERYTHING).items()).containsExactlyElementsOf(before);
    }
  }

  @Test
  void damagedRecordsAreLeftOutAndTheRestIsRead() throws Exception {
    send(
        List.of(
            record(Topic.ATTRIBUTED, "x", "no avro".getBytes(StandardCharsets.UTF_8)),
            record(Topic.ATTRIBUTED, "x", null),
            record(Topic.TRACES, "x", Formats.ATTRIBUTION.encode(Incident.DELETED)),
            record(Topic.ALERTS, "x", "{\"time\":".getBytes(StandardCharsets.UTF_8)),
            record(Topic.ALERTS, null, "{\"time\":1}".getBytes(StandardCharsets.UTF_8))),
        false);
    sendIncident();
    indexAll();
    assertThat(events()).containsExactlyInAnyOrderElementsOf(Incident.EVENTS);
  }

  @Test
  void whatATransactionTookBackIsNeverShown() throws Exception {
    send(List.of(event(Incident.event(77, "CloudCall").build())), true);
    sendIncident();
    indexAll();
    assertThat(events()).containsExactlyInAnyOrderElementsOf(Incident.EVENTS);
  }

  @Test
  void aTopicMadeAnewIsReadFromItsBeginningAndTheOldOneForgotten() throws Exception {
    sendIncident();
    indexAll();
    makeTopicsAnew();
    Attribution other = Incident.event(55, "CloudCall").build();
    send(List.of(event(other)), false);
    indexAll();
    assertThat(events()).containsExactly(other);
  }

  @Test
  void anIndexOfAnotherClusterIsBuiltAnew() throws Exception {
    try (EventIndex index = EventIndex.open(directory)) {
      Attribution foreign = Incident.event(66, "CloudCall").build();
      index.add(foreign, Formats.ATTRIBUTION.encode(foreign));
      index.commit(
          Map.of("kafka.cluster", "another", "kafka.next.custody.attributed-0", "1000000"));
    }
    sendIncident();
    indexAll();
    assertThat(events()).containsExactlyInAnyOrderElementsOf(Incident.EVENTS);
  }

  @Test
  void offsetsBeyondTheEndAreReadFromTheBeginning() throws Exception {
    sendIncident();
    indexAll();
    try (EventIndex index = EventIndex.open(directory)) {
      Map<String, String> data = index.userData();
      data.replaceAll((key, value) -> key.startsWith("kafka.next.") ? "1000000" : value);
      index.forget(Fields.EVENT);
      index.commit(data);
    }
    indexAll();
    assertThat(events()).containsExactlyInAnyOrderElementsOf(Incident.EVENTS);
  }

  @Test
  void aBatchThatFailsItsChecksumIsLeftOutAndTheRestIsRead(@TempDir Path kafka) throws Exception {
    Attribution first = Incident.event(201, "CloudCall").build();
    Attribution last = Incident.event(203, "CloudCall").build();
    TopicPartition partition = new TopicPartition(Topic.ATTRIBUTED.topicName(), 0);
    String marked = "to be damaged";
    try (EmbeddedBroker fresh = EmbeddedBroker.start(kafka, 0);
        Admin client = Admin.create(Map.of("bootstrap.servers", fresh.bootstrapServers()))) {
      Topics.ensure(client, 1, (short) 1);
      Attribution damaged = Incident.event(202, "CloudCall").extract(marked).build();
      for (Attribution event : List.of(first, damaged, last)) {
        sendTo(fresh, List.of(event(event)), false);
      }
    }
    try (Stream<Path> files = Files.walk(kafka)) {
      Path log =
          files
              .filter(f -> f.toString().contains(partition + "/"))
              .filter(f -> f.toString().endsWith(".log"))
              .findFirst()
              .orElseThrow();
      String bytes = Files.readString(log, StandardCharsets.ISO_8859_1);
      assertThat(bytes).contains(marked);
      Files.writeString(log, bytes.replace(marked, "to be damageD"), StandardCharsets.ISO_8859_1);
    }
    try (EmbeddedBroker again = EmbeddedBroker.start(kafka, 0)) {
      index(directory, again);
    }
    assertThat(events()).containsExactly(last, first);
  }

  private void indexAll() throws InterruptedException {
    index(directory, broker);
  }

  private static void index(Path directory, EmbeddedBroker kafka) throws InterruptedException {
    try (Indexer indexer = Indexer.start(directory, kafka.bootstrapServers())) {
      while (!indexer.caughtUp()) {
        TimeUnit.MILLISECONDS.sleep(20);
      }
      assertThat(indexer.failure()).isEmpty();
    }
  }

  private List<Attribution> events() {
    try (IndexSearch search = IndexSearch.open(directory)) {
      return search.events(EVERYTHING).items();
    }
  }

  private Offsets offsets() {
    try (EventIndex index = EventIndex.open(directory)) {
      return Offsets.of(index.userData());
    }
  }

  private static long sum(Offsets offsets) {
    return offsets.next().values().stream().mapToLong(Long::longValue).sum();
  }

  private static void sendIncident() throws Exception {
    send(Incident.EVENTS.stream().map(IndexerTest::event).toList(), false);
    send(Incident.EDGES.stream().map(IndexerTest::edge).toList(), false);
    send(
        List.of(
            record(
                Topic.ALERTS,
                Incident.FINDING_ID,
                Incident.FINDING.getBytes(StandardCharsets.UTF_8))),
        false);
  }

  private static ProducerRecord<byte[], byte[]> event(Attribution event) {
    return record(Topic.ATTRIBUTED, event.event().toString(), Formats.ATTRIBUTION.encode(event));
  }

  private static ProducerRecord<byte[], byte[]> edge(TraceEdge edge) {
    return record(Topic.TRACES, edge.prompt(), Formats.EDGE.encode(edge));
  }

  @SuppressWarnings("NullAway")
  private static ProducerRecord<byte[], byte[]> record(
      Topic topic, @Nullable String key, byte @Nullable [] value) {
    return new ProducerRecord<>(
        topic.topicName(), key == null ? null : key.getBytes(StandardCharsets.UTF_8), value);
  }

  private static void send(List<ProducerRecord<byte[], byte[]>> records, boolean takenBack)
      throws Exception {
    sendTo(broker, records, takenBack);
  }

  private static void sendTo(
      EmbeddedBroker kafka, List<ProducerRecord<byte[], byte[]>> records, boolean takenBack)
      throws Exception {
    Map<String, Object> settings =
        takenBack
            ? Map.of("bootstrap.servers", kafka.bootstrapServers(), "transactional.id", "test")
            : Map.of("bootstrap.servers", kafka.bootstrapServers());
    try (var producer =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
      if (takenBack) {
        producer.initTransactions();
        producer.beginTransaction();
      }
      for (var record : records) {
        producer.send(record).get();
      }
      if (takenBack) {
        producer.abortTransaction();
      }
    }
  }
}
