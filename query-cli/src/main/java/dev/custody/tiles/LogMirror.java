package dev.custody.tiles;

import dev.custody.admission.TrustedRoots;
import dev.custody.tlog.LogList;
import dev.custody.tlog.LogOrigin;
import dev.custody.tlog.Tile;
import dev.custody.tlog.TlogException;
import dev.custody.topic.Topic;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the topics of the log, committed records only, and keeps each log as a directory of
 * tiles: {@code DIR/<partition>/<generation>}, and the list of logs as {@code DIR/logs}. All of it
 * can be deleted and is read again.
 */
public final class LogMirror implements AutoCloseable {
  /** Key of the list of logs in {@code custody.checkpoints}. */
  public static final String LIST = "logs";

  private static final Logger LOG = LoggerFactory.getLogger(LogMirror.class);
  private static final Duration POLL = Duration.ofMillis(500);
  private static final String OPEN = "/open";
  private static final String OFFSETS = "offsets";

  private final Path directory;
  private final TrustedRoots roots;
  private final Cosigning cosigning;
  private final KafkaConsumer<String, byte[]> consumer;
  private final Map<LogOrigin, MirroredLog> logs = new TreeMap<>(LogMirror::order);
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private final Thread thread;
  private @Nullable LogList list;

  private LogMirror(
      Path directory,
      TrustedRoots roots,
      Cosigning cosigning,
      KafkaConsumer<String, byte[]> consumer) {
    this.directory = directory;
    this.roots = roots;
    this.cosigning = cosigning;
    this.consumer = consumer;
    this.thread = Thread.ofPlatform().name("log-mirror").unstarted(this::follow);
  }

  private static int order(LogOrigin a, LogOrigin b) {
    return a.toString().compareTo(b.toString());
  }

  /** Follows the cluster at {@code servers} until it is closed. */
  public static LogMirror start(
      Path directory, String servers, TrustedRoots roots, Cosigning cosigning) throws IOException {
    LogMirror mirror = open(directory, servers, roots, cosigning);
    mirror.thread.start();
    return mirror;
  }

  /** Reads everything that is there now, once. */
  public static void copy(Path directory, String servers, TrustedRoots roots) throws IOException {
    LogMirror mirror = open(directory, servers, roots, Cosigning.none());
    try (KafkaConsumer<String, byte[]> reading = mirror.consumer) {
      Map<TopicPartition, Long> ends = reading.endOffsets(reading.assignment());
      while (ends.entrySet().stream().anyMatch(e -> reading.position(e.getKey()) < e.getValue())) {
        mirror.step();
      }
      mirror.step();
    } catch (KafkaException e) {
      throw new IOException("kafka at %s: %s".formatted(servers, e.getMessage()), e);
    }
  }

  private static LogMirror open(
      Path directory, String servers, TrustedRoots roots, Cosigning cosigning) throws IOException {
    Files.createDirectories(directory);
    try {
      LogMirror mirror = new LogMirror(directory, roots, cosigning, consumer(servers));
      mirror.assign();
      return mirror;
    } catch (KafkaException e) {
      throw new IOException("kafka at %s: %s".formatted(servers, e.getMessage()), e);
    }
  }

  private static KafkaConsumer<String, byte[]> consumer(String servers) {
    return new KafkaConsumer<>(
        Map.of(
            ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
            servers,
            ConsumerConfig.ISOLATION_LEVEL_CONFIG,
            "read_committed",
            ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
            "earliest",
            ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
            false,
            ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
            false),
        new StringDeserializer(),
        new ByteArrayDeserializer());
  }

  private void assign() throws IOException {
    List<TopicPartition> partitions = new ArrayList<>();
    for (Topic topic : List.of(Topic.CHECKPOINTS, Topic.TILES)) {
      consumer
          .partitionsFor(topic.topicName())
          .forEach(p -> partitions.add(new TopicPartition(p.topic(), p.partition())));
    }
    consumer.assign(partitions);
    Properties offsets = offsets();
    for (TopicPartition partition : partitions) {
      String known = offsets.getProperty(partition.toString());
      if (known == null) {
        consumer.seekToBeginning(List.of(partition));
      } else {
        consumer.seek(partition, Long.parseLong(known));
      }
    }
    readList();
  }

