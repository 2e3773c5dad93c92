package dev.custody.merkle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.custody.digest.Digest;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Every position and every pair of sizes up to {@link #LARGEST}. */
class ProofsTest {
  private static final int LARGEST = 256;
  private static final int SPOILED = 130;
  private static final ReferenceTree TREE = ReferenceTree.ofSize(LARGEST + 1);
  private static final Digest EMPTY = Digest.sha256();

  @Test
  void rootsAreThoseOfTheReference() throws IOException {
    for (int size = 0; size <= LARGEST; size++) {
      assertThat(Proofs.root(size, TREE.nodes())).as("size %d", size).isEqualTo(TREE.root(size));
    }
  }

  @Test
  void everyInclusionProofIsTheReferencesAndVerifies() throws IOException {
    for (int size = 1; size <= LARGEST; size++) {
      Digest root = TREE.root(size);
      for (int index = 0; index < size; index++) {
        List<Digest> proof = Proofs.inclusion(index, size, TREE.nodes());
        if (!proof.equals(TREE.path(index, size))
            || !Proofs.includes(ReferenceTree.leaf(index), index, size, proof, root)) {
          assertThat(proof).as("leaf %d of %d", index, size).isEqualTo(TREE.path(index, size));
          throw new AssertionError("leaf %d of %d does not verify".formatted(index, size));
        }
      }
    }
  }

  @Test
  void everyConsistencyProofIsTheReferencesAndVerifies() throws IOException {
    for (int to = 1; to <= LARGEST; to++) {
      for (int from = 1; from <= to; from++) {
        List<Digest> proof = Proofs.consistency(from, to, TREE.nodes());
        if (!proof.equals(TREE.proof(from, to))
            || !Proofs.consistent(from, TREE.root(from), to, TREE.root(to), proof)) {
          assertThat(proof).as("%d to %d", from, to).isEqualTo(TREE.proof(from, to));
          throw new AssertionError("%d to %d does not verify".formatted(from, to));
        }
      }
    }
  }

  @Test
  void aSpoiledInclusionProofIsRefused() {
    for (int size = 1; size <= SPOILED; size++) {
      Digest root = TREE.root(size);
      for (int index = 0; index < size; index++) {
        Digest leaf = ReferenceTree.leaf(index);
        List<Digest> proof = TREE.path(index, size);
        int at = index;
        int of = size;
        WrongProofs.of(proof)
            .forEach(
                (name, wrong) -> refuse(Proofs.includes(leaf, at, of, wrong, root), name, at, of));
        refuse(
            Proofs.includes(ReferenceTree.leaf(index + 1), index, size, proof, root),
            "another leaf",
            index,
            size);
        refuse(
            Proofs.includes(leaf, index, size, proof, TREE.root(size + 1)),
            "another root",
            index,
            size);
      }
    }
  }

  @Test
  void anInclusionProofServesNoPositionOfAnotherShape() {
    for (int size = 1; size <= LARGEST; size++) {
      for (int index = 0; index < size; index++) {
        List<Digest> proof = TREE.path(index, size);
        for (int[] other :
            new int[][] {
              {index, size - 1},
              {index, size + 1},
              {index - 1, size},
              {index + 1, size},
              {index + 1, size + 1}
            }) {
          boolean same =
              other[0] >= 0
                  && other[0] < other[1]
                  && ReferenceTree.pathShape(other[0], other[1])
                      .equals(ReferenceTree.pathShape(index, size));
          boolean accepted =
              Proofs.includes(
                  ReferenceTree.leaf(index), other[0], other[1], proof, TREE.root(size));
          if (accepted != same) {
            throw new AssertionError(
                "the proof of leaf %d of %d as that of %d of %d: expected %s, found %s"
                    .formatted(index, size, other[0], other[1], same, accepted));
          }
        }
      }
    }
  }

  @Test
  void aSpoiledConsistencyProofIsRefused() {
    for (int to = 1; to <= SPOILED; to++) {
      for (int from = 1; from <= to; from++) {
        Digest old = TREE.root(from);
        Digest root = TREE.root(to);
        List<Digest> proof = TREE.proof(from, to);
        int m = from;
        int n = to;
        WrongProofs.of(proof)
            .forEach(
                (name, wrong) -> refuse(Proofs.consistent(m, old, n, root, wrong), name, m, n));
        refuse(
            Proofs.consistent(from, WrongProofs.flipped(old, from), to, root, proof),
            "other old root",
            from,
            to);
        refuse(
            Proofs.consistent(from, old, to, WrongProofs.flipped(root, to), proof),
            "other new root",
            from,
            to);
      }
    }
  }

  @Test
  void aConsistencyProofServesNoSizesOfAnotherShape() {
    for (int to = 1; to <= LARGEST; to++) {
      for (int from = 1; from <= to; from++) {
        List<Digest> proof = TREE.proof(from, to);
        for (int[] other :
            new int[][] {{from - 1, to}, {from + 1, to}, {from, to - 1}, {from, to + 1}}) {
          boolean same =
              other[0] >= 1
                  && other[0] <= other[1]
                  && ReferenceTree.proofShape(other[0], other[1], true)
                      .equals(ReferenceTree.proofShape(from, to, true));
          boolean accepted =
              Proofs.consistent(other[0], TREE.root(from), other[1], TREE.root(to), proof);
          if (accepted != same) {
            throw new AssertionError(
                "the proof of %d to %d as that of %d to %d: expected %s, found %s"
                    .formatted(from, to, other[0], other[1], same, accepted));
          }
        }
      }
    }
  }

  @Test
  void theEmptyTreeBeginsEveryTreeWithoutProof() throws IOException {
    Digest root = TREE.root(5);
    assertThat(Proofs.consistency(0, 5, TREE.nodes())).isEmpty();
    assertThat(Proofs.consistent(0, EMPTY, 5, root, List.of())).isTrue();
    assertThat(Proofs.consistent(0, EMPTY, 0, EMPTY, List.of())).isTrue();
    assertThat(Proofs.consistent(0, EMPTY, 5, root, List.of(root))).isFalse();
    assertThat(Proofs.consistent(0, root, 5, root, List.of())).isFalse();
    assertThat(Proofs.consistent(0, root, 0, root, List.of())).isFalse();
  }

  @Test
  void equalSizesNeedEqualRootsAndNoProof() {
    assertThat(Proofs.consistent(5, TREE.root(5), 5, TREE.root(5), List.of())).isTrue();
    assertThat(Proofs.consistent(5, TREE.root(5), 5, TREE.root(6), List.of())).isFalse();
    assertThat(Proofs.consistent(5, TREE.root(5), 5, TREE.root(5), List.of(EMPTY))).isFalse();
  }

  @Test
  void aTreeNeverShrinks() {
    assertThat(Proofs.consistent(6, TREE.root(6), 5, TREE.root(5), TREE.proof(5, 6))).isFalse();
    assertThat(Proofs.consistent(-1, EMPTY, 5, TREE.root(5), List.of())).isFalse();
    assertThat(Proofs.consistent(-2, EMPTY, -1, EMPTY, List.of())).isFalse();
  }

  @Test
  void aProofAtTheLargestSizesEnds() {
    List<Digest> many = Collections.nCopies(10_000, EMPTY);
    long most = Long.MAX_VALUE;
    assertThat(Proofs.includes(EMPTY, most - 1, most, many, EMPTY)).isFalse();
    assertThat(Proofs.includes(EMPTY, 0, most, many, EMPTY)).isFalse();
    assertThat(Proofs.consistent(1L << 62, EMPTY, most, EMPTY, many)).isFalse();
    assertThat(Proofs.consistent(most - 1, EMPTY, most, EMPTY, many)).isFalse();
  }

  @Test
  void aProofOfTheLargestTreeHasAtMost63Hashes() throws IOException {
    NodeReader equal = (level, index) -> EMPTY;
    long most = Long.MAX_VALUE;
    assertThat(Proofs.inclusion(0, most, equal)).hasSize(63);
    assertThat(Proofs.inclusion(most - 1, most, equal)).hasSize(62);
    assertThat(Proofs.consistency(most - 1, most, equal)).hasSizeLessThanOrEqualTo(63);
  }

  @Test
  void positionsThatAreNotThereAreNamed() {
    assertThatThrownBy(() -> Proofs.inclusion(5, 5, TREE.nodes()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("expected an index from 0 to below 5, found 5");
    assertThatThrownBy(() -> Proofs.inclusion(-1, 5, TREE.nodes()))
        .hasMessage("expected an index from 0 to below 5, found -1");
    assertThatThrownBy(() -> Proofs.consistency(6, 5, TREE.nodes()))
        .hasMessage("expected sizes from 0 to 5, found 6");
    assertThatThrownBy(() -> Proofs.root(-1, TREE.nodes()))
        .hasMessage("expected a size of at least 0, found -1");
  }

  private static void refuse(boolean accepted, String defect, int first, int second) {
    if (accepted) {
      throw new AssertionError("accepted: %d, %d, %s".formatted(first, second, defect));
    }
  }
}
