package dev.custody.merkle;

import dev.custody.digest.Digest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * RFC 6962, section 2.1, word by word: MTH, PATH and PROOF by their recursions over D[begin:end].
 * It knows nothing of the product but the digest type.
 */
public final class ReferenceTree {
  private final List<Digest> leaves;
  private final Map<Long, Digest> hashes = new HashMap<>();

  /** The tree over {@code leaves}, given as leaf hashes. */
  public ReferenceTree(List<Digest> leaves) {
    this.leaves = List.copyOf(leaves);
  }

  /** A tree of which leaf i is the entry of four bytes, i big-endian. */
  public static ReferenceTree ofSize(int size) {
    List<Digest> leaves = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      leaves.add(leaf(i));
    }
    return new ReferenceTree(leaves);
  }

  /** Leaf hash of the entry of four bytes, i big-endian. */
  public static Digest leaf(int i) {
    return Digest.sha256(new byte[] {0}, entry(i));
  }

  /** The entry of four bytes, i big-endian. */
  public static byte[] entry(int i) {
    return new byte[] {(byte) (i >>> 24), (byte) (i >>> 16), (byte) (i >>> 8), (byte) i};
  }

  /** Number of leaves. */
  public int size() {
    return leaves.size();
  }

  /** MTH(D[begin:end]). */
  public Digest mth(int begin, int end) {
    if (begin == end) {
      return Digest.sha256();
    }
    if (end - begin == 1) {
      return leaves.get(begin);
    }
    long key = (long) begin << Integer.SIZE | end;
    Digest known = hashes.get(key);
    if (known == null) {
      int k = k(end - begin);
      known =
          Digest.sha256(
              new byte[] {1},
              mth(begin, begin + k).toByteArray(),
              mth(begin + k, end).toByteArray());
      hashes.put(key, known);
    }
    return known;
  }

  /** MTH(D[0:size]). */
  public Digest root(int size) {
    return mth(0, size);
  }

  /** The nodes, for what makes proofs from them. */
  public NodeReader nodes() {
    return (level, index) -> mth((int) (index << level), (int) ((index + 1) << level));
  }

  /** PATH(m, D[0:n]). */
  public List<Digest> path(int m, int n) {
    return path(m, 0, n);
  }

  private List<Digest> path(int m, int begin, int end) {
    int n = end - begin;
    if (n == 1) {
      return List.of();
    }
    int k = k(n);
    return m < k
        ? with(path(m, begin, begin + k), mth(begin + k, end))
        : with(path(m - k, begin + k, end), mth(begin, begin + k));
  }

  /** PROOF(m, D[0:n]). */
  public List<Digest> proof(int m, int n) {
    return subproof(m, 0, n, true);
  }

  private List<Digest> subproof(int m, int begin, int end, boolean whole) {
    int n = end - begin;
    if (m == n) {
      return whole ? List.of() : List.of(mth(begin, end));
    }
    int k = k(n);
    return m <= k
        ? with(subproof(m, begin, begin + k, whole), mth(begin + k, end))
        : with(subproof(m - k, begin + k, end, false), mth(begin, begin + k));
  }

  /** On which side each sibling of PATH(m, D[0:n]) is: what alone decides how it is hashed. */
  static String pathShape(int m, int n) {
    if (n == 1) {
      return "";
    }
    int k = k(n);
    return m < k ? pathShape(m, k) + "R" : pathShape(m - k, n - k) + "L";
  }

  /** The same of PROOF(m, D[0:n]), with whether the old root begins it. */
  static String proofShape(int m, int n, boolean whole) {
    if (m == n) {
      return whole ? "old " : "hash ";
    }
    int k = k(n);
    return m <= k ? proofShape(m, k, whole) + "R" : proofShape(m - k, n - k, false) + "L";
  }

  private static List<Digest> with(List<Digest> hashes, Digest last) {
    List<Digest> more = new ArrayList<>(hashes);
    more.add(last);
    return more;
  }

  /** The largest power of two smaller than n. */
  private static int k(int n) {
    int k = 1;
    while (2 * k < n) {
      k *= 2;
    }
    return k;
  }
}
