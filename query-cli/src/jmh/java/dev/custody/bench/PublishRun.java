package dev.custody.bench;

import dev.custody.chain.Envelope;
import dev.custody.chain.Sealer;
import dev.custody.collector.Collector;
import dev.custody.event.Body;
import dev.custody.event.Event;
import dev.custody.event.EventBuilder;
import dev.custody.event.Host;
import dev.custody.event.Source;
import dev.custody.local.EmbeddedBroker;
import dev.custody.publish.KafkaOutlet;
import dev.custody.topic.Topic;
import dev.custody.wire.Formats;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * What it costs to publish: events encoded, chained, sealed, spooled and acknowledged by a real
 * broker in this process; the same without chain and seal; and a plain idempotent producer that
 * compresses with LZ4 and sends the same bytes. Rounds of the three take turns; the medians are
 * compared.
 *
 * <p>Arguments: an empty directory, events a round, rounds, events a call.
 */
public final class PublishRun implements AutoCloseable {
  private static final int CALLERS = 16;
  private static final String PLAIN = "bench.plain";

  private final EmbeddedBroker broker;
  private final Collector collector;
  private final UnsealedPath unsealed;
  private final KafkaProducer<byte[], byte[]> producer;
  private final BenchMachine machine;
  private final int events;
  private final int atOnce;
  private final SplittableRandom random = new SplittableRandom(20261129);

  private PublishRun(Path directory, int events, int atOnce) throws Exception {
    this.events = events;
    this.atOnce = atOnce;
    this.broker = EmbeddedBroker.start(directory.resolve("kafka"), 0);
    String kafka = broker.bootstrapServers();
    this.machine = BenchMachine.in(directory);
    // One partition: every way writes to one file.
    this.collector = machine.start(KafkaOutlet.to(kafka, 1, (short) 1), Map.of());
    this.unsealed =
        UnsealedPath.start(
            directory.resolve("unsealed"),
            KafkaOutlet.to(kafka, 1, (short) 1),
            machine.signer().keyId());
    makePlainTopic(kafka);
    this.producer = new KafkaProducer<>(settings(kafka));
  }

