package dev.custody.merkle;

import dev.custody.digest.Digest;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Remembers the nodes of one small tree that earlier paths went through, so that a later path is
 * hashed only until it meets one of them. It answers exactly as {@link MerkleTree#rootOf} does: a
 * node that is met is the same input from there on, and whatever differs is hashed to the end.
 *
 * <p>Not safe for use by several threads.
 */
public final class KnownNodes {
  /** Largest tree. */
  public static final int MAX_SIZE = 64;

  private static final int MAX_LEVELS = Integer.numberOfTrailingZeros(MAX_SIZE);

  private final int size;
  private final @Nullable Digest[] nodes = new @Nullable Digest[2 * MAX_SIZE];
  private @Nullable Digest root;

  // What the walk under way went through: nodes in the even places, their siblings in the odd ones.
  private final int[] passedAt = new int[2 * MAX_LEVELS];
  private final @Nullable Digest[] passed = new @Nullable Digest[2 * MAX_LEVELS];

  /**
   * Knows nothing yet of a tree of {@code size} leaves.
   *
   * @throws IllegalArgumentException unless there are 1 to {@link #MAX_SIZE}
   */
  public KnownNodes(int size) {
    if (size < 1 || size > MAX_SIZE) {
      throw new IllegalArgumentException("expected 1 to " + MAX_SIZE + " leaves, found " + size);
    }
    this.size = size;
  }

  /** As {@link MerkleTree#rootOf} says for this size. */
  public @Nullable Digest rootOf(long index, Digest leaf, List<Digest> path) {
    if (index < 0 || index >= size) {
      return null;
    }
    Digest hash = leaf;
    int step = 0;
    int level = 0;
    int node = (int) index;
    int last = size - 1;
    while (last > 0) {
      if ((node & 1) == 0 && node == last) {
        // Alone at the right edge: it is the node above as well.
        int levels = Integer.numberOfTrailingZeros(node);
        node >>= levels;
        last >>= levels;
        level += levels;
      }
      Digest known = nodes[place(level, node)];
      if (known != null && known.equals(hash) && knows(level, node, last, path, step)) {
        return root;
      }
      if (step == path.size() || step == MAX_LEVELS) {
        return null;
      }
      Digest sibling = path.get(step);
      pass(step++, level, node, hash, sibling);
      hash = (node & 1) == 1 ? MerkleTree.node(sibling, hash) : MerkleTree.node(hash, sibling);
      node >>= 1;
      last >>= 1;
      level++;
    }
    if (step != path.size()) {
      return null;
    }
    learn(hash, step);
    return hash;
  }

  /** Whether the rest of {@code path} are the known siblings on the way from a known node up. */
  private boolean knows(int fromLevel, int fromNode, int fromLast, List<Digest> path, int from) {
    int level = fromLevel;
    int node = fromNode;
    int last = fromLast;
    int step = from;
    while (last > 0) {
      if ((node & 1) == 0 && node == last) {
        int levels = Integer.numberOfTrailingZeros(node);
        node >>= levels;
        last >>= levels;
        level += levels;
      }
      Digest sibling = nodes[place(level, node ^ 1)];
      if (sibling == null || step == path.size() || !sibling.equals(path.get(step++))) {
        return false;
      }
      node >>= 1;
      last >>= 1;
      level++;
    }
    return step == path.size();
  }

  private void pass(int step, int level, int node, Digest hash, Digest sibling) {
    passedAt[2 * step] = place(level, node);
    passed[2 * step] = hash;
    passedAt[2 * step + 1] = place(level, node ^ 1);
    passed[2 * step + 1] = sibling;
  }

  private void learn(Digest found, int steps) {
    if (root == null || !found.equals(root)) {
      Arrays.fill(nodes, null);
      root = found;
    }
    for (int i = 0; i < 2 * steps; i++) {
      nodes[passedAt[i]] = passed[i];
    }
  }

  private static int place(int level, int node) {
    return 2 * MAX_SIZE - ((2 * MAX_SIZE) >> level) + node;
  }
}
