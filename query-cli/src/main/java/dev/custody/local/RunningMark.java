package dev.custody.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Tells other commands where the process that has a data directory listens. A mark whose process is
 * gone counts for nothing.
 *
 * @param http address of the collector
 * @param kafka address of the broker
 * @param pid process id
 */
public record RunningMark(String http, String kafka, long pid) {
  private static final String FILE = "running";

  /** Leaves the mark of this process on {@code data}. */
  public static void write(Path data, String http, String kafka) throws IOException {
    long pid = ProcessHandle.current().pid();
    Path aside = data.resolve(FILE + ".new");
    Files.writeString(aside, "http=%s%nkafka=%s%npid=%d%n".formatted(http, kafka, pid));
    Files.move(aside, data.resolve(FILE), StandardCopyOption.ATOMIC_MOVE);
  }

  /** Takes the mark away again. */
  public static void remove(Path data) {
    try {
      Files.deleteIfExists(data.resolve(FILE));
    } catch (IOException e) {
      // Its process is about to end, which makes it void as well.
      return;
    }
  }

  /** The mark of the process that runs on {@code data}, if one does. */
  public static Optional<RunningMark> read(Path data) {
    try {
      Map<String, String> lines = new HashMap<>();
      for (String line : Files.readAllLines(data.resolve(FILE))) {
        int equals = line.indexOf('=');
        lines.put(line.substring(0, Math.max(0, equals)), line.substring(equals + 1));
      }
      RunningMark mark =
          new RunningMark(
              lines.getOrDefault("http", ""),
              lines.getOrDefault("kafka", ""),
              Long.parseLong(lines.getOrDefault("pid", "-1")));
      return ProcessHandle.of(mark.pid()).filter(ProcessHandle::isAlive).map(p -> mark);
    } catch (IOException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
