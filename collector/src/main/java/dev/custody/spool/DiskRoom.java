package dev.custody.spool;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is left of the disk. Recording stops while there still is room: without any, nothing could
 * be trimmed either, and what waits for Kafka would keep the disk full for ever.
 */
final class DiskRoom {
  private static final List<String> LACK =
      List.of("No space left", "File too large", "quota exceeded", "Read-only file system");

  private final Path directory;
  private final long keepFree;
  private final FileStore disk;

  /** Keeps an eye on the disk of {@code directory}, which exists. */
  DiskRoom(Path directory, long keepFree) throws IOException {
    this.directory = directory;
    this.keepFree = keepFree;
    this.disk = Files.getFileStore(directory);
  }

  /** Whether it is the disk that RocksDB complains of, and not the data. */
  static boolean isLackIn(String message) {
    return LACK.stream().anyMatch(message::contains);
  }

  /** Why nothing more should be recorded now, or null while there is room. */
  @Nullable String lack() {
    long free = free();
    return free >= keepFree
        ? null
        : "the disk of spool %s is full: %,d bytes are free, expected at least %,d; try: make room, recording then goes on"
            .formatted(directory, free, keepFree);
  }

  boolean isLow() {
    return free() < keepFree;
  }

  private long free() {
    try {
      return disk.getUsableSpace();
    } catch (IOException e) {
      // Whoever cannot tell lets the write itself find out.
      return Long.MAX_VALUE;
    }
  }
}
