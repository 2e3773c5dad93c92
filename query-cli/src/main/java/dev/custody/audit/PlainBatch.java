package dev.custody.audit;

import dev.custody.admission.Examiner.Raw;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * A batch as nearly all are: whole, uncompressed, without headers, control records or gaps. Its
 * records are found in place. It refuses anything else, which Kafka's own reader then judges: what
 * both take, both take alike, {@code SegmentReaderTest} compares them.
 *
 * <p>Not safe for use by several threads.
 */
final class PlainBatch {
  private static final int CRC_AT = 17;
  private static final int ATTRIBUTES_AT = 21;
  private static final int TIMESTAMP_AT = 27;
  private static final int COUNT_AT = 57;
  private static final int VARINT_BYTES = 5;
  private static final int VARLONG_BYTES = 10;
  private static final VarHandle SHORT = view(short[].class);
  private static final VarHandle INT = view(int[].class);
  private static final VarHandle LONG = view(long[].class);

  private final CRC32C crc = new CRC32C();
  private Raw[] records = new Raw[64];
  private int[] positions = new int[64];
  private int count;

  private byte[] bytes = new byte[0];
  private int at;
  private int end;
  private long number;
  private int recordAt;

  private static VarHandle view(Class<?> array) {
    return MethodHandles.byteArrayViewVarHandle(array, ByteOrder.BIG_ENDIAN);
  }

  /**
   * Looks at the batch in {@code bytes} from {@code from} to {@code to}, as its header says.
   *
   * @return whether it is a plain one, and its records are there
   */
  boolean read(byte[] bytes, int from, int to, BatchHeader header) {
    count = (int) INT.get(bytes, from + COUNT_AT);
    if ((short) SHORT.get(bytes, from + ATTRIBUTES_AT) != 0
        || count < 1
        || count != header.lastDelta() + 1L
        || count > to - from
        || !hasItsCrc(bytes, from, to)) {
      return false;
    }
    if (records.length < count) {
      records = new Raw[count];
      positions = new int[count];
    }
    this.bytes = bytes;
    at = from + BatchHeader.SIZE;
    long timestamp = (long) LONG.get(bytes, from + TIMESTAMP_AT);
    for (int i = 0; i < count; i++) {
      positions[i] = at - from;
      if (!readRecord(i, timestamp, to)) {
        return false;
      }
    }
    return at == to;
  }

  private boolean hasItsCrc(byte[] batch, int from, int to) {
    crc.reset();
    crc.update(batch, from + BatchHeader.CRC_FROM, to - from - BatchHeader.CRC_FROM);
    return (int) crc.getValue() == (int) INT.get(batch, from + CRC_AT);
  }

  private boolean readRecord(int index, long baseTimestamp, int batchEnd) {
    end = batchEnd;
    if (!readNumber(VARINT_BYTES) || number < 1 || number > batchEnd - at) {
      return false;
    }
    end = at + (int) number;
    // Behind the record's attributes, which mean nothing yet.
    at++;
    if (!readNumber(VARLONG_BYTES)) {
      return false;
    }
    long timestamp = baseTimestamp + number;
    if (!readNumber(VARINT_BYTES) || number != index || !readBlob()) {
      return false;
    }
    int keyAt = recordAt;
    int keyLength = (int) number;
    if (!readBlob()) {
      return false;
    }
    records[index] = new Raw(bytes, keyAt, keyLength, recordAt, (int) number, timestamp);
    // No headers, and nothing else.
    return readNumber(VARINT_BYTES) && number == 0 && at == end;
  }

  /** Goes over a length, which is the number then, and as many bytes; -1 stands for none. */
  private boolean readBlob() {
    if (!readNumber(VARINT_BYTES) || number < -1 || number > end - at) {
      return false;
    }
    int length = (int) number;
    recordAt = at;
    at += Math.max(0, length);
    return true;
  }

  private boolean readNumber(int longest) {
    long raw = 0;
    for (int i = 0; i < longest && at < end; i++) {
      byte b = bytes[at++];
      raw |= (b & 0x7fL) << (7 * i);
      if (b >= 0) {
        number = (raw >>> 1) ^ -(raw & 1);
        return longest == VARLONG_BYTES || raw <= 0xffff_ffffL;
      }
    }
    return false;
  }

  /** Number of records. */
  int count() {
    return count;
  }

  /** A record, in place. */
  Raw record(int index) {
    return records[index];
  }

  /** Where a record begins in the batch. */
  int position(int index) {
    return positions[index];
  }
}