  private static void makePlainTopic(String kafka) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka))) {
      Map<String, String> settings =
          Map.of(
              TopicConfig.COMPRESSION_TYPE_CONFIG,
              "producer",
              TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
              Integer.toString(Topic.MAX_MESSAGE_BYTES),
              TopicConfig.FLUSH_MS_CONFIG,
              Integer.toString(Topic.FLUSH_MILLIS));
      admin
          .createTopics(List.of(new NewTopic(PLAIN, 1, (short) 1).configs(settings)))
          .all()
          .get();
    }
  }

  private static Map<String, Object> settings(String kafka) {
    return Map.of(
        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
        kafka,
        ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG,
        ByteArraySerializer.class,
        ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG,
        ByteArraySerializer.class,
        ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
        true,
        ProducerConfig.ACKS_CONFIG,
        "all",
        ProducerConfig.COMPRESSION_TYPE_CONFIG,
        "lz4",
        ProducerConfig.LINGER_MS_CONFIG,
        5);
  }

  /** Runs. */
  public static void main(String[] arguments) throws Exception {
    Path directory = Files.createDirectories(Path.of(arguments[0]));
    int rounds = Integer.parseInt(arguments[2]);
    double[][] rates = new double[3][rounds];
    try (PublishRun run =
        new PublishRun(
            directory, Integer.parseInt(arguments[1]), Integer.parseInt(arguments[3]))) {
      // The first round is the compiler's.
      for (int round = -1; round < rounds; round++) {
        double[] these = {run.whole(), run.withoutSeal(), run.plain()};
        for (int way = 0; way < these.length && round >= 0; way++) {
          rates[way][round] = these[way];
        }
      }
    }
    double whole = median(rates[0]);
    double withoutSeal = median(rates[1]);
    double plain = median(rates[2]);
    System.out.println(
        "| events a call | recorded and published, events/s | without chain and seal | plain"
            + " producer, LZ4 | of (a), aim 0.85 | of (b), aim 0.35 |");
    System.out.println("|---|---|---|---|---|---|");
    System.out.printf(
        Locale.ROOT,
        "| %s | %,.0f | %,.0f | %,.0f | %.2f | %.2f |%n",
        arguments[3],
        whole,
        withoutSeal,
        plain,
        whole / withoutSeal,
        whole / plain);
    System.exit(0);
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  /** Records one call's events. */
  @FunctionalInterface
  private interface Recording {
    void record(List<Event> events) throws Exception;
  }

  private double whole() throws Exception {
    List<Event> made = made();
    long begin = System.nanoTime();
    byCallers(
        made,
        some -> {
          var _ = collector.recorder().record(some);
        });
    require(collector.awaitPublished(java.time.Duration.ofMinutes(5)));
    return rate(begin);
  }

  private double withoutSeal() throws Exception {
    List<Event> made = made();
    long begin = System.nanoTime();
    byCallers(made, unsealed::record);
    require(unsealed.awaitPublished());
    return rate(begin);
  }

  /** The very envelopes that the first way makes, made beforehand. */
  private double plain() throws Exception {
    List<byte[]> encoded = made().stream().map(Formats.EVENT::encode).toList();
    Sealer.Opened chain = Sealer.open(machine.signer(), encoded.getFirst());
    List<byte[]> envelopes = new ArrayList<>(events);
    for (int from = 0; from < events; from += 64) {
      for (Envelope envelope :
          chain.sealer().seal(encoded.subList(from, Math.min(events, from + 64)))) {
        envelopes.add(Formats.ENVELOPE.encode(envelope));
      }
    }
    byte[] key = chain.genesis().chain().toByteArray();
    long begin = System.nanoTime();
    for (byte[] envelope : envelopes) {
      var _ = producer.send(new ProducerRecord<>(PLAIN, key, envelope));
    }
    producer.flush();
    return rate(begin);
  }

  private double rate(long begin) {
    return events / ((System.nanoTime() - begin) / 1e9);
  }

  private static void require(boolean published) {
    if (!published) {
      throw new IllegalStateException("not published within 5 minutes");
    }
  }

  private void byCallers(List<Event> made, Recording recording) throws Exception {
    try (ExecutorService callers = Executors.newFixedThreadPool(CALLERS)) {
      List<Future<?>> calls = new ArrayList<>();
      for (int from = 0; from < made.size(); from += atOnce) {
        List<Event> some = made.subList(from, Math.min(made.size(), from + atOnce));
        calls.add(
            callers.submit(() -> {
              recording.record(some);
              return null;
            }));
      }
      for (Future<?> call : calls) {
        call.get();
      }
    }
  }

  private List<Event> made() {
    List<Event> made = new ArrayList<>(events);
    for (int i = 0; i < events; i++) {
      made.add(
          new EventBuilder(
                  new Source("claude-code", "PostToolUse", null, "2.1.330"),
                  new Host("laptop", "linux"),
                  Instant.now(),
                  new Body.ToolCallCompleted("Bash", 300L + i % 100))
              .within("session-" + i % 8, "prompt-" + i / 50, "toolu_" + i)
              .project("/nowhere/project")
              .action("tool:Bash")
              .content(content(i), 0)
              .build());
    }
    return made;
  }

  /** A listing, which compresses as such texts do: to somewhat less than half. */
  private byte[] content(int number) {
    StringBuilder lines = new StringBuilder(700);
    while (lines.length() < 600) {
      lines
          .append("-rw-r--r-- 1 dana dana ")
          .append(random.nextInt(200_000))
          .append(" Nov ")
          .append(random.nextInt(10, 30))
          .append(" 14:")
          .append(random.nextInt(10, 60))
          .append(" src/")
          .append(Integer.toString(random.nextInt(1 << 30), 36))
          .append("/")
          .append(Integer.toString(random.nextInt(1 << 20), 36))
          .append(".java\\n");
    }
    return """
        {"tool_input":{"command":"ls -l src # %d"},"tool_response":{"stdout":"%s"}}"""
        .formatted(number, lines)
        .getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void close() throws Exception {
    producer.close();
    unsealed.close();
    collector.close();
    broker.close();
  }
}
