package dev.custody.merkle;

import dev.custody.digest.Digest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Inclusion and consistency proofs: made as in RFC 6962, sections 2.1.1 and 2.1.2, checked as in
 * RFC 9162, sections 2.1.3.2 and 2.1.4.2.
 */
public final class Proofs {
  private static final Digest EMPTY = Digest.sha256();

  private Proofs() {}

  /**
   * The path of leaf {@code index} in the tree of the first {@code size} leaves, from its sibling
   * up to the child of the root.
   *
   * @throws IllegalArgumentException unless {@code 0 <= index < size}
   */
  public static List<Digest> inclusion(long index, long size, NodeReader nodes) throws IOException {
    if (index < 0 || index >= size) {
      throw new IllegalArgumentException(
          "expected an index from 0 to below %d, found %d".formatted(size, index));
    }
    List<Digest> siblings = new ArrayList<>();
    long begin = 0;
    long end = size;
    while (end - begin > 1) {
      long middle = begin + split(end - begin);
      if (index < middle) {
        siblings.add(range(middle, end, nodes));
        end = middle;
      } else {
        siblings.add(range(begin, middle, nodes));
        begin = middle;
      }
    }
    return siblings.reversed();
  }

  /**
   * Proves that the tree of the first {@code to} leaves begins with that of the first {@code from}:
   * empty when these are equal and, as C2SP has it, when {@code from} is 0.
   *
   * @throws IllegalArgumentException unless {@code 0 <= from <= to}
   */
  public static List<Digest> consistency(long from, long to, NodeReader nodes) throws IOException {
    if (from < 0 || from > to) {
      throw new IllegalArgumentException(
          "expected sizes from 0 to %d, found %d".formatted(to, from));
    }
    if (from == 0 || from == to) {
      return List.of();
    }
    List<Digest> proof = new ArrayList<>();
    long begin = 0;
    long end = to;
    while (end != from) {
      long middle = begin + split(end - begin);
      if (from <= middle) {
        proof.add(range(middle, end, nodes));
        end = middle;
      } else {
        proof.add(range(begin, middle, nodes));
        begin = middle;
      }
    }
    // Begun at 0, this subtree is the whole old tree, whose root the verifier has.
    if (begin != 0) {
      proof.add(range(begin, end, nodes));
    }
    return proof.reversed();
  }

  /**
   * The root over the first {@code size} leaves; SHA-256 of nothing for none.
   *
   * @throws IllegalArgumentException when {@code size} is negative
   */
  public static Digest root(long size, NodeReader nodes) throws IOException {
    if (size < 0) {
      throw new IllegalArgumentException("expected a size of at least 0, found " + size);
    }
    return size == 0 ? EMPTY : range(0, size, nodes);
  }

  // begin is a multiple of the largest power of two within the range, as in every RFC 6962 subtree.
  private static Digest range(long begin, long end, NodeReader nodes) throws IOException {
    List<Digest> subtrees = new ArrayList<>();
    long at = begin;
    while (at < end) {
      int level = Long.SIZE - 1 - Long.numberOfLeadingZeros(end - at);
      subtrees.add(nodes.node(level, at >> level));
      at += 1L << level;
    }
    Digest root = subtrees.removeLast();
    while (!subtrees.isEmpty()) {
      root = MerkleTree.node(subtrees.removeLast(), root);
    }
    return root;
  }

  /**
   * Whether {@code proof} leads from {@code leaf} at {@code index} to {@code root} of {@code size}
   * leaves; only a proof of exactly the length of that position does.
   */
  public static boolean includes(
      Digest leaf, long index, long size, List<Digest> proof, Digest root) {
    Digest reached = MerkleTree.rootOf(index, size, leaf, proof);
    return reached != null && reached.equals(root);
  }

  /**
   * Whether {@code proof} shows that the tree {@code toRoot} of {@code to} leaves begins with
   * {@code fromRoot} of {@code from}. Equal sizes need equal roots and an empty proof; the empty
   * tree, which has one root only, begins every tree and needs an empty proof.
   */
  public static boolean consistent(
      long from, Digest fromRoot, long to, Digest toRoot, List<Digest> proof) {
    if (from < 0 || from > to) {
      return false;
    }
    if (from == to) {
      return proof.isEmpty() && fromRoot.equals(toRoot) && (to != 0 || toRoot.equals(EMPTY));
    }
    if (from == 0) {
      return proof.isEmpty() && fromRoot.equals(EMPTY);
    }
    return leadsToBoth(from, fromRoot, to, toRoot, proof);
  }

  private static boolean leadsToBoth(
      long from, Digest fromRoot, long to, Digest toRoot, List<Digest> proof) {
    boolean perfect = Long.bitCount(from) == 1;
    if (proof.isEmpty()) {
      return false;
    }
    int levels = Long.numberOfTrailingZeros(from);
    long old = (from - 1) >> levels;
    long last = (to - 1) >> levels;
    Digest oldRoot = perfect ? fromRoot : proof.getFirst();
    Digest newRoot = oldRoot;
    for (Digest sibling : proof.subList(perfect ? 0 : 1, proof.size())) {
      if (last == 0) {
        return false;
      }
      if ((old & 1) == 1 || old == last) {
        oldRoot = MerkleTree.node(sibling, oldRoot);
        newRoot = MerkleTree.node(sibling, newRoot);
        int skipped = (old & 1) == 1 ? 0 : Long.numberOfTrailingZeros(old);
        old >>= skipped;
        last >>= skipped;
      } else {
        newRoot = MerkleTree.node(newRoot, sibling);
      }
      old >>= 1;
      last >>= 1;
    }
    return last == 0 && oldRoot.equals(fromRoot) && newRoot.equals(toRoot);
  }

  /** Largest power of two below {@code size}. */
  private static long split(long size) {
    return Long.highestOneBit(size - 1);
  }
}
