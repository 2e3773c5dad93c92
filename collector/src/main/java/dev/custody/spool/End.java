package dev.custody.spool;

import dev.custody.chain.ChainHead;
import dev.custody.digest.ChainId;
import dev.custody.digest.Digest;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Where recording stands.
 *
 * @param mark position after the last one, and bytes appended ever
 * @param head the newest link, null before the first
 */
record End(Mark mark, @Nullable ChainHead head) {
  private static final int SIZE = Mark.SIZE + ChainId.SIZE + Long.BYTES + Digest.SIZE;

  static final End NONE = new End(Mark.ZERO, null);

  /** {@code u64 position || u64 bytes || chain || u64 sequence || link}. */
  byte[] write() {
    ChainHead newest = head;
    if (newest == null) {
      throw new IllegalStateException("an end without a head is not written");
    }
    return ByteBuffer.allocate(SIZE)
        .put(mark.write())
        .put(newest.chain().asByteBuffer())
        .putLong(newest.sequence())
        .put(newest.link().asByteBuffer())
        .array();
  }

  /** What {@link #write} wrote; null when it is of another length. */
  static @Nullable End read(byte[] written) {
    if (written.length != SIZE) {
      return null;
    }
    ByteBuffer in = ByteBuffer.wrap(written);
    Mark mark = new Mark(in.getLong(), in.getLong());
    byte[] chain = new byte[ChainId.SIZE];
    in.get(chain);
    long sequence = in.getLong();
    byte[] link = new byte[Digest.SIZE];
    in.get(link);
    return new End(mark, new ChainHead(new ChainId(chain), sequence, new Digest(link)));
  }
}
