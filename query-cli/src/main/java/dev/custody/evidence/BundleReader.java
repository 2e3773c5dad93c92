package dev.custody.evidence;

import dev.custody.digest.StrictText;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads the archive once, from its first byte to its last: each header, each padding and the end
 * are compared with what they have to be. Constant memory.
 */
final class BundleReader {
  /** Largest bundle, in bytes. */
  static final long MAX_BYTES = 4L << 30;

  private static final int BUFFER = 1 << 16;

  private final InputStream in;
  private long at;
  private long rest;
  private int padding;
  private @Nullable Member previous;

  BundleReader(InputStream in) {
    this.in = in;
  }

  /**
   * The next member; null after the last one, when nothing follows the end.
   *
   * @param size of its content
   */
  record Entry(Member member, long size) {}

  @Nullable Entry next() throws IOException, Refusal {
    skipContent();
    requireZeros(padding, "zero bytes after the content of " + previous);
    byte[] header = in.readNBytes(Ustar.BLOCK);
    if (header.length < Ustar.BLOCK) {
      throw refusal("a header of 512 bytes", "the end after " + header.length);
    }
    if (Ustar.isZero(header)) {
      requireEnd();
      return null;
    }
    Entry entry = entry(header);
    at += Ustar.BLOCK;
    rest = entry.size();
    padding = Ustar.padding(entry.size());
    previous = entry.member();
    return entry;
  }

  private Entry entry(byte[] header) throws Refusal {
    String name = Ustar.name(header);
    Member member =
        Member.named(name)
            .orElseThrow(() -> refusal("a member of a bundle", StrictText.shown(name)));
    long size = Ustar.size(header);
    if (size < 0 || size > member.kind().maxBytes || at + size > MAX_BYTES) {
      throw refusal(
          "%s of at most %d bytes".formatted(name, member.kind().maxBytes), size + " bytes");
    }
    if (!Arrays.equals(Ustar.header(name, size), header)) {
      throw refusal("the one header of %s with %d bytes".formatted(name, size), "another one");
    }
    if (previous != null && previous.compareTo(member) >= 0) {
      throw refusal("members in their order, each once", name + " after " + previous);
    }
    return new Entry(member, size);
  }

  private void skipContent() throws IOException, Refusal {
    byte[] buffer = new byte[(int) Math.min(BUFFER, rest)];
    while (rest > 0) {
      read(buffer, buffer.length);
    }
  }

  private int read(byte[] into, int most) throws IOException, Refusal {
    int count = in.read(into, 0, (int) Math.min(most, rest));
    if (count < 0) {
      throw refusal(rest + " more bytes of " + previous, "the end");
    }
    at += count;
    rest -= count;
    return count;
  }

  private void requireZeros(int count, String expected) throws IOException, Refusal {
    byte[] zeros = in.readNBytes(count);
    if (zeros.length < count || !Ustar.isZero(zeros)) {
      throw refusal(expected, zeros.length < count ? "the end" : "others");
    }
    at += count;
    padding = 0;
  }

  private void requireEnd() throws IOException, Refusal {
    requireZeros(Ustar.END - Ustar.BLOCK, "1,024 zero bytes at the end");
    if (in.read() >= 0) {
      throw refusal("nothing after the end", "more bytes");
    }
  }

  private Refusal refusal(String expected, String found) {
    return new Refusal(
        new BundleFailure.BadContainer(BundleFailure.Where.of("byte " + at), expected, found));
  }

  /** The content of the member that {@link #next} gave last. */
  byte[] content() throws IOException, Refusal {
    byte[] content = new byte[Math.toIntExact(rest)];
    int filled = 0;
    byte[] buffer = new byte[Math.min(BUFFER, Math.max(1, content.length))];
    while (rest > 0) {
      int count = read(buffer, buffer.length);
      System.arraycopy(buffer, 0, content, filled, count);
      filled += count;
    }
    return content;
  }

  /** The content of the member that {@link #next} gave last, piece by piece. */
  InputStream stream() {
    return new InputStream() {
      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
      }

      @Override
      public int read(byte[] into, int offset, int length) throws IOException {
        if (rest == 0 || length == 0) {
          return length == 0 ? 0 : -1;
        }
        int count = in.read(into, offset, (int) Math.min(length, rest));
        if (count > 0) {
          at += count;
          rest -= count;
        }
        return count;
      }
    };
  }
}
