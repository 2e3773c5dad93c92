package dev.custody.audit;

import dev.custody.admission.Examiner.Raw;
import dev.custody.audit.Failure.Where;
import dev.custody.audit.RecordSource.Place;
import dev.custody.audit.RecordSource.Sink;
import dev.custody.audit.RecordSource.Stored;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Iterator;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.CRC32C;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.jspecify.annotations.Nullable;

/**
 * Reads one segment file from a byte on, batch by batch. Kafka's own reader decodes the batches;
 * where one begins and ends is found here, because that reader gives up at the first damaged
 * header.
 *
 * <p>A batch whose header lies about its length is bounded by the next whole batch that is found
 * behind it. Nothing read so is believed for that: every record goes to its seal.
 */
final class SegmentReader {
  private static final int SCAN_BYTES = 1 << 20;

  private final int partition;
  private final Path file;
  private final FileChannel channel;
  private final Cursor cursor;
  private final LeaderEpochs epochs;
  private final Sink sink;
  private final Window window = new Window();
  private final PlainBatch plain = new PlainBatch();

  /** How far a partition was read; it outlives its readers. */
  static final class Cursor {
    /** The next offset, or {@link #UNKNOWN} behind damage. */
    long offset;

    int epoch;
    @Nullable Path file;
    long position;

    static final long UNKNOWN = -1;
  }

  private SegmentReader(
      int partition,
      Path file,
      FileChannel channel,
      Cursor cursor,
      LeaderEpochs epochs,
      Sink sink) {
    this.partition = partition;
    this.file = file;
    this.channel = channel;
    this.cursor = cursor;
    this.epochs = epochs;
    this.sink = sink;
  }

