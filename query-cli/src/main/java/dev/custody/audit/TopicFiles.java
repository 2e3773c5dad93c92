package dev.custody.audit;

import dev.custody.audit.Failure.Where;
import dev.custody.audit.RecordSource.Place;
import dev.custody.topic.Topic;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.record.internal.FileLogInputStream.FileChannelRecordBatch;
import org.apache.kafka.common.record.internal.FileRecords;
import org.apache.kafka.common.record.internal.Record;

/**
 * Reads a topic of the transparency log from a broker's segment files, with Kafka's own reader.
 *
 * <p>Records of aborted transactions are handed on like others: whatever a log has signed, it has
 * signed.
 */
public final class TopicFiles implements TopicRecords {
  private static final String SEGMENT = "\\d{20}\\.log";

  /** The last batch may be half written when it is looked at; a write takes milliseconds. */
  private static final Duration LONGEST_WRITE = Duration.ofSeconds(2);

  /** Compaction may take a segment away between its listing and its opening, once in hours. */
  private static final int MOST_LISTINGS = 5;

  private final Path directory;
  private final Duration longestWrite;

  /**
   * Reads below {@code directory}, a broker's log directory, also while the broker writes to it.
   */
  public TopicFiles(Path directory) {
    this(directory, LONGEST_WRITE);
  }

  /** For tests that know that nobody is writing. */
  TopicFiles(Path directory, Duration longestWrite) {
    this.directory = directory;
    this.longestWrite = longestWrite;
  }

  @Override
  public void read(Topic topic, int partition, Sink sink) throws IOException {
    Path files = directory.resolve(topic.topicName() + "-" + partition);
    if (!Files.isDirectory(files)) {
      return;
    }
    List<FileRecords> segments = open(files);
    try {
      long expected = topic == Topic.CHECKPOINTS ? 0 : Reader.ANY;
      Reader reader = new Reader(partition, expected, sink);
      for (int i = 0; i < segments.size(); i++) {
        boolean last = i == segments.size() - 1;
        reader.read(segments.get(i), last ? longestWrite : Duration.ZERO);
      }
    } finally {
      close(segments);
    }
  }

  /** All segments at one moment, each up to its size at that moment. */
  private static List<FileRecords> open(Path directory) throws IOException {
    for (int listing = 1; ; listing++) {
      List<FileRecords> segments = new ArrayList<>();
      try {
        for (Path file : segments(directory)) {
          segments.add(FileRecords.open(file.toFile(), false));
        }
        return segments;
      } catch (NoSuchFileException e) {
        close(segments);
        if (listing == MOST_LISTINGS) {
          throw e;
        }
      } catch (IOException | RuntimeException e) {
        close(segments);
        throw e;
      }
    }
  }

  /**
   * Not {@link FileRecords#close}: that truncates the file to the size which it had when opened.
   */
  private static void close(List<FileRecords> segments) throws IOException {
    for (FileRecords segment : segments) {
      segment.closeHandlers();
    }
  }

  private static List<Path> segments(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(f -> f.getFileName().toString().matches(SEGMENT)).sorted().toList();
    }
  }

  /** Reads segments in their order; nothing may be missing between them where a topic is kept. */
  private static final class Reader {
    /** Compaction takes records away: any offset may follow. */
    static final long ANY = -1;

    private final int partition;
    private final Sink sink;
    private long expected;

    Reader(int partition, long expected, Sink sink) {
      this.partition = partition;
      this.expected = expected;
      this.sink = sink;
    }

    /**
     * Reads a segment.
     *
     * @param patience how long to wait for the rest of a batch that is not whole
     */
    void read(FileRecords segment, Duration patience) throws IOException {
      Path file = segment.file().toPath();
      int size = segment.sizeInBytes();
      try {
        int end = takeWhole(segment, 0);
        if (end < size) {
          end = takeRest(file, end, size, patience);
        }
        if (end < size) {
          sink.failure(
              damaged(
                  file,
                  end,
                  "a whole batch at byte %d, found %d bytes that are none"
                      .formatted(end, size - end)));
        }
      } catch (KafkaException e) {
        sink.failure(damaged(file, 0, "whole batches, found: " + e.getMessage()));
        expected = ANY;
      }
    }

    /** Reads on from {@code from}, where a batch was not whole, until {@code size} is reached. */
    private int takeRest(Path file, int from, int size, Duration patience) throws IOException {
      int end = from;
      long began = System.nanoTime();
      while (end < size && System.nanoTime() - began < patience.toNanos()) {
        pause(file);
        FileRecords grown = FileRecords.open(file.toFile(), false);
        try {
          end = takeWhole(grown, end);
        } finally {
          grown.closeHandlers();
        }
      }
      return end;
    }

    private static void pause(Path file) throws IOException {
      try {
        Thread.sleep(20);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted while reading " + file, e);
      }
    }

    private Failure damaged(Path file, int at, String detail) {
      long offset = Math.max(0, expected);
      return new Failure.DamagedStorage(
          Where.stored(new Place(partition, offset, file, at)), offset, "expected " + detail);
    }

    /** Hands on the whole batches from byte {@code from} on, and says where they end. */
    private int takeWhole(FileRecords segment, int from) throws IOException {
      int end = from;
      for (FileChannelRecordBatch batch : segment.batchesFrom(from)) {
        take(segment.file().toPath(), batch);
        end = batch.position() + batch.sizeInBytes();
      }
      return end;
    }

    private void take(Path segment, FileChannelRecordBatch batch) throws IOException {
      batch.ensureValid();
      Place at = new Place(partition, batch.baseOffset(), segment, batch.position());
      if (expected != ANY && batch.baseOffset() != expected) {
        sink.failure(new Failure.MissingOffsets(Where.stored(at), expected));
      }
      if (expected != ANY) {
        expected = batch.lastOffset() + 1;
      }
      if (batch.isControlBatch()) {
        return;
      }
      for (Record record : batch) {
        byte[] key = bytes(record.hasKey() ? record.key() : ByteBuffer.allocate(0));
        byte[] value = bytes(record.hasValue() ? record.value() : ByteBuffer.allocate(0));
        sink.record(
            new Place(partition, record.offset(), segment, batch.position()),
            new String(key, StandardCharsets.UTF_8),
            value);
      }
    }

    private static byte[] bytes(ByteBuffer buffer) {
      byte[] bytes = new byte[buffer.remaining()];
      buffer.duplicate().get(bytes);
      return bytes;
    }
  }
}
