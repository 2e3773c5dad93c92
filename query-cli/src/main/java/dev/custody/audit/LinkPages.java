package dev.custody.audit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * Pages of a fixed size of which a bounded number is in memory; the ones that were not used for
 * longest are in a temporary file, which is made when it is first needed and deleted at the end.
 *
 * <p>A page is named by a reference that changes when it moves: whoever owns it is told. Not safe
 * for use by several threads.
 */
final class LinkPages implements AutoCloseable {
  /** No page. */
  static final int NONE = 0;

  private final int pageBytes;
  private final Frame[] frames;
  private final BitSet slots = new BitSet();
  private int used;
  private int hand;
  private @Nullable FileChannel file;

  /** Who owns a page. */
  interface Owner {
    /** The page {@code number} of this owner goes by {@code reference} from now on. */
    void moved(long number, int reference);
  }

  private static final class Frame {
    private final byte[] bytes;
    private @Nullable Owner owner;
    private long number;
    private boolean touched;

    Frame(int size) {
      this.bytes = new byte[size];
    }
  }

  /**
   * No pages yet.
   *
   * @param pageBytes size of each
   * @param inMemory how many may be in memory
   */
  LinkPages(int pageBytes, int inMemory) {
    this.pageBytes = pageBytes;
    this.frames = new Frame[Math.max(2, inMemory)];
  }

  /** A new page of zeros; its reference is told to {@code owner}. */
  byte[] create(Owner owner, long number) {
    Frame frame = frame(owner, number);
    java.util.Arrays.fill(frame.bytes, (byte) 0);
    return frame.bytes;
  }

  /** The bytes of a page. They are its owner's until it asks for another page. */
  byte[] get(Owner owner, long number, int reference) {
    if (reference > 0) {
      Frame frame = frames[reference - 1];
      frame.touched = true;
      return frame.bytes;
    }
    int slot = -reference - 1;
    Frame frame = frame(owner, number);
    transfer(slot, frame.bytes, false);
    slots.clear(slot);
    return frame.bytes;
  }

  /** Gives a page up. */
  void drop(int reference) {
    if (reference > 0) {
      frames[reference - 1].owner = null;
    } else if (reference < 0) {
      slots.clear(-reference - 1);
    }
  }

  private Frame frame(Owner owner, long number) {
    int at = free();
    Frame frame = frames[at];
    frame.owner = owner;
    frame.number = number;
    frame.touched = true;
    owner.moved(number, at + 1);
    return frame;
  }

  /** A frame that nobody needs, or needed least recently (second chance). */
  private int free() {
    if (used < frames.length) {
      frames[used] = new Frame(pageBytes);
      return used++;
    }
    while (true) {
      Frame frame = frames[hand];
      int at = hand;
      hand = (hand + 1) % frames.length;
      if (frame.owner == null) {
        return at;
      }
      if (!frame.touched) {
        spill(frame, frame.owner);
        return at;
      }
      frame.touched = false;
    }
  }

  private void spill(Frame frame, Owner owner) {
    int slot = slots.nextClearBit(0);
    slots.set(slot);
    transfer(slot, frame.bytes, true);
    owner.moved(frame.number, -slot - 1);
    frame.owner = null;
  }

  private void transfer(int slot, byte[] bytes, boolean write) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    try {
      FileChannel channel = channel();
      long at = (long) slot * pageBytes;
      while (buffer.hasRemaining()) {
        int moved =
            write
                ? channel.write(buffer, at + buffer.position())
                : channel.read(buffer, at + buffer.position());
        if (moved < 0) {
          throw new IOException("the file of spilled links became shorter");
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("links cannot be spilled: " + e.getMessage(), e);
    }
  }

  private FileChannel channel() throws IOException {
    FileChannel known = file;
    if (known == null) {
      Path path = Files.createTempFile("custody-verify-", ".links");
      known =
          FileChannel.open(
              path,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE,
              StandardOpenOption.DELETE_ON_CLOSE);
      file = known;
    }
    return known;
  }

  @Override
  public void close() throws IOException {
    if (file != null) {
      file.close();
    }
  }
}
