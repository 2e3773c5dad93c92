package dev.custody.audit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * A piece of a file in memory. Every move takes a new array: records lie in the old one still.
 *
 * <p>Not safe for use by several threads.
 */
final class Window {
  /** Sixteen of a producer's batches; a larger batch is read by itself. */
  private static final int SIZE = 256 << 10;

  private byte[] bytes = new byte[0];
  private ByteBuffer buffer = ByteBuffer.wrap(bytes);
  private long start;

  /** Whether {@code length} bytes from {@code at} on are here. */
  boolean covers(long at, int length) {
    return at >= start && at + length <= start + bytes.length;
  }

  /**
   * Takes what is in the file from {@code at} on, up to {@code end}.
   *
   * @return whether a batch's header is here now
   */
  boolean move(FileChannel channel, long at, long end) throws IOException {
    byte[] next = new byte[(int) Math.min(SIZE, Math.max(0, end - at))];
    ByteBuffer into = ByteBuffer.wrap(next);
    while (into.hasRemaining()) {
      if (channel.read(into, at + into.position()) < 0) {
        // It became shorter: whoever reads on will see.
        return false;
      }
    }
    bytes = next;
    buffer = into.clear();
    start = at;
    return covers(at, BatchHeader.SIZE);
  }

  /** Where a byte of the file is in {@link #bytes}. */
  int index(long at) {
    return (int) (at - start);
  }

  /** What is here; nobody changes it. */
  byte[] bytes() {
    return bytes;
  }

  /** The same. */
  ByteBuffer buffer() {
    return buffer;
  }
}
