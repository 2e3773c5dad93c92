package dev.custody.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.custody.attribution.Reject;
import dev.custody.cli.CommandRun;
import dev.custody.detect.ShippedRules;
import dev.custody.http.HttpServer;
import dev.custody.http.Routes;
import dev.custody.local.AllInOne;
import dev.custody.local.CollectorClient;
import dev.custody.topic.Topic;
import dev.custody.wire.Formats;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** What is wrong is named, is never half recorded, and stops nothing else. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class BadInputTest {
  private static final Duration LONG = Duration.ofMinutes(1);
  private static final Instant TIME = Instant.parse("2026-02-03T04:05:06Z");

  private final Path directory;
  private final AllInOne all;
  private final CollectorClient collector;
  private final HttpClient http = HttpClient.newHttpClient();
  private final Asking custody;

  BadInputTest(@TempDir Path directory) throws Exception {
    this.directory = directory;
    Path data = directory.resolve("data");
    all =
        AllInOne.start(
            AllInOne.Config.onAnyPort(data, 2, "local", ShippedRules.load()),
            CustodyProcess.wrappingKey(directory));
    collector = new CollectorClient(all.http());
    custody = new Asking(data);
  }

  @AfterAll
  void stop() {
    http.close();
    collector.close();
    all.close();
  }

  @Test
  @Order(1)
  void aDamagedFileIsNamedWithItsPlaceAndTheOthersAreImported() throws Exception {
    Path files = Files.createDirectories(directory.resolve("damaged"));
    trail("good-a", 3).writeTo(files.resolve("a.json"));
    byte[] cut = trail("cut", 2).lines();
    Files.write(files.resolve("b.json"), Arrays.copyOf(cut, cut.length - 40));
    Files.write(
        files.resolve("c.jsonl"),
        (new String(trail("line", 1).lines(), UTF_8)
                + "\nno record at all\n{\"eventID\":\"incomplete\"}\n"
                + new String(trail("after", 1).lines(), UTF_8))
            .getBytes(UTF_8));
    byte[] whole = gzip(trail("gzip", 400).wrapped());
    Files.write(files.resolve("d.json.gz"), Arrays.copyOf(whole, whole.length / 2));
    byte[] wrong = gzip(trail("crc", 5).wrapped());
    wrong[wrong.length - 6] ^= 0x55;
    Files.write(files.resolve("e.json.gz"), wrong);
    trail("good-z", 3).writeTo(files.resolve("z.json"));

    CommandRun.Result imported = custody.run("import", "cloudtrail", files.toString());

    assertThat(imported.code()).as("%s", imported).isEqualTo(1);
    assertThat(imported.err())
        .containsPattern("custody: \\Q" + files.resolve("b.json") + "\\E:2:\\d+: ")
        .contains("custody: " + files.resolve("c.jsonl") + ":2:1: ")
        .containsPattern("custody: \\Q" + files.resolve("c.jsonl") + "\\E:3:1: .*eventTime")
        .containsPattern("custody: \\Q" + files.resolve("d.json.gz") + "\\E:\\d+:\\d+: .*cut off")
        .containsPattern("custody: \\Q" + files.resolve("e.json.gz") + "\\E:\\d+:\\d+: .*corrupt")
        .doesNotContain("a.json:")
        .doesNotContain("z.json:");
    assertThat(imported.out()).contains("imported 6 files: ").contains("5 refused");
    settle();
    for (String good : List.of("good-a-2", "cut-0", "line-0", "after-0", "crc-4", "good-z-0")) {
      assertThat(imported(good)).as(good).isEqualTo(1);
    }
    assertThat(imported("cut-1")).isZero();
    assertThat(imported("gzip-0")).as("what comes before the cut is good").isEqualTo(1);
    assertThat(imported("gzip-399")).isZero();
  }

  @Test
  @Order(1)
  void aMissingFileIsNamedAndTheOthersAreImported() throws Exception {
    Path missing = directory.resolve("missing.json");
    Path good = trail("present", 1).writeTo(directory.resolve("present.json"));
    CommandRun.Result imported =
        custody.run("import", "cloudtrail", missing.toString(), good.toString());
    assertThat(imported.code()).isEqualTo(1);
    assertThat(imported.err()).isEqualTo("custody: " + missing + ": no such file\n");
    settle();
    assertThat(imported("present-0")).isEqualTo(1);
  }

  @Test
  @Order(1)
  void aHookThatIsNoneIsRefusedAndLeavesNothingBehind() throws Exception {
    Map<String, byte[]> bodies = new LinkedHashMap<>();
    bodies.put("nothing", new byte[0]);
    bodies.put("no JSON", "BROKEN".getBytes(UTF_8));
    bodies.put("cut off", "{\"session_id\":\"BROKEN\",\"hook_event_name\":\"St".getBytes(UTF_8));
    bodies.put("an array", "[{\"session_id\":\"BROKEN\"}]".getBytes(UTF_8));
    bodies.put(
        "a name twice",
        "{\"session_id\":\"BROKEN\",\"session_id\":\"x\",\"hook_event_name\":\"Stop\"}"
            .getBytes(UTF_8));
    bodies.put(
        "two objects",
        "{\"session_id\":\"BROKEN\",\"hook_event_name\":\"Stop\"}{}".getBytes(UTF_8));
    bodies.put("no session", "{\"hook_event_name\":\"Stop\"}".getBytes(UTF_8));
    bodies.put("a number for a name", "{\"session_id\":1,\"hook_event_name\":2}".getBytes(UTF_8));
    bodies.put(
        "too deep",
        ("{\"session_id\":\"BROKEN\",\"hook_event_name\":\"Stop\",\"x\":"
                + "[".repeat(100_000)
                + "]".repeat(100_000)
                + "}")
            .getBytes(UTF_8));
    byte[] notUtf8 = "{\"session_id\":\"BROKEN\",\"hook_event_name\":\"St?p\"}".getBytes(UTF_8);
    notUtf8[notUtf8.length - 4] = (byte) 0xff;
    bodies.put("not UTF-8", notUtf8);
    bodies.put("zeros", new byte[4096]);
    for (Map.Entry<String, byte[]> bad : bodies.entrySet()) {
      assertThat(post(Routes.CLAUDE_CODE, bad.getValue())).as(bad.getKey()).isEqualTo(400);
      hookWorks(bad.getKey());
    }
    byte[] huge = new byte[HttpServer.MAX_BODY_BYTES + 1];
    Arrays.fill(huge, (byte) ' ');
    assertThat(post(Routes.CLAUDE_CODE, huge)).isEqualTo(413);
    hookWorks("after the largest");
    settle();
    assertThat(custody.json("search", "--session", "BROKEN")).isEmpty();
    assertThat(custody.json("search", "BROKEN")).isEmpty();
    assertThat(custody.json("search", "--session", "good", "--limit", "1000"))
        .hasSize(bodies.size() + 1);
  }

  @Test
  @Order(1)
  void aWordThatCannotBeUnderstoodIsNamed() {
    CommandRun.Result nonsense = custody.run("who", "s3:DeleteBucket", "--since", "nonsense");
    assertThat(nonsense.code()).isEqualTo(2);
    assertThat(nonsense.out()).isEmpty();
    assertThat(nonsense.err()).contains("--since").contains("'nonsense'").contains("hint: ");
  }

  @Test
  @Order(1)
  void anEmptyDataDirectoryCannotAnswerAndSaysWhatToDo() throws Exception {
    Asking empty = new Asking(Files.createDirectories(directory.resolve("empty")));
    for (String[] words :
        List.of(
            new String[] {"who", "s3:DeleteBucket"},
            new String[] {"trace", "69689aad"},
            new String[] {"search", "x"},
            new String[] {"alerts"},
            new String[] {"verify"})) {
      CommandRun.Result result = empty.run(words);
      assertThat(result.code()).as(words[0]).isEqualTo(2);
      assertThat(result.out()).as(words[0]).isEmpty();
      assertThat(result.err()).as(words[0]).startsWith("custody: ").contains("\nhint: ");
      assertThat(result.err()).as(words[0]).contains("custody up").contains(empty.data() + "");
    }
  }

  @Test
  @Order(2)
  void aRecordThatIsSentAgainIsNoSecondEvent() throws Exception {
    settle();
    int events = custody.json("search", "--limit", "10000").size();
    JsonNode before = custody.json("verify").getLast();
    assertThat(before.path("verdict").asText()).isEqualTo("intact");
    ConsumerRecord<byte[], byte[]> first = read(Topic.EVENTS).getFirst();
    produce(
        new ProducerRecord<>(
            first.topic(), first.partition(), first.timestamp(), first.key(), first.value()));
    settle();
    JsonNode after = custody.json("verify").getLast();
    assertThat(after.path("verdict").asText()).isEqualTo("intact");
    assertThat(after.path("repeats").asInt()).isEqualTo(before.path("repeats").asInt() + 1);
    assertThat(after.path("records")).isEqualTo(before.path("records"));
    assertThat(custody.json("search", "--limit", "10000")).hasSize(events);
    assertThat(read(Topic.REJECTS)).isEmpty();
  }

  @Test
  @Order(3)
  void aForgedRecordGoesWholeToTheRejectsAndVerifyNamesItsPlace() throws Exception {
    byte[] key = "no chain".getBytes(UTF_8);
    byte[] value = "{\"forged\": true, \"by\": \"whoever may write to the topic\"}".getBytes(UTF_8);
    RecordMetadata forged =
        produce(new ProducerRecord<>(Topic.EVENTS.topicName(), 1, TIME.toEpochMilli(), key, value));
    settle();

    List<ConsumerRecord<byte[], byte[]>> rejects = read(Topic.REJECTS);
    assertThat(rejects).hasSize(1);
    Reject reject = Formats.REJECT.decode(rejects.getFirst().value());
    assertThat(reject.reason()).isEqualTo("Malformed");
    assertThat(reject.detail()).isNotBlank();
    assertThat(Objects.requireNonNull(reject.key()).toByteArray()).isEqualTo(key);
    assertThat(Objects.requireNonNull(reject.value()).toByteArray()).isEqualTo(value);
    assertThat(reject.partition()).isEqualTo(1);
    assertThat(reject.offset()).isEqualTo(forged.offset());
    assertThat(reject.timestamp()).isEqualTo(TIME);

    Await.until("an alert", LONG, () -> !custody.json("alerts").isEmpty());
    JsonNode alert = custody.one("alerts");
    assertThat(alert.at("/finding_info/title").asText())
        .isEqualTo("A collector's chain is not whole");
    assertThat(alert.path("severity").asText()).isEqualTo("Critical");
    assertThat(alert.at("/evidences/0/data/partition").asInt()).isEqualTo(1);
    assertThat(alert.at("/evidences/0/data/offset").asLong()).isEqualTo(forged.offset());

    CommandRun.Result verified = custody.run("verify");
    assertThat(verified.code()).isEqualTo(1);
    assertThat(verified.out())
        .contains("NOT INTACT: 1 failure")
        .contains("Malformed")
        .contains("partition 1, offset " + forged.offset());
    List<JsonNode> lines = custody.json("verify");
    assertThat(lines.getLast().path("failures").asInt()).isEqualTo(1);
    JsonNode failure = lines.get(lines.size() - 2);
    assertThat(failure.path("verdict").asText()).isEqualTo("Malformed");
    assertThat(failure.at("/position/partition").asInt()).isEqualTo(1);
    assertThat(failure.at("/position/offset").asLong()).isEqualTo(forged.offset());
    // Nothing else stops for it.
    hookWorks("after the forged record");
    settle();
    assertThat(custody.run("search", "after the forged record").code()).isZero();
  }

  @Test
  @Order(4)
  void theLargestForgedRecordGoesWholeToTheRejectsAndStopsNothing() throws Exception {
    int before = read(Topic.REJECTS).size();
    byte[] half = new byte[(Topic.MAX_EVENTS_MESSAGE_BYTES - 1000) / 2];
    byte[] rest = new byte[Topic.MAX_EVENTS_MESSAGE_BYTES - 1000];
    produce(new ProducerRecord<>(Topic.EVENTS.topicName(), 0, TIME.toEpochMilli(), half, half));
    produce(new ProducerRecord<>(Topic.EVENTS.topicName(), 0, TIME.toEpochMilli(), null, rest));
    settle();
    List<ConsumerRecord<byte[], byte[]>> rejects = read(Topic.REJECTS);
    assertThat(rejects).hasSize(before + 2);
    List<Integer> sizes = new java.util.ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> record : rejects) {
      sizes.add(Objects.requireNonNull(Formats.REJECT.decode(record.value()).value()).size());
    }
    assertThat(sizes).contains(half.length, rest.length);
    hookWorks("after the largest records");
    settle();
    assertThat(custody.run("search", "after the largest records").code()).isZero();
  }

  private void settle() throws Exception {
    assertThat(all.awaitIndexed(LONG)).isTrue();
  }

  private int imported(String id) throws IOException {
    return custody.json("search", "o/" + id).size();
  }

  private static Trail trail(String name, int records) {
    Trail trail = new Trail();
    for (int i = 0; i < records; i++) {
      String id = name + "-" + i;
      trail.call(id, TIME.plusSeconds(i), "s3:GetObject", "x", Story.NOBODYS_KEY, "arn:o/" + id);
    }
    return trail;
  }

  private static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(zipped)) {
      out.write(bytes);
    }
    return zipped.toByteArray();
  }

  private void hookWorks(String marker) throws Exception {
    AgentSession agent = new AgentSession(List.of(collector), directory, "good");
    agent.prompted("good-prompt", marker);
  }

  private int post(String path, byte[] body) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(all.http() + path))
            .timeout(LONG)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
            .build();
    return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
  }

  private RecordMetadata produce(ProducerRecord<byte[], byte[]> record) throws Exception {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", all.kafka(), "max.request.size", Topic.MAX_MESSAGE_BYTES),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      return producer.send(record).get(30, TimeUnit.SECONDS);
    }
  }

  /** Everything that is committed on {@code topic} now. */
  private List<ConsumerRecord<byte[], byte[]>> read(Topic topic) {
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", all.kafka(), "isolation.level", "read_committed"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic.topicName()).stream()
              .map(p -> new TopicPartition(p.topic(), p.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      List<ConsumerRecord<byte[], byte[]>> records = new java.util.ArrayList<>();
      while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.getOrDefault(p, 0L))) {
        consumer.poll(Duration.ofMillis(200)).forEach(records::add);
      }
      return records;
    }
  }
}
