package dev.custody.merkle;

import dev.custody.digest.Digest;
import java.util.Arrays;
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
  private static final int HASH = Digest.SIZE;
  private static final byte NODE = 1;

  private final int size;
  private final byte[] nodes;
  private final boolean[] known = new boolean[2 * MAX_SIZE];
  private @Nullable Digest root;

  // What the walk under way hashed: each step's input (the prefix, left, right), and the places of
  // the two in the tree. The result of a step is the left or right of the next.
  private final byte[] inputs = new byte[MAX_LEVELS * (1 + 2 * HASH)];
  private final int[] leftPlaces = new int[MAX_LEVELS];
  private final byte[] result = new byte[HASH];

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
    this.nodes = new byte[2 * MAX_SIZE * HASH];
  }

  /**
   * As {@link MerkleTree#rootOf} says for this size.
   *
   * @param path hashes one behind the other from {@code from} on, as many as {@code length}
   */
  public @Nullable Digest rootOf(long index, Digest leaf, byte[] path, int from, int length) {
    if (index < 0 || index >= size) {
      return null;
    }
    leaf.copyTo(result, 0);
    int step = 0;
    int level = 0;
    int node = (int) index;
    int last = size - 1;
    while (last > 0) {
      int up = levelsAlone(node, last);
      node >>= up;
      last >>= up;
      level += up;
      int place = place(level, node);
      if (known[place]
          && same(nodes, place * HASH, result, 0)
          && knows(level, node, last, path, from + step * HASH, length - step)) {
        keep(step);
        return root;
      }
      if (step == length || step == MAX_LEVELS) {
        return null;
      }
      hash(step, place, (node & 1) == 1, path, from + step * HASH);
      step++;
      node >>= 1;
      last >>= 1;
      level++;
    }
    return step == length ? learn(step) : null;
  }

  /** How far up a node is the same: alone at the right edge it is the node above as well. */
  private static int levelsAlone(int node, int last) {
    return (node & 1) == 0 && node == last ? Integer.numberOfTrailingZeros(node) : 0;
  }

  private void hash(int step, int place, boolean right, byte[] path, int sibling) {
    int input = step * (1 + 2 * HASH);
    inputs[input] = NODE;
    System.arraycopy(result, 0, inputs, input + 1 + (right ? HASH : 0), HASH);
    System.arraycopy(path, sibling, inputs, input + 1 + (right ? 0 : HASH), HASH);
    leftPlaces[step] = right ? place - 1 : place;
    Digest.sha256(inputs, input, 1 + 2 * HASH, result);
  }

  /** Whether the rest of a path are the known siblings on the way from a known node up. */
  private boolean knows(
      int fromLevel, int fromNode, int fromLast, byte[] path, int from, int length) {
    int level = fromLevel;
    int node = fromNode;
    int last = fromLast;
    int step = 0;
    while (last > 0) {
      int up = levelsAlone(node, last);
      node >>= up;
      last >>= up;
      level += up;
      int sibling = place(level, node ^ 1);
      if (step == length
          || !known[sibling]
          || !same(nodes, sibling * HASH, path, from + step * HASH)) {
        return false;
      }
      step++;
      node >>= 1;
      last >>= 1;
      level++;
    }
    return step == length;
  }

  private static boolean same(byte[] one, int at, byte[] other, int otherAt) {
    return Arrays.equals(one, at, at + HASH, other, otherAt, otherAt + HASH);
  }

  private Digest learn(int steps) {
    Digest found = root;
    if (found == null || !found.isAt(result, 0)) {
      Arrays.fill(known, false);
      found = new Digest(result);
      root = found;
    }
    keep(steps);
    return found;
  }

  /** Keeps what the first steps of the walk hashed: it led to the root. */
  private void keep(int steps) {
    for (int step = 0; step < steps; step++) {
      int left = leftPlaces[step];
      System.arraycopy(inputs, step * (1 + 2 * HASH) + 1, nodes, left * HASH, 2 * HASH);
      known[left] = true;
      known[left + 1] = true;
    }
  }

  private static int place(int level, int node) {
    return 2 * MAX_SIZE - ((2 * MAX_SIZE) >> level) + node;
  }
}