  private Properties offsets() throws IOException {
    Properties offsets = new Properties();
    try (var in = Files.newBufferedReader(directory.resolve(OFFSETS))) {
      offsets.load(in);
    } catch (NoSuchFileException e) {
      return offsets;
    }
    return offsets;
  }

  private void readList() throws IOException {
    Path file = directory.resolve(LIST);
    if (Files.exists(file)) {
      take(Files.readAllBytes(file));
    }
  }

  private void follow() {
    try (consumer) {
      while (!Thread.currentThread().isInterrupted()) {
        step();
      }
    } catch (WakeupException e) {
      LOG.debug("closed");
    } catch (IOException | RuntimeException e) {
      failure.set(e);
      LOG.error("the log is no longer published: {}", e.getMessage(), e);
    }
  }

  /** Takes what has come, then shows what it can, then remembers how far it came. */
  private void step() throws IOException {
    ConsumerRecords<String, byte[]> records = consumer.poll(POLL);
    for (ConsumerRecord<String, byte[]> record : records) {
      take(record);
    }
    LogList known = list;
    if (known != null) {
      for (MirroredLog log : logs.values()) {
        log.publish(known, cosigning);
      }
    }
    if (!records.isEmpty()) {
      remember();
    }
  }

  private void take(ConsumerRecord<String, byte[]> record) throws IOException {
    String key = record.key();
    byte[] value = record.value();
    if (key == null || value == null) {
      return;
    }
    if (record.topic().equals(Topic.TILES.topicName())) {
      takeTile(key, value);
    } else if (key.equals(LIST)) {
      take(value);
    } else {
      log(key).ifPresent(log -> log.take(value));
    }
  }

  private void take(byte[] note) throws IOException {
    try {
      LogList read = LogList.open(note, roots.publicKeys());
      LogList known = list;
      if (known == null || read.serial() > known.serial()) {
        list = read;
        Files.write(directory.resolve(LIST), note);
      }
    } catch (TlogException e) {
      LOG.error("a list of logs is refused: {}", e.getMessage());
    }
  }

  private void takeTile(String key, byte[] value) throws IOException {
    if (key.endsWith(OPEN)) {
      Optional<MirroredLog> log = log(key.substring(0, key.length() - OPEN.length()));
      if (log.isPresent()) {
        log.get().directory().putOpen(value);
      }
      return;
    }
    int path = key.indexOf("/tile/");
    Optional<MirroredLog> log = path < 0 ? Optional.empty() : log(key.substring(0, path));
    if (log.isPresent()) {
      try {
        log.get().directory().putTile(Tile.parse(key.substring(path + 1)), value);
      } catch (TlogException e) {
        LOG.error("a tile is refused: {}", e.getMessage());
      }
    }
  }

  private Optional<MirroredLog> log(String origin) {
    try {
      return Optional.of(
          logs.computeIfAbsent(
              LogOrigin.parse(origin), o -> new MirroredLog(o, directoryOf(directory, o))));
    } catch (IllegalArgumentException e) {
      LOG.error("a record of no log: {}", e.getMessage());
      return Optional.empty();
    }
  }

  /** Where a mirror in {@code directory} keeps the log {@code origin}. */
  public static TileDirectory directoryOf(Path directory, LogOrigin origin) {
    return new TileDirectory(
        directory
            .resolve(Integer.toString(origin.partition()))
            .resolve(Integer.toString(origin.generation())));
  }

  // After the files: a crash reads some records twice, and writes the same files again.
  private void remember() throws IOException {
    StringBuilder offsets = new StringBuilder();
    for (TopicPartition partition : consumer.assignment()) {
      offsets.append(partition).append('=').append(consumer.position(partition)).append('\n');
    }
    Path aside = directory.resolve(".offsets.tmp");
    Files.write(aside, offsets.toString().getBytes(StandardCharsets.UTF_8));
    Files.move(
        aside,
        directory.resolve(OFFSETS),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  /** Why it stopped; empty while it follows. */
  public Optional<Throwable> failure() {
    return Optional.ofNullable(failure.get());
  }

  @Override
  public void close() {
    consumer.wakeup();
    try {
      thread.join(Duration.ofSeconds(10));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
