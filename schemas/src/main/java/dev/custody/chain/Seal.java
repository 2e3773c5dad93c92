package dev.custody.chain;

import dev.custody.digest.ChainId;
import dev.custody.digest.Digest;
import dev.custody.digest.HashDomain;
import dev.custody.digest.KeyId;
import dev.custody.merkle.MerkleTree;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What a collector signs: {@code "custody.seal.v1\0" || key id || chain || u64 first || u32 size ||
 * root}.
 *
 * @param key id of the key that signs
 * @param chain the chain
 * @param first first position that the seal covers
 * @param size number of links, 1 to {@link #MAX_SIZE}
 * @param root RFC 6962 root over their link hashes
 */
public record Seal(KeyId key, ChainId chain, long first, int size, Digest root) {
  /** Most links that one signature covers. */
  public static final int MAX_SIZE = 64;

  /**
   * The seal that {@code envelope} claims to be under, or null when its numbers or its path cannot
   * be those of any seal.
   *
   * @param link link hash of the envelope
   */
  public static @Nullable Seal claimedBy(Envelope envelope, Digest link) {
    if (!isPossible(envelope)) {
      return null;
    }
    long first = envelope.sealFirst();
    int size = envelope.sealSize();
    Digest root = MerkleTree.rootOf(envelope.sequence() - first, size, link, envelope.sealPath());
    return root == null ? null : new Seal(envelope.key(), envelope.chain(), first, size, root);
  }

  /** Whether the numbers of {@code envelope} can be those of a seal that covers it. */
  static boolean isPossible(EnvelopeView envelope) {
    long first = envelope.sealFirst();
    int size = envelope.sealSize();
    // The position after the seal must exist: no verifier ever counts past the last one.
    return size >= 1
        && size <= MAX_SIZE
        && first >= 0
        && first <= Long.MAX_VALUE - size
        && envelope.sequence() >= first
        && envelope.sequence() - first < size;
  }

  /** The bytes that are signed. */
  public byte[] statement() {
    byte[] prefix = HashDomain.SEAL.prefix();
    return ByteBuffer.allocate(
            prefix.length + KeyId.SIZE + ChainId.SIZE + Long.BYTES + Integer.BYTES + Digest.SIZE)
        .put(prefix)
        .put(key.asByteBuffer())
        .put(chain.asByteBuffer())
        .putLong(first)
        .putInt(size)
        .put(root.asByteBuffer())
        .array();
  }
}
