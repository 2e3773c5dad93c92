package dev.custody.witness;

import dev.custody.digest.Digest;
import dev.custody.merkle.NodeReader;
import dev.custody.merkle.ReferenceTree;
import dev.custody.note.Checkpoint;
import dev.custody.note.NoteSigner;
import dev.custody.note.SignedNote;
import dev.custody.note.VerifierKey;
import dev.custody.signing.TestSigner;
import java.util.ArrayList;
import java.util.List;

/** A log of as many leaves as a test needs, which can be made to fork. */
public final class GrowingLog {
  private static final int LEAVES = 600;

  private final NoteSigner signer;
  private final ReferenceTree tree;

  private GrowingLog(NoteSigner signer, ReferenceTree tree) {
    this.signer = signer;
    this.tree = tree;
  }

  /** A log with its own key. */
  public static GrowingLog named(String origin) {
    return new GrowingLog(
        new NoteSigner(origin, TestSigner.named(origin)), ReferenceTree.ofSize(LEAVES));
  }

  /** The same log with the same key, but other leaves from {@code position} on. */
  GrowingLog forkedAt(int position) {
    List<Digest> leaves = new ArrayList<>();
    for (int i = 0; i < LEAVES; i++) {
      leaves.add(ReferenceTree.leaf(i < position ? i : i + LEAVES));
    }
    return new GrowingLog(signer, new ReferenceTree(leaves));
  }

  /** The same leaves, signed by a key of somebody else. */
  GrowingLog signedBySomebodyElse() {
    return new GrowingLog(new NoteSigner(key().name(), TestSigner.named("somebody else")), tree);
  }

  /** What verifies its checkpoints. */
  public VerifierKey key() {
    return signer.key();
  }

  /** Its signed checkpoint at {@code size}. */
  public SignedNote at(int size) {
    return signed(new Checkpoint(key().name(), size, tree.root(size)));
  }

  SignedNote signed(Checkpoint checkpoint) {
    return new SignedNote(checkpoint.text(), List.of(signer.sign(checkpoint.text())));
  }

  /** Its nodes. */
  public NodeReader nodes() {
    return tree.nodes();
  }

  List<Digest> proof(int from, int to) {
    return tree.proof(from, to);
  }
}
