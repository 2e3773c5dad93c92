package dev.custody.chain;

import dev.custody.digest.ChainId;
import dev.custody.digest.Digest;
import dev.custody.merkle.KnownNodes;
import org.jspecify.annotations.Nullable;

/**
 * Finds the seals that envelopes claim to be under, as {@link Seal#claimedBy} does, and remembers
 * the trees of the newest ones: the envelopes of one seal cost about one hash each in place of one
 * for each level.
 *
 * <p>Not safe for use by several threads.
 */
public final class SealTrees {
  private static final int KEPT = 256;

  private final @Nullable Tree[] trees = new @Nullable Tree[KEPT];

  private static final class Tree {
    private final ChainId chain;
    private final long first;
    private final int size;
    private final KnownNodes nodes;
    private @Nullable Seal seal;

    Tree(EnvelopeView envelope) {
      this.chain = envelope.chain();
      this.first = envelope.sealFirst();
      this.size = envelope.sealSize();
      this.nodes = new KnownNodes(size);
    }

    boolean isOf(EnvelopeView envelope) {
      return first == envelope.sealFirst()
          && size == envelope.sealSize()
          && chain.equals(envelope.chain());
    }

    @Nullable Seal claimedBy(EnvelopeView envelope, Digest link) {
      EnvelopeView.Path path = envelope.path();
      Digest root =
          nodes.rootOf(envelope.sequence() - first, link, path.bytes(), path.at(), path.length());
      if (root == null) {
        return null;
      }
      if (seal == null || !seal.root().equals(root) || !seal.key().equals(envelope.key())) {
        seal = new Seal(envelope.key(), chain, first, size, root);
      }
      return seal;
    }
  }

  /** The seal that {@code envelope} claims to be under; null as there. */
  public @Nullable Seal claimedBy(EnvelopeView envelope, Digest link) {
    if (!Seal.isPossible(envelope)) {
      return null;
    }
    // A seal of one is its link: there is nothing to remember.
    if (envelope.sealSize() == 1) {
      return envelope.path().length() == 0
          ? new Seal(envelope.key(), envelope.chain(), envelope.sealFirst(), 1, link)
          : null;
    }
    int slot =
        Math.floorMod(31 * envelope.chain().hashCode() + Long.hashCode(envelope.sealFirst()), KEPT);
    Tree tree = trees[slot];
    if (tree == null || !tree.isOf(envelope)) {
      tree = new Tree(envelope);
      trees[slot] = tree;
    }
    return tree.claimedBy(envelope, link);
  }
}
