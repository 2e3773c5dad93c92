package dev.custody.chain;

import dev.custody.digest.ChainId;
import dev.custody.digest.Digest;
import dev.custody.digest.HashDomain;
import dev.custody.merkle.MerkleTree;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One link: {@code "custody.link.v1\0" || chain || u64 sequence || previous || SHA-256(event)}. The
 * event enters by its digest, so a chain verifies even where an event was withheld or erased.
 *
 * @param chain the chain
 * @param sequence position, 0, 1, 2, ...
 * @param previous link hash of the position before, {@link Digest#ZERO} at 0
 * @param event SHA-256 of the encoded event
 */
public record Link(ChainId chain, long sequence, Digest previous, Digest event) {
  private static final byte[] PREFIX = HashDomain.LINK.prefix();
  private static final int SIZE = PREFIX.length + ChainId.SIZE + Long.BYTES + 2 * Digest.SIZE;
  private static final VarHandle SEQUENCE =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  /** The link of {@code envelope}, as its own bytes say. */
  public static Link of(Envelope envelope) {
    return new Link(
        envelope.chain(),
        envelope.sequence(),
        envelope.previous(),
        Digest.sha256(envelope.event().toByteArray()));
  }

  /** The bytes that are hashed. */
  public byte[] statement() {
    byte[] statement = new byte[SIZE];
    write(statement, 0);
    return statement;
  }

  /** The link in {@code statement}, or null when these are not the bytes of one. */
  public static @Nullable Link parse(byte[] statement) {
    byte[] prefix = HashDomain.LINK.prefix();
    int previousAt = prefix.length + ChainId.SIZE + Long.BYTES;
    if (statement.length != previousAt + 2 * Digest.SIZE
        || !Arrays.equals(statement, 0, prefix.length, prefix, 0, prefix.length)) {
      return null;
    }
    long sequence = (long) SEQUENCE.get(statement, prefix.length + ChainId.SIZE);
    return sequence < 0
        ? null
        : new Link(
            new ChainId(statement, prefix.length),
            sequence,
            new Digest(statement, previousAt),
            new Digest(statement, previousAt + Digest.SIZE));
  }

  private void write(byte[] target, int from) {
    System.arraycopy(PREFIX, 0, target, from, PREFIX.length);
    int at = chain.copyTo(target, from + PREFIX.length);
    SEQUENCE.set(target, at, sequence);
    event.copyTo(target, previous.copyTo(target, at + Long.BYTES));
  }

  /**
   * RFC 6962 leaf hash of the statement: the next link's {@code previous}, the leaf of the seal,
   * the leaf of the log.
   */
  public Digest hash() {
    byte[] leaf = new byte[1 + SIZE];
    leaf[0] = MerkleTree.LEAF;
    write(leaf, 1);
    return Digest.sha256(leaf, 0, leaf.length);
  }
}
