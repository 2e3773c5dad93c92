package dev.custody.bench;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.management.OperatingSystemMXBean;
import dev.custody.access.TokenFile;
import dev.custody.detect.ShippedRules;
import dev.custody.enforce.Policy;
import dev.custody.http.HttpConfig;
import dev.custody.local.AllInOne;
import dev.custody.local.CollectorClient;
import dev.custody.local.CollectorRole;
import dev.custody.local.EmbeddedBroker;
import dev.custody.local.Installation;
import dev.custody.local.RecordDelivery;
import dev.custody.source.cloudtrail.CloudTrailSource;
import dev.custody.source.records.RecordFiles;
import dev.custody.topic.Topic;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * How many CloudTrail records a second an import takes in: cut out, sent, parsed, redacted, sealed,
 * spooled and acknowledged by a real broker, all in one process. In the same run Jackson alone
 * reads the same file into trees.
 *
 * <p>Arguments: an empty directory, records of a round, rounds; {@code searchable} at the end
 * measures as well, in all-in-one, until everything can be searched.
 */
public final class ImportRun {
  private static final long SEED = 20261129;
  private static final Duration LONGEST = Duration.ofMinutes(30);

  private ImportRun() {}

  private record Spent(double wall, double processor) {
    String rate(long records) {
      return String.format(
          Locale.ROOT,
          "%,.0f records/s, %,.0f a second of processor time, %,.0f by two cores' worth of it",
          records / wall,
          records / processor,
          2 * records / processor);
    }
  }

  @FunctionalInterface
  private interface Work {
    void run() throws Exception;
  }

  private static Spent time(Work work) throws Exception {
    OperatingSystemMXBean system =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    long wall = System.nanoTime();
    long processor = system.getProcessCpuTime();
    work.run();
    return new Spent(
        (System.nanoTime() - wall) / 1e9, (system.getProcessCpuTime() - processor) / 1e9);
  }

  /** Runs. */
  public static void main(String[] arguments) throws Exception {
    Path directory = Files.createDirectories(Path.of(arguments[0]));
    long records = Long.parseLong(arguments[1]);
    int rounds = Integer.parseInt(arguments[2]);
    boolean searchable = List.of(arguments).contains("searchable");
    System.out.println("seed " + SEED);
    try {
      toKafka(directory, records, rounds);
      if (searchable) {
        toIndex(directory, records);
      }
    } finally {
      delete(directory);
    }
  }

  private static void toKafka(Path directory, long records, int rounds) throws Exception {
    Path data = directory.resolve("data");
    try (EmbeddedBroker broker = EmbeddedBroker.start(data.resolve("kafka"), 0);
        CollectorRole collector =
            CollectorRole.start(
                new CollectorRole.Config(
                    data,
                    broker.bootstrapServers(),
                    HttpConfig.loopback(0),
                    Topic.DEFAULT_PARTITIONS,
                    (short) 1,
                    "bench",
                    Policy.OBSERVE),
                Installation.open(data, directory.resolve("wrapping.key")));
        CollectorClient client =
            new CollectorClient("http://127.0.0.1:" + collector.httpPort())) {
      CollectorClient importing = client.importing(data.resolve(TokenFile.IMPORT_NAME));
      for (int round = 0; round < rounds; round++) {
        Path file = directory.resolve("trail.json");
        GeneratedTrail.write(file, records, SEED + round);
        Spent bare = time(() -> parse(file, records));
        Spent recorded = time(() -> deliver(importing, file, records));
        Spent rest = time(() -> settle(collector));
        Spent whole =
            new Spent(
                recorded.wall() + rest.wall(), recorded.processor() + rest.processor());
        System.out.printf(
            Locale.ROOT,
            "round %d, %,d records of %,d bytes%n  Jackson alone: %s%n  durable in the spool: %s%n  acknowledged by Kafka: %s%n  of Jackson's rate: %.2f by the clock, %.2f by processor time%n",
            round + 1,
            records,
            Files.size(file) / records,
            bare.rate(records),
            recorded.rate(records),
            whole.rate(records),
            bare.wall() / whole.wall(),
            bare.processor() / whole.processor());
      }
    }
  }

  private static void toIndex(Path directory, long records) throws Exception {
    Path file = directory.resolve("trail.json");
    GeneratedTrail.write(file, records, SEED - 1);
    AllInOne.Config config =
        AllInOne.Config.onAnyPort(
            directory.resolve("all"), Topic.DEFAULT_PARTITIONS, "bench", ShippedRules.load());
    try (AllInOne all = AllInOne.start(config, directory.resolve("wrapping.key"));
        CollectorClient client = new CollectorClient(all.http())) {
      CollectorClient importing = client.importing(config.data().resolve(TokenFile.IMPORT_NAME));
      Spent whole =
          time(() -> {
            deliver(importing, file, records);
            if (!all.awaitIndexed(LONGEST)) {
              throw new IllegalStateException("not indexed within " + LONGEST);
            }
          });
      System.out.printf(Locale.ROOT, "searchable: %s%n", whole.rate(records));
    }
  }

  private static void settle(CollectorRole collector) throws Exception {
    if (!collector.settle(LONGEST)) {
      throw new IllegalStateException("not published within " + LONGEST);
    }
  }

  private static void parse(Path file, long records) throws IOException {
    ObjectMapper mapper = new ObjectMapper();
    long found = 0;
    try (InputStream in = Files.newInputStream(file);
        JsonParser parser = mapper.createParser(in)) {
      while (parser.nextToken() != JsonToken.START_ARRAY) {
        // To the records.
      }
      while (parser.nextToken() == JsonToken.START_OBJECT) {
        JsonNode record = mapper.readTree(parser);
        found += record.has("eventID") ? 1 : 0;
      }
    }
    if (found != records) {
      throw new IllegalStateException("expected " + records + " records, found " + found);
    }
  }

  private static void deliver(CollectorClient client, Path file, long records) throws Exception {
    try (RecordDelivery delivery =
        new RecordDelivery(
            client,
            CloudTrailSource.SHAPE,
            RecordDelivery.Patience.ONCE,
            problem -> {
              throw new IllegalStateException(problem.toString());
            })) {
      RecordFiles.Totals totals =
          RecordFiles.read(
              CloudTrailSource.SHAPE,
              List.of(file),
              InputStream.nullInputStream(),
              sink(delivery),
              (at, total) -> {});
      delivery.flush();
      if (totals.read() != records || delivery.counts().recorded() < records) {
        throw new IllegalStateException("expected " + records + ", found " + delivery.counts());
      }
    }
  }

  private static RecordFiles.Sink sink(RecordDelivery delivery) {
    return new RecordFiles.Sink() {
      @Override
      public void record(RecordFiles.Item item) {
        try {
          delivery.add(item);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
          throw new IllegalStateException(e);
        }
      }

      @Override
      public void problem(RecordFiles.Problem problem) {
        throw new IllegalStateException(problem.toString());
      }
    };
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
