package dev.custody.evidence;

import dev.custody.chain.Envelope;
import dev.custody.chain.EnvelopeView;
import dev.custody.digest.ChainId;
import dev.custody.digest.Digest;
import dev.custody.wire.Formats;
import dev.custody.wire.WireException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.BitSet;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A segment while the log is read: of each position its event's digest in memory, 32 bytes; of each
 * disclosed one its envelope in a file. Positions may come in any order.
 */
final class SegmentSpool implements Evidence.Segment, AutoCloseable {
  private static final int FIRST_CAPACITY = 1024;

  private final ChainId chain;
  private final NavigableSet<Long> wanted;
  private final int partition;
  private final FileChannel file;
  private final NavigableMap<Long, Stored> disclosed = new TreeMap<>();
  private final BitSet present = new BitSet();
  private byte[] digests = new byte[FIRST_CAPACITY * Digest.SIZE];

  private record Stored(long at, int length) {}

  /**
   * A segment up to the last of {@code wanted}, which are disclosed.
   *
   * @param partition where the chain is stored
   * @param directory for its file, which is gone when this is closed
   */
  SegmentSpool(ChainId chain, NavigableSet<Long> wanted, int partition, Path directory)
      throws IOException {
    this.chain = chain;
    this.wanted = wanted;
    this.partition = partition;
    this.file =
        FileChannel.open(
            java.nio.file.Files.createTempFile(directory, ".segment-", ""),
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.DELETE_ON_CLOSE);
  }

  int partition() {
    return partition;
  }

  /**
   * Takes a record that was admitted.
   *
   * @param always whether it is of a kind that is never withheld
   */
  void take(EnvelopeView envelope, Digest event, boolean always) throws IOException {
    long sequence = envelope.sequence();
    if (sequence > wanted.last()) {
      return;
    }
    int at = Math.multiplyExact(Math.toIntExact(sequence), Digest.SIZE);
    if (at + Digest.SIZE > digests.length) {
      digests = Arrays.copyOf(digests, Math.max(at + Digest.SIZE, 2 * digests.length));
    }
    event.copyTo(digests, at);
    present.set((int) sequence);
    if (always || wanted.contains(sequence)) {
      byte[] encoded = Formats.ENVELOPE.encode(envelope.whole());
      disclosed.put(sequence, new Stored(file.size(), encoded.length));
      ByteBuffer rest = ByteBuffer.wrap(encoded);
      long end = file.size();
      while (rest.hasRemaining()) {
        end += file.write(rest, end);
      }
    }
  }

  /** The first position that is not there, or -1. */
  long firstMissing() {
    int missing = present.nextClearBit(0);
    return missing <= wanted.last() ? missing : -1;
  }

  /** Positions that are disclosed. */
  NavigableSet<Long> disclosed() {
    return disclosed.navigableKeySet();
  }

  @Override
  public ChainId chain() {
    return chain;
  }

  @Override
  public long count() {
    return wanted.last() + 1;
  }

  @Override
  public @Nullable Envelope disclosed(long sequence) throws IOException {
    Stored stored = disclosed.get(sequence);
    if (stored == null) {
      return null;
    }
    ByteBuffer encoded = ByteBuffer.allocate(stored.length());
    while (encoded.hasRemaining()) {
      if (file.read(encoded, stored.at() + encoded.position()) < 0) {
        throw new IOException("the temporary file of chain " + chain + " was cut");
      }
    }
    try {
      return Formats.ENVELOPE.decode(encoded.array());
    } catch (WireException e) {
      throw new IOException("the temporary file of chain " + chain + " was changed", e);
    }
  }

  @Override
  public Digest withheld(long sequence) {
    int at = Math.toIntExact(sequence) * Digest.SIZE;
    return new Digest(Arrays.copyOfRange(digests, at, at + Digest.SIZE));
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
