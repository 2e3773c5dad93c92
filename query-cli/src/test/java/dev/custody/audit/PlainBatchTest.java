package dev.custody.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.custody.admission.Examiner.Raw;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is read in place is what Kafka's own reader reads. */
class PlainBatchTest {
  private static final long SEED = Long.getLong("custody.seed", System.nanoTime());

  private final Random random = new Random(SEED);
  private final PlainBatch plain = new PlainBatch();
  private int taken;
  private int left;

  PlainBatchTest() {
    System.out.println("seed " + SEED);
  }

  private byte[] batch() {
    SimpleRecord[] records = new SimpleRecord[1 + random.nextInt(20)];
    boolean headers = random.nextInt(20) == 0;
    for (int i = 0; i < records.length; i++) {
      records[i] =
          new SimpleRecord(
              random.nextLong(1L << 42),
              random.nextInt(9) == 0 ? null : bytes(16),
              random.nextInt(9) == 0 ? null : bytes(random.nextInt(300)),
              headers ? new Header[] {new RecordHeader("h", new byte[3])} : new Header[0]);
    }
    Compression compression =
        random.nextInt(20) == 0 ? Compression.gzip().build() : Compression.NONE;
    return Utils.toArray(
        MemoryRecords.withRecords(random.nextInt(1000), compression, 0, records).buffer());
  }

  private byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  @Test
  void aPlainBatchHasTheRecordsThatKafkaReads() {
    for (int round = 0; round < 60_000; round++) {
      byte[] batch = batch();
      if (random.nextInt(3) > 0) {
        int at = random.nextInt(3) == 0 ? random.nextInt(61) : random.nextInt(batch.length);
        batch[at] = (byte) (batch[at] ^ (1 << random.nextInt(8)));
        if (random.nextInt(8) > 0) {
          TestLog.fixChecksums(batch);
        }
      }
      compare(batch, round);
    }
    assertThat(taken).as("seed %d", SEED).isGreaterThan(20_000);
    assertThat(left).as("seed %d", SEED).isGreaterThan(1_000);
  }

  private void compare(byte[] batch, int round) {
    byte[] within = new byte[batch.length + 20];
    System.arraycopy(batch, 0, within, 10, batch.length);
    BatchHeader header = BatchHeader.at(ByteBuffer.wrap(within), 10);
    if (!header.isPossible()
        || header.size() != batch.length
        || !plain.read(within, 10, 10 + batch.length, header)) {
      left++;
      return;
    }
    taken++;
    String where = "seed %d round %d".formatted(SEED, round);
    MutableRecordBatch kafkas =
        MemoryRecords.readableRecords(ByteBuffer.wrap(batch)).batches().iterator().next();
    assertThat(kafkas.isValid()).as(where).isTrue();
    assertThat(kafkas.isControlBatch() || header.isCompressed()).as(where).isFalse();
    List<Record> records = new ArrayList<>();
    kafkas.forEach(records::add);
    assertThat(plain.count()).as(where).isEqualTo(records.size());
    for (int i = 0; i < records.size(); i++) {
      Record record = records.get(i);
      Raw raw = plain.record(i);
      assertThat(record.offset()).as(where).isEqualTo(header.baseOffset() + i);
      assertThat(raw.timestamp()).as(where).isEqualTo(record.timestamp());
      assertThat(Arrays.equals(raw.key(), array(record.key()))).as(where).isTrue();
      assertThat(Arrays.equals(raw.value(), array(record.value()))).as(where).isTrue();
    }
  }

  private static byte @Nullable [] array(@Nullable ByteBuffer buffer) {
    return buffer == null ? null : Utils.toArray(buffer);
  }
}
