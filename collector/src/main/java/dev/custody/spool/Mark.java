package dev.custody.spool;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A place between two positions.
 *
 * @param position the position that follows
 * @param bytes bytes appended before it, ever
 */
record Mark(long position, long bytes) {
  static final int SIZE = 2 * Long.BYTES;
  static final Mark ZERO = new Mark(0, 0);

  byte[] write() {
    return ByteBuffer.allocate(SIZE).putLong(position).putLong(bytes).array();
  }

  /** What {@link #write} wrote; null when it is of another length. */
  static @Nullable Mark read(byte[] written) {
    if (written.length != SIZE) {
      return null;
    }
    ByteBuffer in = ByteBuffer.wrap(written);
    return new Mark(in.getLong(), in.getLong());
  }
}
