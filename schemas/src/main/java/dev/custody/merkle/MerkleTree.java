package dev.custody.merkle;

import dev.custody.digest.Digest;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Merkle tree hashes and inclusion paths exactly as in RFC 6962, section 2.1. */
public final class MerkleTree {
  /** What goes before the data of a leaf. */
  public static final byte LEAF = 0;

  private static final byte NODE = 1;

  private MerkleTree() {}

  /** Hash of a leaf: SHA-256(0x00 || data). */
  public static Digest leaf(byte[] data) {
    return Digest.sha256(new byte[] {LEAF}, data);
  }

  /** Hash of an inner node: SHA-256(0x01 || left || right). */
  public static Digest node(Digest left, Digest right) {
    byte[] node = new byte[1 + 2 * Digest.SIZE];
    node[0] = NODE;
    right.copyTo(node, left.copyTo(node, 1));
    return Digest.sha256(node, 0, node.length);
  }

  /**
   * Root over {@code leaves}, given as leaf hashes.
   *
   * @throws IllegalArgumentException when there is none
   */
  public static Digest root(List<Digest> leaves) {
    if (leaves.isEmpty()) {
      throw new IllegalArgumentException("expected at least one leaf, found none");
    }
    if (leaves.size() == 1) {
      return leaves.getFirst();
    }
    int split = split(leaves.size());
    return node(root(leaves.subList(0, split)), root(leaves.subList(split, leaves.size())));
  }

  /** The inclusion path of leaf {@code index}, from the leaf up to the root. */
  public static List<Digest> path(int index, List<Digest> leaves) {
    List<Digest> path = new ArrayList<>();
    collect(index, leaves, path);
    return path;
  }

  /**
   * The root over {@code leaves} with the inclusion path of each, every node hashed once.
   *
   * @param root {@link MerkleTree#root} of the leaves
   * @param paths {@link MerkleTree#path} of each leaf, in their order
   */
  public record Paths(Digest root, List<List<Digest>> paths) {
    /** Copies. */
    public Paths {
      paths = List.copyOf(paths);
    }
  }

  /**
   * Root and paths of {@code leaves}, given as leaf hashes.
   *
   * @throws IllegalArgumentException when there is none
   */
  public static Paths paths(List<Digest> leaves) {
    if (leaves.isEmpty()) {
      throw new IllegalArgumentException("expected at least one leaf, found none");
    }
    List<List<Digest>> paths = new ArrayList<>(leaves.size());
    for (int i = 0; i < leaves.size(); i++) {
      paths.add(new ArrayList<>());
    }
    return new Paths(climb(leaves, paths), paths);
  }

  private static Digest climb(List<Digest> leaves, List<List<Digest>> paths) {
    int size = leaves.size();
    if (size == 1) {
      return leaves.getFirst();
    }
    int split = split(size);
    Digest left = climb(leaves.subList(0, split), paths.subList(0, split));
    Digest right = climb(leaves.subList(split, size), paths.subList(split, size));
    paths.subList(0, split).forEach(path -> path.add(right));
    paths.subList(split, size).forEach(path -> path.add(left));
    return node(left, right);
  }

  private static void collect(int index, List<Digest> leaves, List<Digest> path) {
    if (leaves.size() == 1) {
      return;
    }
    int split = split(leaves.size());
    List<Digest> left = leaves.subList(0, split);
    List<Digest> right = leaves.subList(split, leaves.size());
    if (index < split) {
      collect(index, left, path);
      path.add(root(right));
    } else {
      collect(index - split, right, path);
      path.add(root(left));
    }
  }

  /**
   * The root that {@code path} leads to from {@code leaf} at {@code index} of {@code size} leaves
   * (RFC 9162, section 2.1.3.2), or null when the path has not exactly the length of that position.
   */
  public static @Nullable Digest rootOf(long index, long size, Digest leaf, List<Digest> path) {
    if (index < 0 || index >= size) {
      return null;
    }
    long node = index;
    long last = size - 1;
    Digest root = leaf;
    for (Digest sibling : path) {
      if (last == 0) {
        return null;
      }
      if ((node & 1) == 1 || node == last) {
        root = node(sibling, root);
        int levels = (node & 1) == 1 ? 0 : Long.numberOfTrailingZeros(node);
        node >>= levels;
        last >>= levels;
      } else {
        root = node(root, sibling);
      }
      node >>= 1;
      last >>= 1;
    }
    return last == 0 ? root : null;
  }

  /** Largest power of two below {@code size}. */
  private static int split(int size) {
    return Integer.highestOneBit(size - 1);
  }
}
