package dev.custody.merkle;

import dev.custody.digest.Digest;
import java.security.DigestException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The RFC 6962 tree over the leaves [0, size), kept as its perfect subtrees only, one for each bit
 * of the size: enough to append and to tell the root. Not safe for several threads.
 */
public final class Frontier {
  private static final int PREFIX = 1;
  private static final byte NODE = 1;
  private static final Digest EMPTY = Digest.sha256();

  private final MessageDigest sha256 = Digest.newSha256();
  // 0x01 || left || right, refilled for each node: an append allocates nothing.
  private final byte[] node = new byte[PREFIX + 2 * Digest.SIZE];
  // Subtree roots end to end, largest first; what follows the last one is unused.
  private final byte[] roots;
  private int count;
  private long size;

  private Frontier(long size, byte[] roots, int count) {
    this.size = size;
    this.roots = roots;
    this.count = count;
    node[0] = NODE;
  }

  /** The tree without leaves. */
  public static Frontier empty() {
    return new Frontier(0, new byte[Long.SIZE * Digest.SIZE], 0);
  }

  /**
   * The tree of {@code size} leaves whose perfect subtrees have these roots.
   *
   * @param subtrees largest, which is leftmost, first
   * @throws IllegalArgumentException unless there is one for each bit of {@code size}
   */
  public static Frontier of(long size, List<Digest> subtrees) {
    if (size < 0) {
      throw new IllegalArgumentException("expected a size of at least 0, found " + size);
    }
    if (subtrees.size() != Long.bitCount(size)) {
      throw new IllegalArgumentException(
          "expected %d subtrees in a tree of %d leaves, found %d"
              .formatted(Long.bitCount(size), size, subtrees.size()));
    }
    Frontier frontier = empty();
    for (Digest subtree : subtrees) {
      subtree.copyTo(frontier.roots, frontier.count++ * Digest.SIZE);
    }
    frontier.size = size;
    return frontier;
  }

  /** Number of leaves. */
  public long size() {
    return size;
  }

  /** Roots of the perfect subtrees, largest first. */
  public List<Digest> subtrees() {
    List<Digest> subtrees = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      subtrees.add(digest(roots, i * Digest.SIZE));
    }
    return List.copyOf(subtrees);
  }

  /**
   * Adds {@code leaf}, a leaf hash, at position {@link #size()}.
   *
   * @throws IllegalStateException when 2^63 - 1 leaves are there
   */
  public void append(Digest leaf) {
    if (size == Long.MAX_VALUE) {
      throw new IllegalStateException("a tree holds at most 2^63 - 1 leaves");
    }
    int merges = Long.numberOfTrailingZeros(~size);
    if (merges == 0) {
      leaf.copyTo(roots, count * Digest.SIZE);
    } else {
      leaf.copyTo(node, PREFIX + Digest.SIZE);
      merge(merges);
    }
    count += 1 - merges;
    size++;
  }

  // The right side is already in node; the result takes the place of the leftmost subtree merged.
  private void merge(int merges) {
    for (int i = 1; i <= merges; i++) {
      int left = (count - i) * Digest.SIZE;
      System.arraycopy(roots, left, node, PREFIX, Digest.SIZE);
      if (i == merges) {
        hashNode(roots, left);
      } else {
        hashNode(node, PREFIX + Digest.SIZE);
      }
    }
  }

  private void hashNode(byte[] target, int offset) {
    try {
      sha256.update(node);
      int written = sha256.digest(target, offset, Digest.SIZE);
      if (written != Digest.SIZE) {
        throw new IllegalStateException("expected 32 bytes of SHA-256, found " + written);
      }
    } catch (DigestException e) {
      throw new IllegalStateException("SHA-256 failed: " + e.getMessage(), e);
    }
  }

  /** The root; SHA-256 of nothing when there are no leaves. */
  public Digest root() {
    if (count == 0) {
      return EMPTY;
    }
    int right = PREFIX + Digest.SIZE;
    System.arraycopy(roots, (count - 1) * Digest.SIZE, node, right, Digest.SIZE);
    for (int i = count - 2; i >= 0; i--) {
      System.arraycopy(roots, i * Digest.SIZE, node, PREFIX, Digest.SIZE);
      hashNode(node, right);
    }
    return digest(node, right);
  }

  /** The same tree, to be grown on its own. */
  public Frontier copy() {
    return new Frontier(size, roots.clone(), count);
  }

  private static Digest digest(byte[] source, int offset) {
    return new Digest(Arrays.copyOfRange(source, offset, offset + Digest.SIZE));
  }
}
