package dev.custody.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.custody.audit.RecordSource.Place;
import dev.custody.topic.Topic;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The log's topics are read from files to which a broker may be writing. */
class TopicFilesTest {
  private static final Duration LONG = Duration.ofSeconds(30);

  @TempDir Path directory;
  private Path segment;

  @BeforeEach
  void makePartition() throws IOException {
    Path partition =
        Files.createDirectories(directory.resolve(Topic.CHECKPOINTS.topicName() + "-0"));
    segment = partition.resolve("%020d.log".formatted(0));
  }

  @Test
  void recordsThatAreWrittenDuringTheReadAreLeftForTheNext() throws IOException {
    append(batch(0, "a"));
    Taken taken = new Taken();
    taken.atFirst = () -> append(batch(1, "b".repeat(500)));
    read(LONG, taken);
    assertThat(taken.values).containsExactly("a");
    assertThat(taken.failures).isEmpty();
    Taken again = new Taken();
    read(LONG, again);
    assertThat(again.values).containsExactly("a", "b".repeat(500));
    assertThat(again.failures).isEmpty();
  }

  @Test
  void aBatchThatIsHalfWrittenIsAwaited() throws IOException {
    byte[] second = batch(1, "b".repeat(500));
    append(batch(0, "a"));
    append(Arrays.copyOf(second, 200));
    Taken taken = new Taken();
    taken.atFirst = () -> append(Arrays.copyOfRange(second, 200, second.length));
    read(LONG, taken);
    assertThat(taken.values).containsExactly("a", "b".repeat(500));
    assertThat(taken.failures).isEmpty();
  }

  @Test
  void aBatchThatNobodyEverCompletesIsDamage() throws IOException {
    append(batch(0, "a"));
    append(Arrays.copyOf(batch(1, "b".repeat(500)), 200));
    Taken taken = new Taken();
    read(Duration.ofMillis(1), taken);
    assertThat(taken.values).containsExactly("a");
    assertThat(taken.failures).hasSize(1);
    assertThat(taken.failures.getFirst()).isInstanceOf(Failure.DamagedStorage.class);
    assertThat(taken.failures.getFirst().toString()).contains("found 200 bytes that are none");
  }

  @Test
  void theFilesAreLeftAsTheyAre() throws IOException {
    append(batch(0, "a"));
    append(Arrays.copyOf(batch(1, "b"), 20));
    byte[] before = Files.readAllBytes(segment);
    read(Duration.ZERO, new Taken());
    assertThat(Files.readAllBytes(segment)).isEqualTo(before);
  }

  private void read(Duration longestWrite, Taken taken) throws IOException {
    new TopicFiles(directory, longestWrite).read(Topic.CHECKPOINTS, 0, taken);
  }

  private void append(byte[] bytes) throws IOException {
    Files.write(segment, bytes, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  private static byte[] batch(long offset, String value) {
    MemoryRecords records =
        MemoryRecords.withRecords(
            offset,
            Compression.NONE,
            new SimpleRecord(
                "key".getBytes(StandardCharsets.UTF_8), value.getBytes(StandardCharsets.UTF_8)));
    ByteBuffer buffer = records.buffer().duplicate();
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    return bytes;
  }

  private interface Action {
    void run() throws IOException;
  }

  private static final class Taken implements TopicRecords.Sink {
    private final List<String> values = new ArrayList<>();
    private final List<Failure> failures = new ArrayList<>();
    private Action atFirst = () -> {};

    @Override
    public void record(Place place, String key, byte[] value) throws IOException {
      if (values.isEmpty()) {
        atFirst.run();
      }
      values.add(new String(value, StandardCharsets.UTF_8));
    }

    @Override
    public void failure(Failure failure) {
      failures.add(failure);
    }
  }
}
