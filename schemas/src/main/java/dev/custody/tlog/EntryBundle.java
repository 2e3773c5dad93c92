package dev.custody.tlog;

import dev.custody.digest.Bytes;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** The entries of up to 256 leaves, each after its length as two bytes, big-endian. */
public final class EntryBundle {
  /** Longest entry. */
  public static final int MAX_ENTRY_BYTES = 0xffff;

  private EntryBundle() {}

  /**
   * The bytes of a bundle.
   *
   * @throws IllegalArgumentException unless there are 1 to 256 entries, none longer than {@link
   *     #MAX_ENTRY_BYTES}
   */
  public static byte[] encode(List<byte[]> entries) {
    if (entries.isEmpty() || entries.size() > Tile.FULL) {
      throw new IllegalArgumentException("expected 1 to 256 entries, found " + entries.size());
    }
    int length = 0;
    for (byte[] entry : entries) {
      if (entry.length > MAX_ENTRY_BYTES) {
        throw new IllegalArgumentException(
            "expected an entry of at most %d bytes, found %d"
                .formatted(MAX_ENTRY_BYTES, entry.length));
      }
      length += Short.BYTES + entry.length;
    }
    ByteBuffer bundle = ByteBuffer.allocate(length);
    entries.forEach(entry -> bundle.putShort((short) entry.length).put(entry));
    return bundle.array();
  }

  /**
   * The entries of a bundle of {@code width}.
   *
   * @throws TlogException unless it has exactly that many, with nothing after
   */
  public static List<Bytes> parse(byte[] bundle, int width) throws TlogException {
    ByteBuffer rest = ByteBuffer.wrap(bundle);
    List<Bytes> entries = new ArrayList<>();
    while (entries.size() < width) {
      int length = rest.remaining() < Short.BYTES ? -1 : Short.toUnsignedInt(rest.getShort());
      if (length < 0 || length > rest.remaining()) {
        throw new TlogException(
            "expected %d entries in a bundle, found it cut in entry %d"
                .formatted(width, entries.size()));
      }
      byte[] entry = new byte[length];
      rest.get(entry);
      entries.add(new Bytes(entry));
    }
    if (rest.hasRemaining()) {
      throw new TlogException(
          "expected nothing after the %d entries of a bundle, found %d bytes"
              .formatted(width, rest.remaining()));
    }
    return List.copyOf(entries);
  }
}
