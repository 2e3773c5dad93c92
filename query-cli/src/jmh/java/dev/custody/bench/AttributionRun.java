package dev.custody.bench;

import com.sun.management.OperatingSystemMXBean;
import dev.custody.detect.ShippedRules;
import dev.custody.event.Event;
import dev.custody.index.Indexer;
import dev.custody.local.EmbeddedBroker;
import dev.custody.local.Installation;
import dev.custody.signing.KeyDirectory;
import dev.custody.topic.Topic;
import dev.custody.topology.ProcessorConfig;
import dev.custody.topology.StreamProcessor;
import dev.custody.wire.Formats;
import java.io.File;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * How many world events a second are attributed, end to end, with many live claims: a real broker
 * and the real stream processor in one process, as all-in-one runs them.
 *
 * <p>Arguments: an empty directory, world events for each measurement, then the live claims of each
 * measurement, ascending; {@code index} at the end lets the index run as well.
 */
public final class AttributionRun implements AutoCloseable {
  private static final int PARTITIONS = Topic.DEFAULT_PARTITIONS;
  private static final int COLLECTORS = 4;
  private static final int WARM_UP = 5_000;
  private static final long SEED = 20261122;
  private static final String STREAMS = "stream thread";

  private final Path data;
  private final EmbeddedBroker broker;
  private final StreamProcessor processor;
  private final List<BenchCollector> collectors = new ArrayList<>();
  private final KafkaProducer<byte[], byte[]> producer;
  private final KafkaConsumer<String, byte[]> attributed;
  private final Admin admin;
  private final SplittableRandom random = new SplittableRandom(SEED);
  private int sessions;
  private long numbers;

