package dev.custody.audit;

import dev.custody.audit.Failure.Where;
import dev.custody.audit.SegmentReader.Cursor;
import dev.custody.topic.Topic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Reads {@code custody.events} from the segment files of a broker's log directory: while the broker
 * runs, while it does not, and in a copy. It opens files for reading only, and asks no broker.
 *
 * <p>What is stored when a read begins is what it covers: the sizes of all segments are taken
 * first. Batches of an aborted transaction are handed on like others; Custody writes none, and
 * their records would still have to hold under a collector's seal.
 */
public final class LogDirectorySource implements RecordSource {
  private static final Pattern PARTITION =
      Pattern.compile(Pattern.quote(Topic.EVENTS.topicName()) + "-(\\d{1,9})");
  private static final Pattern SEGMENT = Pattern.compile("\\d{20}\\.log");

  /**
   * The last segment's last batch may be half written when it is looked at. It is taken for cut
   * when the file has not grown to hold it within this time; a write takes milliseconds.
   */
  private static final Duration LONGEST_WRITE = Duration.ofSeconds(2);

  private final Path directory;
  private final Duration longestWrite;
  private final Map<Integer, Cursor> cursors = new ConcurrentHashMap<>();
  private final AtomicLong done = new AtomicLong();
  private volatile Map<Integer, List<Segment>> noted = Map.of();
  private volatile long total;

  private record Segment(Path file, long size) {}

  /** Reads below {@code directory}, a broker's log directory. */
  public LogDirectorySource(Path directory) {
    this(directory, LONGEST_WRITE);
  }

  /** For tests that know that nobody is writing. */
  LogDirectorySource(Path directory, Duration longestWrite) {
    this.directory = directory;
    this.longestWrite = longestWrite;
  }

  @Override
  public int begin() throws IOException {
    TreeMap<Integer, List<Segment>> partitions = new TreeMap<>();
    for (Map.Entry<Integer, Path> partition : partitions(directory).entrySet()) {
      partitions.put(partition.getKey(), segments(partition.getValue()));
    }
    noted = partitions;
    total = partitions.values().stream().flatMap(List::stream).mapToLong(Segment::size).sum();
    done.set(0);
    return partitions.isEmpty() ? 0 : partitions.lastKey() + 1;
  }

  @Override
  public void read(int partition, Sink sink) throws IOException {
    List<Segment> segments = noted.get(partition);
    if (segments == null) {
      sink.failure(
          new Failure.MissingPartition(Where.stored(new Place(partition, 0, directory, 0))));
    } else {
      read(partition, segments, sink);
    }
  }

  @Override
  public RecordSource again() {
    return new LogDirectorySource(directory, longestWrite);
  }

  /** Whether there is a partition of the topic below {@code directory}. */
  public static boolean isPresent(Path directory) throws IOException {
    return !partitions(directory).isEmpty();
  }

  private static Map<Integer, Path> partitions(Path directory) throws IOException {
    Map<Integer, Path> partitions = new HashMap<>();
    try (Stream<Path> entries = Files.list(directory)) {
      entries.forEach(entry -> {
        Matcher name = PARTITION.matcher(entry.getFileName().toString());
        if (name.matches() && Files.isDirectory(entry)) {
          partitions.put(Integer.parseInt(name.group(1)), entry);
        }
      });
    } catch (java.nio.file.NoSuchFileException | NotDirectoryException e) {
      return Map.of();
    }
    return partitions;
  }

  private static List<Segment> segments(Path partition) throws IOException {
    List<Path> files;
    try (Stream<Path> entries = Files.list(partition)) {
      files =
          entries
              .filter(f -> SEGMENT.matcher(f.getFileName().toString()).matches())
              .sorted()
              .toList();
    }
    List<Segment> segments = new ArrayList<>();
    for (Path file : files) {
      segments.add(new Segment(file, Files.size(file)));
    }
    return segments;
  }

  private void read(int partition, List<Segment> segments, Sink sink) throws IOException {
    Cursor cursor = cursors.computeIfAbsent(partition, _ -> new Cursor());
    Path began = cursor.file;
    for (Segment segment : segments) {
      int order = began == null ? 1 : segment.file().compareTo(began);
      if (order > 0) {
        cursor.file = segment.file();
        cursor.position = 0;
      }
      if (order < 0) {
        done.addAndGet(segment.size());
      } else {
        done.addAndGet(cursor.position);
        // Taken after the sizes: Kafka notes an epoch before it writes the first batch of it.
        LeaderEpochs epochs = LeaderEpochs.beside(segment.file());
        SegmentReader.read(
            partition,
            segment.file(),
            segment.size(),
            segment.equals(segments.getLast()) ? longestWrite : Duration.ZERO,
            cursor,
            epochs,
            sink,
            done);
      }
    }
  }

  @Override
  public double progress() {
    return total == 0 ? 1 : Math.min(1, (double) done.get() / total);
  }

  @Override
  public void close() {
    // Files are open during a read only.
  }
}
