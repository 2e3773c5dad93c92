package dev.custody.detect;

import java.nio.ByteBuffer;
import java.time.LocalDate;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * How many groups each correlation has in this partition, beside the groups themselves: a row under
 * the correlation's digest alone.
 */
final class LiveGroups {
  private static final int DIGEST = Long.BYTES;

  private final KeyValueStore<Bytes, byte[]> rows;
  private final long most;

  LiveGroups(KeyValueStore<Bytes, byte[]> rows, long most) {
    this.rows = rows;
    this.most = most;
  }

  /** Whether a row of the store is no group but a count. */
  static boolean isCount(byte[] key) {
    return key.length == DIGEST;
  }

  /** Whether the correlation of the group {@code key} has no room for another. */
  boolean isFull(byte[] key) {
    return read(key).getLong(0) >= most;
  }

  /** The correlation of the group {@code key} has {@code more} groups more. */
  void add(byte[] key, int more) {
    ByteBuffer row = read(key);
    write(key, row.getLong(0) + more, row.getLong(Long.BYTES));
  }

  /** Whether it was not yet told on {@code day} that there is no room; it counts as told then. */
  boolean tell(byte[] key, LocalDate day) {
    ByteBuffer row = read(key);
    boolean told = row.getLong(Long.BYTES) == day.toEpochDay();
    if (!told) {
      write(key, row.getLong(0), day.toEpochDay());
    }
    return !told;
  }

  private ByteBuffer read(byte[] key) {
    byte[] row = rows.get(name(key));
    return row == null
        ? ByteBuffer.allocate(2 * Long.BYTES).putLong(Long.BYTES, Long.MIN_VALUE)
        : ByteBuffer.wrap(row);
  }

  private void write(byte[] key, long groups, long day) {
    byte[] row = ByteBuffer.allocate(2 * Long.BYTES).putLong(groups).putLong(day).array();
    rows.put(name(key), row);
  }

  private static Bytes name(byte[] key) {
    return Bytes.wrap(ByteBuffer.allocate(DIGEST).put(key, 0, DIGEST).array());
  }
}
