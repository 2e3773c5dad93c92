package dev.custody.bench;

import com.sun.management.OperatingSystemMXBean;
import dev.custody.admission.ChainVerifier.Signatures;
import dev.custody.audit.Audit;
import dev.custody.audit.AuditOptions;
import dev.custody.audit.AuditReport;
import dev.custody.audit.LogDirectorySource;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Writes logs of many events and verifies them as {@code custody verify} does; prints one line of a
 * table for each. Rates are events for a second of processor time, whichever thread spent it,
 * garbage collection included.
 *
 * <p>Arguments: an empty directory, then for each log {@code EVENTS:SEAL[:THREADS]}.
 */
public final class WholeRun {
  private static final int PARTITIONS = 4;
  private static final int COLLECTORS = 8;

  /** Until the JVM has compiled what it will: its compiler's time counts too. */
  private static final int WARM_UPS = 8;

  private WholeRun() {}

  private record Spent(double wall, double processor) {}

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
    measure(directory.resolve("warm-up"), 300_000, 64, 1, false);
    System.out.println(
        "| events | seals of | bytes an event | threads | wall s | events/s | events/s per core |"
            + " plain SHA-256 of the file, per core | one signature per event, per core |");
    System.out.println("|---|---|---|---|---|---|---|---|---|");
    for (String log : List.of(arguments).subList(1, arguments.length)) {
      String[] parts = log.split(":", -1);
      measure(
          directory.resolve("log"),
          Long.parseLong(parts[0]),
          Integer.parseInt(parts[1]),
          parts.length > 2 ? Integer.parseInt(parts[2]) : 1,
          true);
    }
  }

  private static void measure(
      Path directory, long events, int sealSize, int threads, boolean print) throws Exception {
    try {
      WrittenLog log = WrittenLog.write(directory, PARTITIONS, COLLECTORS, events, sealSize);
      long bytes = bytes(log.logs());
      Spent plain = time(() -> hash(log.logs()));
      for (int i = 0; i < WARM_UPS && !print; i++) {
        audit(log, events, threads, Signatures.SEALS);
      }
      Spent audit = time(() -> audit(log, events, threads, Signatures.SEALS));
      long few = Math.min(events, 20_000);
      String line =
          String.format(
              Locale.ROOT,
              "| %,d | %d | %,d | %d | %.1f | %,.0f | %,.0f | %,.0f |",
              events,
              sealSize,
              bytes / events,
              threads,
              audit.wall(),
              events / audit.wall(),
              events / audit.processor(),
              events / plain.processor());
      delete(directory);
      WrittenLog small = WrittenLog.write(directory, PARTITIONS, COLLECTORS, few, sealSize);
      Spent all = time(() -> audit(small, few, threads, Signatures.ALL));
      if (print) {
        System.out.println(
            line + String.format(Locale.ROOT, " %,.0f |", few / all.processor()));
      }
    } finally {
      delete(directory);
    }
  }

  private static void audit(WrittenLog log, long events, int threads, Signatures signatures)
      throws IOException {
    try (LogDirectorySource source = new LogDirectorySource(log.logs())) {
      AuditReport report =
          new Audit(
                  log.roots(),
                  AuditOptions.DEFAULT.threads(threads).signatures(signatures))
              .run(source, () -> {});
      if (!report.intact() || report.verified() != events) {
        throw new IllegalStateException("expected an intact log, found " + report.failures());
      }
    }
  }

  private static List<Path> segments(Path logs) throws IOException {
    try (Stream<Path> files = Files.walk(logs)) {
      return files.filter(Files::isRegularFile).toList();
    }
  }

  private static long bytes(Path logs) throws IOException {
    long bytes = 0;
    for (Path segment : segments(logs)) {
      bytes += Files.size(segment);
    }
    return bytes;
  }

  private static void hash(Path logs) throws Exception {
    MessageDigest sha256 = MessageDigest.getInstance("SHA-256", "SUN");
    ByteBuffer buffer = ByteBuffer.allocate(1 << 20);
    for (Path segment : segments(logs)) {
      try (FileChannel channel = FileChannel.open(segment, StandardOpenOption.READ)) {
        while (channel.read(buffer.clear()) >= 0) {
          sha256.update(buffer.flip());
        }
      }
    }
    if (sha256.digest().length != 32) {
      throw new IllegalStateException("no digest");
    }
  }

  private static void delete(Path directory) throws IOException {
    if (Files.exists(directory)) {
      try (Stream<Path> files = Files.walk(directory)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }
}
