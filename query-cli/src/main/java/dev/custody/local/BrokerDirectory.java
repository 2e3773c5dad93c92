package dev.custody.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The broker's data directory, held by this process alone from {@link #hold} to {@link #close}.
 *
 * <p>Kafka locks the directory too, but only after it has opened the metadata log for writing and
 * voted in it. The lock here comes before the first read.
 */
final class BrokerDirectory implements AutoCloseable {
  /** Every cluster that Custody formats has this in front; 8 base64 digits are 6 whole bytes. */
  static final String CLUSTER_ID_PREFIX = "custody-";

  static final int NODE_ID = 1;

  private static final String LOCK_FILE = "custody.lock";
  private static final String META_PROPERTIES = "meta.properties";

  /** What a format cut short by a crash leaves behind: to format again over it loses nothing. */
  private static final Predicate<String> LEFT_BY_FORMAT =
      name ->
          name.equals(LOCK_FILE)
              || name.startsWith("bootstrap.checkpoint")
              || name.startsWith(META_PROPERTIES);

  /**
   * What this JVM holds. A file lock belongs to the process: a second channel on the same lock file
   * would, when closed, release the first one's lock. So a second holder must not even open it.
   */
  private static final Set<Path> HELD_HERE = ConcurrentHashMap.newKeySet();

  private final Path path;
  private final FileChannel lock;

  private BrokerDirectory(Path path, FileChannel lock) {
    this.path = path;
    this.lock = lock;
  }

  /** Creates the directory where there is none, and locks it. */
  static BrokerDirectory hold(Path directory) {
    Path path = real(directory);
    if (!HELD_HERE.add(path)) {
      throw inUse(path, "this process");
    }
    try {
      return new BrokerDirectory(path, lock(path));
    } catch (IOException e) {
      HELD_HERE.remove(path);
      throw new BrokerStartException(
          "kafka data directory %s cannot be locked: %s; try: a directory on a local disk that you may write"
              .formatted(path, e),
          e);
    } catch (BrokerStartException e) {
      HELD_HERE.remove(path);
      throw e;
    }
  }

  Path path() {
    return path;
  }

  /**
   * Whether the directory holds a broker's data already.
   *
   * @throws BrokerStartException if it holds anything else than nothing or a whole cluster of ours:
   *     to format over it, or to start on it, would be to guess
   */
  boolean isFormatted() {
    try {
      Path file = path.resolve(META_PROPERTIES);
      if (Files.exists(file)) {
        requireOurs(file);
        return true;
      }
      requireEmpty();
      return false;
    } catch (IOException e) {
      throw new BrokerStartException(
          "kafka data directory %s cannot be read: %s; try: check the disk and the permissions"
              .formatted(path, e),
          e);
    }
  }

  /** Gives the directory up to the next broker. The lock file stays: to delete it would race. */
  @Override
  public void close() throws IOException {
    try {
      lock.close();
    } finally {
      HELD_HERE.remove(path);
    }
  }

  private static Path real(Path directory) {
    if (directory.toString().contains(",")) {
      throw new BrokerStartException(
          "kafka data directory %s has a comma in its path, where kafka splits it in two; try: a path without one"
              .formatted(directory));
    }
    try {
      return Files.createDirectories(directory).toRealPath();
    } catch (IOException e) {
      throw new BrokerStartException(
          "kafka data directory %s cannot be made: %s; try: a directory that you may write"
              .formatted(directory, e),
          e);
    }
  }

  private static FileChannel lock(Path path) throws IOException {
    FileChannel channel =
        FileChannel.open(
            path.resolve(LOCK_FILE),
            StandardOpenOption.CREATE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE);
    try {
      @Nullable FileLock held = channel.tryLock();
      if (held == null) {
        throw inUse(path, holder(channel));
      }
      // For the message of the one who comes second; the lock itself is what counts.
      channel.truncate(0);
      channel.write(ByteBuffer.wrap(Long.toString(ProcessHandle.current().pid()).getBytes(UTF_8)));
      return channel;
    } catch (IOException | BrokerStartException e) {
      channel.close();
      throw e;
    }
  }

  private static String holder(FileChannel channel) throws IOException {
    ByteBuffer pid = ByteBuffer.allocate(20);
    channel.read(pid, 0);
    return pid.position() == 0
        ? "another process"
        : "process " + UTF_8.decode(pid.flip()).toString();
  }

  private static BrokerStartException inUse(Path path, String holder) {
    return new BrokerStartException(
        "kafka data directory %s is in use by %s; try: stop that one first, or use another directory"
            .formatted(path, holder));
  }

  private void requireEmpty() throws IOException {
    try (Stream<Path> entries = Files.list(path)) {
      @Nullable String foreign =
          entries
              .map(entry -> entry.getFileName().toString())
              .filter(LEFT_BY_FORMAT.negate())
              .sorted()
              .findFirst()
              .orElse(null);
      if (foreign != null) {
        throw new BrokerStartException(
            "kafka data directory %s holds %s but no meta.properties: expected an empty directory or a whole one; try: restore meta.properties, or use an empty directory"
                .formatted(path, foreign));
      }
    }
  }

  private void requireOurs(Path file) throws IOException {
    Properties found = new Properties();
    try (var reader = Files.newBufferedReader(file, UTF_8)) {
      found.load(reader);
    } catch (IllegalArgumentException | CharacterCodingException e) {
      throw damaged(file, "it is not a properties file");
    }
    String cluster = require(found, file, "cluster.id");
    if (!cluster.startsWith(CLUSTER_ID_PREFIX)) {
      throw new BrokerStartException(
          "kafka data directory %s belongs to cluster %s: expected one that custody made (%s...); try: use an empty directory"
              .formatted(path, cluster, CLUSTER_ID_PREFIX));
    }
    requireEqual(found, file, "version", "1");
    requireEqual(found, file, "node.id", Integer.toString(NODE_ID));
    require(found, file, "directory.id");
  }

  private void requireEqual(Properties found, Path file, String key, String expected) {
    String value = require(found, file, key);
    if (!value.equals(expected)) {
      throw damaged(file, "%s is %s, expected %s".formatted(key, value, expected));
    }
  }

  private String require(Properties found, Path file, String key) {
    @Nullable String value = found.getProperty(key);
    if (value == null || value.isBlank()) {
      throw damaged(file, "it has no " + key);
    }
    return value;
  }

  private static BrokerStartException damaged(Path file, String how) {
    return new BrokerStartException(
        "%s is damaged: %s; try: restore it from a copy, or use an empty directory"
            .formatted(file, how));
  }
}
