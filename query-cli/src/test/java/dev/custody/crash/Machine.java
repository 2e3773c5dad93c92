package dev.custody.crash;

import dev.custody.e2e.Await;
import dev.custody.e2e.CustodyProcess;
import dev.custody.local.EmbeddedBroker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A developer's machine, whose collector is started again and again on one data directory, and the
 * Kafka that it publishes to, which may be away.
 */
final class Machine implements AutoCloseable {
  private static final Duration LONG = Duration.ofMinutes(3);

  private final Path directory;
  private final Path data;
  private final int port;
  private @Nullable EmbeddedBroker broker;
  private @Nullable CustodyProcess collector;

  /** Everything is under {@code directory}, but the collector's data. */
  Machine(Path directory, Path data) throws IOException {
    this.directory = Files.createDirectories(directory);
    this.data = data;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      this.port = free.getLocalPort();
    }
  }

  Path directory() {
    return directory;
  }

  /** Whether its keys are being made, or were. */
  boolean hasKeys() {
    return Files.exists(data.resolve("keys"));
  }

  String kafka() {
    return "127.0.0.1:" + port;
  }

  /** The public root key of its organisation. */
  Path root() {
    return data.resolve("keys").resolve("root.pub");
  }

  /** Kafka is there, on the directory and the port that it always had. */
  void kafkaComes() {
    if (broker == null) {
      broker = EmbeddedBroker.start(directory.resolve("broker"), port);
    }
  }

  void kafkaGoes() {
    if (broker != null) {
      broker.close();
      broker = null;
    }
  }

  boolean hasKafka() {
    return broker != null;
  }

  /** Starts the collector and does not wait for it. */
  CustodyProcess startCollector() throws IOException {
    CustodyProcess started =
        CustodyProcess.startUnder(
            // It lives for seconds: what a JVM compiles for the long run would be lost on it.
            List.of("-XX:TieredStopAtLevel=1"),
            directory,
            "collector",
            Map.of(),
            "collector",
            "--bootstrap-servers",
            kafka(),
            "--http-port",
            "0",
            "--data",
            data.toString());
    collector = started;
    return started;
  }

  /** How many collectors found that a burst had been under way. */
  long readBacks() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(file -> file.toString().endsWith(".err"))
          .filter(Machine::tellsOfReadingBack)
          .count();
    }
  }

  private static boolean tellsOfReadingBack(Path file) {
    try {
      return Files.readString(file).contains("read back: of ");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until everything is in Kafka, and stops the collector in order. */
  void settle() throws IOException, InterruptedException {
    CustodyProcess running = collector;
    if (running == null) {
      throw new IllegalStateException("no collector was started");
    }
    String http = running.ready("http");
    Await.until(
        "everything is published",
        LONG,
        () -> CustodyProcess.metric(http, "custody_unpublished") == 0);
    Duration _ = running.terminate(LONG);
  }

  @Override
  public void close() {
    if (collector != null) {
      collector.close();
    }
    kafkaGoes();
  }
}