  private AttributionRun(Path data) throws Exception {
    this.data = data;
    this.broker = EmbeddedBroker.start(data.resolve("kafka"), 0);
    String kafka = broker.bootstrapServers();
    Path wrapping = data.resolve("wrapping.key");
    Installation installation = Installation.open(data, wrapping);
    this.processor =
        StreamProcessor.start(
            new ProcessorConfig(
                kafka,
                data.resolve("streams"),
                "all-in-one",
                Integer.getInteger("bench.threads", 1),
                PARTITIONS,
                (short) 1,
                installation.roots(),
                ShippedRules.load(),
                installation.logs(PARTITIONS, Instant.now())));
    KeyDirectory keys = KeyDirectory.open(data.resolve("bench-keys"), wrapping);
    for (int i = 0; i < COLLECTORS; i++) {
      collectors.add(
          new BenchCollector(
              installation.authority(),
              keys.signer("collector-" + i),
              i,
              BenchWorld.OBSERVED.toEpochMilli()));
    }
    this.admin = Admin.create(Map.of("bootstrap.servers", kafka));
    this.producer =
        new KafkaProducer<>(
            Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                kafka,
                ProducerConfig.LINGER_MS_CONFIG,
                5),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    this.attributed =
        new KafkaConsumer<>(
            Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                kafka,
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                "read_committed"),
            new StringDeserializer(),
            new ByteArrayDeserializer());
  }

  /** Runs. */
  public static void main(String[] arguments) throws Exception {
    List<String> given = new ArrayList<>(List.of(arguments));
    boolean index = given.remove("index");
    Path data = Files.createDirectories(Path.of(given.getFirst()));
    int events = Integer.parseInt(given.get(1));
    System.out.println("seed " + SEED + ", index " + (index ? "on" : "off"));
    try (AttributionRun run = new AttributionRun(data)) {
      Indexer indexer =
          index ? Indexer.start(data.resolve("index"), run.broker.bootstrapServers()) : null;
      try {
        run.measureAll(events, given.subList(2, given.size()));
      } finally {
        if (indexer != null) {
          indexer.close();
        }
      }
    }
  }

  private void measureAll(int events, List<String> claims) throws Exception {
    attributed.assign(
        Stream.iterate(0, i -> i < PARTITIONS, i -> i + 1)
            .map(i -> new TopicPartition(Topic.ATTRIBUTED.topicName(), i))
            .toList());
    for (BenchCollector collector : collectors) {
      producer.send(collector.genesis());
    }
    build(Long.parseLong(claims.getFirst()));
    attribute(WARM_UP);
    System.out.println("warm: " + WARM_UP + " world events");
    for (String count : claims) {
      build(Long.parseLong(count));
      Map<String, long[]> before = topics();
      double load = load();
      Processor began = Processor.now();
      double seconds = attribute(events);
      Processor spent = Processor.now().since(began);
      report(events, seconds, load, spent);
      await();
      cost(events, before, topics());
    }
  }

  /** Seconds of processor time of the whole process, and of its Java threads by what they do. */
  private record Processor(double all, Map<String, Double> threads) {
    static Processor now() {
      OperatingSystemMXBean system =
          (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
      ThreadMXBean threads = ManagementFactory.getThreadMXBean();
      Map<String, Double> seconds = new TreeMap<>();
      for (ThreadInfo thread : threads.getThreadInfo(threads.getAllThreadIds())) {
        if (thread != null) {
          double spent = Math.max(0, threads.getThreadCpuTime(thread.getThreadId())) / 1e9;
          seconds.merge(group(thread.getThreadName()), spent, Double::sum);
        }
      }
      return new Processor(system.getProcessCpuTime() / 1e9, seconds);
    }

    private static String group(String thread) {
      if (thread.endsWith("-producer")) {
        return "processor's producer";
      }
      if (thread.contains("-StreamThread-")) {
        return STREAMS;
      }
      return thread.equals("main") || thread.contains("| producer-")
          ? "the measurement itself"
          : "broker";
    }

    double streams() {
      return threads.getOrDefault(STREAMS, 0.0);
    }

    Processor since(Processor before) {
      Map<String, Double> spent = new TreeMap<>(threads);
      before.threads.forEach((group, then) -> spent.merge(group, -then, Double::sum));
      double java = spent.values().stream().mapToDouble(Double::doubleValue).sum();
      spent.put("compiler, collector, RocksDB", all - before.all - java);
      return new Processor(all - before.all, spent);
    }

    @Override
    public String toString() {
      return threads.entrySet().stream()
          .map(e -> String.format(Locale.ROOT, "%s %.1f s", e.getKey(), e.getValue()))
          .collect(java.util.stream.Collectors.joining(", "));
    }
  }

  private static double load() {
    return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
  }

  private void build(long claims) throws Exception {
    long began = System.nanoTime();
    Map<String, long[]> before = topics();
    int from = sessions;
    while ((long) sessions * BenchWorld.CLAIMS_OF_SESSION < claims) {
      collectors
          .get(sessions % COLLECTORS)
          .seal(BenchWorld.session(sessions))
          .forEach(producer::send);
      sessions++;
    }
    producer.flush();
    await();
    double seconds = (System.nanoTime() - began) / 1e9;
    String claimed = StreamProcessor.APPLICATION + "-claims-changelog";
    System.out.printf(
        Locale.ROOT,
        "built: %,d sessions, %,d claims (%,d records in the claims' changelog) in %.0f s%n",
        sessions - from,
        (long) (sessions - from) * BenchWorld.CLAIMS_OF_SESSION,
        topics().getOrDefault(claimed, new long[2])[0]
            - before.getOrDefault(claimed, new long[2])[0],
        seconds);
  }

  /** Seconds from the first append until all are attributed. */
  private double attribute(int count) throws Exception {
    Set<String> waiting = new HashSet<>();
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (int collector = 0; collector < COLLECTORS; collector++) {
      List<byte[]> encoded = new ArrayList<>();
      for (int i = collector; i < count; i += COLLECTORS) {
        Event event = BenchWorld.cloudCall(random, sessions, numbers++);
        waiting.add(event.id().toString());
        encoded.add(Formats.EVENT.encode(event));
      }
      records.addAll(collectors.get(collector).seal(encoded));
    }
    attributed.seekToEnd(attributed.assignment());
    attributed.assignment().forEach(attributed::position);
    long began = System.nanoTime();
    records.forEach(producer::send);
    producer.flush();
    Map<String, Integer> grades = new TreeMap<>();
    while (!waiting.isEmpty()) {
      for (ConsumerRecord<String, byte[]> record :
          attributed.poll(Duration.ofSeconds(1))) {
        if (waiting.remove(record.key())) {
          grades.merge(
              Formats.ATTRIBUTION.decode(record.value()).best().grade().name(), 1, Integer::sum);
        }
      }
      boolean late = System.nanoTime() - began > TimeUnit.MINUTES.toNanos(10);
      if (late || !processor.healthy()) {
        throw new IllegalStateException(
            waiting.size() + " events were not attributed", processor.failure());
      }
    }
    double seconds = (System.nanoTime() - began) / 1e9;
    System.out.println("grades: " + grades);
    return seconds;
  }

  private void report(int events, double seconds, double load, Processor spent) throws Exception {
    long claims = (long) sessions * BenchWorld.CLAIMS_OF_SESSION;
    long disk = stores("claims");
    System.out.printf(
        Locale.ROOT,
        "RESULT %,d claims: %,.0f world events/s (%,d in %.1f s);"
            + " %,.0f a second of processor time of the process, %,.0f of its stream thread;"
            + " load %.1f before, %.1f after;"
            + " RSS %,d MiB, heap %,d MiB in use; claims store %,d bytes on disk, %,d a claim;"
            + " all stores %,d MiB%n",
        claims,
        events / seconds,
        events,
        seconds,
        events / spent.all(),
        events / spent.streams(),
        load,
        load(),
        resident() >> 20,
        ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() >> 20,
        disk,
        disk / claims,
        stores("") >> 20);
    System.out.println("processor time: " + spent);
  }

  private static long resident() throws Exception {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
        .findFirst()
        .orElse(0);
  }

  private long stores(String name) throws Exception {
    String within = "/rocksdb/" + name;
    try (Stream<Path> files = Files.walk(data.resolve("streams"))) {
      return files
          .filter(f -> f.toString().contains(within + (name.isEmpty() ? "" : "/")))
          .map(Path::toFile)
          .filter(File::isFile)
          .mapToLong(File::length)
          .sum();
    }
  }

  private void cost(int events, Map<String, long[]> before, Map<String, long[]> after) {
    System.out.println("| topic | records a world event | bytes a world event |");
    System.out.println("|---|---|---|");
    double[] sum = new double[2];
    after.forEach((topic, now) -> {
      long[] then = before.getOrDefault(topic, new long[2]);
      double records = (double) (now[0] - then[0]) / events;
      double bytes = (double) (now[1] - then[1]) / events;
      if (records > 0.0005 && !topic.startsWith("__")) {
        sum[0] += records;
        sum[1] += bytes;
        System.out.printf(Locale.ROOT, "| %s | %.2f | %,.0f |%n", topic, records, bytes);
      }
    });
    System.out.printf(Locale.ROOT, "| together | %.2f | %,.0f |%n", sum[0], sum[1]);
  }

  /** Of each topic the sum of its end offsets, transaction markers included, and its bytes. */
  private Map<String, long[]> topics() throws Exception {
    Map<String, long[]> sums = new TreeMap<>();
    for (Map.Entry<TopicPartition, Long> end : ends(admin.listTopics().names().get()).entrySet()) {
      sums.computeIfAbsent(end.getKey().topic(), t -> new long[2])[0] += end.getValue();
    }
    for (var logs : admin.describeLogDirs(Set.of(brokerId())).allDescriptions().get().values()) {
      logs.values().stream()
          .flatMap(log -> log.replicaInfos().entrySet().stream())
          .forEach(r ->
              sums.computeIfAbsent(r.getKey().topic(), t -> new long[2])[1] += r.getValue().size());
    }
    return sums;
  }

  private int brokerId() throws Exception {
    return admin.describeCluster().nodes().get().iterator().next().id();
  }

  private Map<TopicPartition, Long> ends(Set<String> names) throws Exception {
    Map<TopicPartition, org.apache.kafka.clients.admin.OffsetSpec> asked = new HashMap<>();
    admin
        .describeTopics(names)
        .allTopicNames()
        .get()
        .forEach((name, topic) ->
            topic
                .partitions()
                .forEach(p ->
                    asked.put(
                        new TopicPartition(name, p.partition()),
                        OffsetSpec.latest())));
    Map<TopicPartition, Long> ends = new HashMap<>();
    admin.listOffsets(asked).all().get().forEach((p, info) -> ends.put(p, info.offset()));
    return ends;
  }

  /** Until nothing that the processor reads is behind, twice in a row. */
  private void await() throws Exception {
    Map<TopicPartition, Long> before = Map.of();
    while (processor.healthy()) {
      Set<String> names = new TreeSet<>(admin.listTopics().names().get());
      names.removeIf(
          n ->
              !n.equals(Topic.EVENTS.topicName())
                  && !n.equals(Topic.ATTRIBUTED.topicName())
                  && !n.endsWith("-repartition"));
      Map<TopicPartition, Long> ends = ends(names);
      var done =
          admin
              .listConsumerGroupOffsets(StreamProcessor.APPLICATION)
              .partitionsToOffsetAndMetadata()
              .get();
      boolean behind =
          ends.entrySet().stream()
              .anyMatch(end -> {
                var committed = done.get(end.getKey());
                return end.getValue() > 0
                    && (committed == null || committed.offset() < end.getValue());
              });
      if (!behind && ends.equals(before)) {
        return;
      }
      before = ends;
      TimeUnit.MILLISECONDS.sleep(200);
    }
    throw new IllegalStateException("the stream processor failed", processor.failure());
  }

  @Override
  public void close() {
    producer.close();
    attributed.close();
    admin.close();
    processor.close();
    broker.close();
  }
}
