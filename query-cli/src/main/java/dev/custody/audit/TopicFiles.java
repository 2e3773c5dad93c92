package dev.custody.audit;

import dev.custody.audit.Failure.Where;
import dev.custody.audit.RecordSource.Place;
import dev.custody.topic.Topic;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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

  private final Path directory;

  /** Reads below {@code directory}, a broker's log directory. */
  public TopicFiles(Path directory) {
    this.directory = directory;
  }

  @Override
  public void read(Topic topic, int partition, Sink sink) throws IOException {
    Path files = directory.resolve(topic.topicName() + "-" + partition);
    if (!Files.isDirectory(files)) {
      return;
    }
    long expected = topic == Topic.CHECKPOINTS ? 0 : Reader.ANY;
    Reader reader = new Reader(partition, expected, sink);
    for (Path segment : segments(files)) {
      reader.read(segment);
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

    void read(Path segment) throws IOException {
      try (FileRecords records = FileRecords.open(segment.toFile(), false)) {
        long end = 0;
        for (FileChannelRecordBatch batch : records.batches()) {
          end = batch.position() + (long) batch.sizeInBytes();
          take(segment, batch);
        }
        if (end < Files.size(segment) && !isPreallocated(segment, end)) {
          sink.failure(
              new Failure.DamagedStorage(
                  Where.stored(new Place(partition, expected, segment, end)),
                  expected,
                  "expected a whole batch at byte %d, found %d bytes that are none"
                      .formatted(end, Files.size(segment) - end)));
        }
      } catch (KafkaException e) {
        sink.failure(
            new Failure.DamagedStorage(
                Where.stored(new Place(partition, Math.max(0, expected), segment, 0)),
                Math.max(0, expected),
                "expected whole batches, found: " + e.getMessage()));
        expected = ANY;
      }
    }

    // A batch may be half written at this moment; what is cut for good is the checkpoints' to tell.
    private static boolean isPreallocated(Path segment, long end) throws IOException {
      return Files.size(segment) - end < 61;
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