  /**
   * Reads {@code file} from the cursor to {@code size}.
   *
   * @param patience how long to wait for the end of a batch that is not whole: nothing, where Kafka
   *     does not write any more
   * @param done counts the bytes that are read
   */
  static void read(
      int partition,
      Path file,
      long size,
      Duration patience,
      Cursor cursor,
      LeaderEpochs epochs,
      Sink sink,
      AtomicLong done)
      throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      SegmentReader reader = new SegmentReader(partition, file, channel, cursor, epochs, sink);
      while (cursor.position < size) {
        long before = cursor.position;
        if (!reader.readPlainBatch(size)) {
          reader.readBatch(patience);
        }
        done.addAndGet(cursor.position - before);
      }
    }
  }

  /** Reads the next batch if there is nothing odd about it. */
  private boolean readPlainBatch(long size) throws IOException {
    long at = cursor.position;
    if (!window.covers(at, BatchHeader.SIZE) && !window.move(channel, at, size)) {
      return false;
    }
    BatchHeader header = BatchHeader.at(window.buffer(), window.index(at));
    if (!header.isPossible() || header.baseOffset() != cursor.offset) {
      return false;
    }
    if (!window.covers(at, header.size())) {
      window.move(channel, at, size);
    }
    int from = window.index(at);
    if (!window.covers(at, header.size())
        || !plain.read(window.bytes(), from, from + header.size(), header)) {
      return false;
    }
    checkEpoch(at, cursor.offset, header.leaderEpoch());
    for (int i = 0; i < plain.count(); i++) {
      sink.record(new Stored(place(cursor.offset + i, at + plain.position(i)), plain.record(i)));
    }
    cursor.offset += plain.count();
    cursor.position = at + header.size();
    return true;
  }

  private void readBatch(Duration patience) throws IOException {
    long at = cursor.position;
    awaitWrite(at, patience);
    ByteBuffer bytes = wholeBatch(at, channel.size());
    if (bytes == null) {
      recover(at);
      return;
    }
    BatchHeader header = BatchHeader.at(bytes, 0);
    MutableRecordBatch batch = decode(bytes);
    if (batch.isValid()) {
      take(at, header, batch);
    } else if (isFollowed(at + header.size())) {
      reportDamage(
          at,
          base(header),
          lastOffset(header, at + header.size()),
          "expected bytes with CRC %08x, as the batch says, found %08x"
              .formatted(batch.checksum(), crc(bytes)));
      decodeDamaged(at, header, batch);
      cursor.offset = Cursor.UNKNOWN;
      cursor.position = at + header.size();
    } else {
      recover(at);
    }
  }

  /** Waits while the batch at {@code at} is not whole yet and the file still grows. */
  private void awaitWrite(long at, Duration patience) throws IOException {
    long began = System.nanoTime();
    while (!isWhole(at) && System.nanoTime() - began < patience.toNanos()) {
      try {
        Thread.sleep(20);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted while reading " + file, e);
      }
    }
  }

  private boolean isWhole(long at) throws IOException {
    long size = channel.size();
    return at + BatchHeader.SIZE <= size && at + header(at).size() <= size;
  }

  /**
   * The batch at {@code at}, or null when its header is none, or names bytes that are not there.
   */
  private @Nullable ByteBuffer wholeBatch(long at, long size) throws IOException {
    if (at + BatchHeader.SIZE > size) {
      return null;
    }
    BatchHeader header = header(at);
    return header.isPossible() && at + header.size() <= size ? bytes(at, header.size()) : null;
  }

  private boolean isFollowed(long end) throws IOException {
    long size = channel.size();
    return end == size || (end + BatchHeader.SIZE <= size && header(end).isPossible());
  }

  // --- whole batches

  private void take(long at, BatchHeader header, MutableRecordBatch batch) throws IOException {
    long end = at + header.size();
    long base = checkBase(at, header, end);
    checkEpoch(at, base, header.leaderEpoch());
    if (header.isCompressed()) {
      sink.failure(
          new Failure.CompressedBatch(
              Where.stored(place(base, at)),
              base + Math.max(0, header.lastDelta()),
              header.compression()));
    } else if (!batch.isControlBatch()) {
      decodeRecords(at, base, header, batch, true);
    }
    cursor.offset = base + Math.max(0, header.lastDelta()) + 1;
    cursor.position = end;
  }

  /**
   * The offset at which the batch really begins: the CRC does not cover what the batch says, but
   * the batches around it tell.
   */
  private long checkBase(long at, BatchHeader header, long end) throws IOException {
    long expected = cursor.offset;
    long found = header.baseOffset();
    if (expected == Cursor.UNKNOWN || found == expected) {
      return found;
    }
    boolean nextAgrees =
        end + BatchHeader.SIZE <= channel.size()
            && header(end).baseOffset() == expected + header.lastDelta() + 1;
    if (found > expected && !nextAgrees) {
      sink.failure(new Failure.MissingOffsets(Where.stored(place(found, at)), expected));
      return found;
    }
    reportDamage(
        at,
        expected,
        expected + header.lastDelta(),
        "expected a batch from offset %d, found %d".formatted(expected, found));
    return expected;
  }

  private void checkEpoch(long at, long base, int found) {
    Integer noted = epochs.at(base);
    boolean plausible = noted == null ? found >= cursor.epoch : found == noted;
    if (!plausible) {
      reportDamage(
          at,
          base,
          base,
          "expected leader epoch %s%d, found %d"
              .formatted(
                  noted == null ? "at least " : "", noted == null ? cursor.epoch : noted, found));
      return;
    }
    cursor.epoch = found;
  }

  /**
   * Hands on the records of a batch, as far as they decode.
   *
   * @param whole whether its CRC holds: then each record must have the offset of its place, and
   *     there must be as many as the batch says
   */
  private void decodeRecords(
      long at, long base, BatchHeader header, MutableRecordBatch batch, boolean whole)
      throws IOException {
    long last = base + Math.max(0, header.lastDelta());
    long position = at + BatchHeader.SIZE;
    long offset = base;
    Iterator<Record> records = null;
    while (true) {
      Record record;
      try {
        records = records == null ? batch.iterator() : records;
        if (!records.hasNext()) {
          break;
        }
        record = records.next();
      } catch (RuntimeException e) {
        // Kafka reports damage by several unrelated runtime exceptions.
        reportDamage(
            position,
            offset,
            last,
            "expected a record, found bytes that are none: " + e.getMessage());
        return;
      }
      long found = record.offset() - header.baseOffset() + base;
      if (whole && found != offset) {
        reportDamage(
            position,
            offset,
            offset,
            "expected a record with offset %d, found %d".formatted(offset, found));
      }
      sink.record(stored(record, offset, position));
      position += record.sizeInBytes();
      offset++;
    }
    if (whole && offset != last + 1) {
      reportDamage(
          at,
          base,
          last,
          "expected %d records, found %d".formatted(last - base + 1, offset - base));
    }
  }

  // --- damaged batches

  /**
   * Goes on behind a batch whose end is not known: at the next whole batch, or at the end of the
   * file.
   */
  private void recover(long at) throws IOException {
    long size = channel.size();
    long next = nextWholeBatch(at + 1, size);
    long end = next < 0 ? size : next;
    long base = Math.max(0, cursor.offset);
    long last = next < 0 ? base : Math.max(base, header(next).baseOffset() - 1);
    ByteBuffer whole = withRepairedHeader(at, end);
    if (whole != null) {
      BatchHeader found = header(at);
      BatchHeader repaired = BatchHeader.at(whole, 0);
      reportDamage(at, base, base + repaired.lastDelta(), headerDetail(found, repaired));
      decodeRecords(at, base, repaired, decode(whole), true);
      cursor.offset = base + repaired.lastDelta() + 1;
    } else if (next < 0 && isCut(at, size)) {
      sink.failure(new Failure.TruncatedBatch(Where.stored(place(base, at)), cutDetail(at, size)));
    } else {
      reportDamage(at, base, last, "expected a batch, found no header of one, or no end of it");
      decodeAsFarAsPossible(at, end);
      cursor.offset = Cursor.UNKNOWN;
    }
    cursor.position = end;
  }

  private boolean isCut(long at, long size) throws IOException {
    return at + BatchHeader.SIZE > size
        || (header(at).isPossible() && at + header(at).size() > size);
  }

  private String cutDetail(long at, long size) throws IOException {
    return at + BatchHeader.SIZE > size
        ? "expected a batch of at least %d bytes, found the end of the file after %d"
            .formatted(BatchHeader.SIZE, size - at)
        : "expected a batch of %d bytes, found the end of the file after %d"
            .formatted(header(at).size(), size - at);
  }

  /**
   * The bytes from {@code at} to {@code end} with the header fields that its CRC does not cover set
   * right, or null when the CRC does not hold even so: then more than those is damaged.
   */
  private @Nullable ByteBuffer withRepairedHeader(long at, long end) throws IOException {
    long length = end - at - BatchHeader.OVERHEAD;
    if (end - at < BatchHeader.SIZE || length > Integer.MAX_VALUE / 2) {
      return null;
    }
    BatchHeader bounded =
        new BatchHeader(0, (int) length, 0, RecordBatch.MAGIC_VALUE_V2, (short) 0, 0);
    if (!bounded.isPossible()) {
      return null;
    }
    ByteBuffer bytes = bytes(at, (int) (end - at));
    bytes.putLong(0, Math.max(0, cursor.offset));
    bytes.putInt(BatchHeader.LENGTH_AT, (int) length);
    bytes.put(BatchHeader.MAGIC_AT, RecordBatch.MAGIC_VALUE_V2);
    MutableRecordBatch batch = decode(bytes);
    return batch.isValid() && !BatchHeader.at(bytes, 0).isCompressed() && !batch.isControlBatch()
        ? bytes
        : null;
  }

  private static String headerDetail(BatchHeader found, BatchHeader repaired) {
    if (found.length() != repaired.length()) {
      return "expected a batch of length %d, found length %d"
          .formatted(repaired.length(), found.length());
    }
    return found.magic() != repaired.magic()
        ? "expected a batch of format %d, found format %d"
            .formatted(repaired.magic(), found.magic())
        : "expected a batch from offset %d, found %d"
            .formatted(repaired.baseOffset(), found.baseOffset());
  }

  private void decodeAsFarAsPossible(long at, long end) throws IOException {
    BatchHeader header = end - at < BatchHeader.SIZE ? null : header(at);
    if (header != null && header.isPossible() && at + header.size() <= channel.size()) {
      decodeDamaged(at, header, decode(bytes(at, header.size())));
    }
  }

  /** Hands on what decodes of a batch whose CRC fails; where it stops doing so is named. */
  private void decodeDamaged(long at, BatchHeader header, MutableRecordBatch batch)
      throws IOException {
    if (!header.isCompressed() && !batch.isControlBatch()) {
      decodeRecords(at, base(header), header, batch, false);
    }
  }

  /** The position of the next batch whose CRC holds and whose offsets go on, or -1. */
  private long nextWholeBatch(long from, long size) throws IOException {
    for (long start = from; start + BatchHeader.SIZE <= size; start += SCAN_BYTES) {
      ByteBuffer window =
          bytes(start, (int) Math.min(SCAN_BYTES + BatchHeader.SIZE - 1L, size - start));
      for (int i = 0; i + BatchHeader.SIZE <= window.capacity(); i++) {
        if (window.get(i + BatchHeader.MAGIC_AT) == RecordBatch.MAGIC_VALUE_V2
            && goesOn(BatchHeader.at(window, i))
            && start + i + BatchHeader.at(window, i).size() <= size
            && decode(bytes(start + i, BatchHeader.at(window, i).size())).isValid()) {
          return start + i;
        }
      }
    }
    return -1;
  }

  private boolean goesOn(BatchHeader header) {
    return header.isPossible()
        && header.baseOffset() > cursor.offset
        && (cursor.offset == Cursor.UNKNOWN
            || header.baseOffset() - cursor.offset < Integer.MAX_VALUE);
  }

  private long base(BatchHeader header) {
    return cursor.offset == Cursor.UNKNOWN ? header.baseOffset() : cursor.offset;
  }

  private long lastOffset(BatchHeader header, long end) throws IOException {
    long base = base(header);
    return end + BatchHeader.SIZE <= channel.size()
        ? Math.max(base, header(end).baseOffset() - 1)
        : base + Math.max(0, header.lastDelta());
  }

  // --- bytes

  private BatchHeader header(long at) throws IOException {
    return BatchHeader.at(bytes(at, BatchHeader.SIZE), 0);
  }

  private ByteBuffer bytes(long at, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length);
    while (bytes.hasRemaining()) {
      if (channel.read(bytes, at + bytes.position()) < 0) {
        throw new EOFException(file + " became shorter while it was read");
      }
    }
    return bytes.flip();
  }

  private static MutableRecordBatch decode(ByteBuffer bytes) {
    Iterator<MutableRecordBatch> batches =
        MemoryRecords.readableRecords(bytes.duplicate()).batches().iterator();
    return batches.next();
  }

  private Stored stored(Record record, long offset, long position) {
    return new Stored(
        place(offset, position),
        Raw.of(array(record.key()), array(record.value()), record.timestamp()));
  }

  private static byte @Nullable [] array(@Nullable ByteBuffer buffer) {
    if (buffer == null) {
      return null;
    }
    byte[] array = new byte[buffer.remaining()];
    buffer.get(array);
    return array;
  }

  private Place place(long offset, long position) {
    return new Place(partition, offset, file, position);
  }

  private void reportDamage(long position, long offset, long lastOffset, String detail) {
    sink.failure(
        new Failure.DamagedStorage(
            Where.stored(place(offset, position)), Math.max(offset, lastOffset), detail));
  }

  /** The CRC that the bytes of a batch should carry. */
  private static long crc(ByteBuffer batch) {
    CRC32C crc = new CRC32C();
    crc.update(batch.duplicate().position(BatchHeader.CRC_FROM));
    return crc.getValue();
  }
}
