package dev.custody.merkle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.custody.digest.Digest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class MerkleTreeTest {
  private static final int LARGEST = 200;

  private static List<Digest> leaves(int size) {
    List<Digest> leaves = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      leaves.add(Digest.sha256(new byte[] {0}, new byte[] {(byte) i}));
    }
    return leaves;
  }

  /** Level by level; a node without a sibling goes up as it is, which is the same tree. */
  private static Digest naive(List<Digest> leaves) {
    List<Digest> level = leaves;
    while (level.size() > 1) {
      List<Digest> above = new ArrayList<>();
      for (int i = 0; i < level.size(); i += 2) {
        above.add(
            i + 1 == level.size()
                ? level.get(i)
                : Digest.sha256(
                    new byte[] {1}, level.get(i).toByteArray(), level.get(i + 1).toByteArray()));
      }
      level = above;
    }
    return level.getFirst();
  }

  private static List<Digest> naivePath(int index, List<Digest> leaves) {
    List<Digest> path = new ArrayList<>();
    List<Digest> level = leaves;
    int at = index;
    while (level.size() > 1) {
      if ((at ^ 1) < level.size()) {
        path.add(level.get(at ^ 1));
      }
      List<Digest> above = new ArrayList<>();
      for (int i = 0; i < level.size(); i += 2) {
        above.add(naive(level.subList(i, Math.min(i + 2, level.size()))));
      }
      level = above;
      at /= 2;
    }
    return path;
  }

  @Test
  void allPathsAtOnceAreThoseOfEachLeaf() {
    for (int size = 1; size <= LARGEST; size++) {
      List<Digest> leaves = leaves(size);
      MerkleTree.Paths tree = MerkleTree.paths(leaves);
      assertThat(tree.root()).isEqualTo(naive(leaves));
      assertThat(tree.paths()).hasSize(size);
      for (int i = 0; i < size; i++) {
        assertThat(tree.paths().get(i)).isEqualTo(naivePath(i, leaves));
      }
    }
    assertThatThrownBy(() -> MerkleTree.paths(List.of()))
        .hasMessage("expected at least one leaf, found none");
  }

  @Test
  void rootsAreThoseOfTheNaiveTree() {
    for (int size = 1; size <= LARGEST; size++) {
      assertThat(MerkleTree.root(leaves(size))).as("size %d", size).isEqualTo(naive(leaves(size)));
    }
  }

  @Test
  void everyPathOfEveryLeafLeadsToTheRoot() {
    for (int size = 1; size <= LARGEST; size++) {
      List<Digest> leaves = leaves(size);
      Digest root = naive(leaves);
      for (int index = 0; index < size; index++) {
        List<Digest> path = naivePath(index, leaves);
        assertThat(MerkleTree.rootOf(index, size, leaves.get(index), path))
            .as("leaf %d of %d", index, size)
            .isEqualTo(root);
        if (size <= 70 || index % 17 == 0) {
          assertThat(MerkleTree.path(index, leaves)).isEqualTo(path);
        }
      }
    }
  }

  @Test
  void rootAndPathsMadeTogetherAreThoseMadeOneByOne() {
    for (int size = 1; size <= LARGEST; size++) {
      List<Digest> leaves = leaves(size);
      MerkleTree.Paths together = MerkleTree.paths(leaves);
      assertThat(together.root()).isEqualTo(MerkleTree.root(leaves));
      assertThat(together.paths()).hasSize(size);
      for (int index = 0; index < size; index++) {
        assertThat(together.paths().get(index)).isEqualTo(MerkleTree.path(index, leaves));
      }
    }
    assertThatThrownBy(() -> MerkleTree.paths(List.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aPathOfAnotherLengthLeadsNowhere() {
    for (int size = 1; size <= 70; size++) {
      List<Digest> leaves = leaves(size);
      for (int index = 0; index < size; index++) {
        List<Digest> path = naivePath(index, leaves);
        List<Digest> longer = new ArrayList<>(path);
        longer.add(leaves.getFirst());
        assertThat(MerkleTree.rootOf(index, size, leaves.get(index), longer))
            .as("leaf %d of %d, one more", index, size)
            .isNull();
        if (!path.isEmpty()) {
          assertThat(
                  MerkleTree.rootOf(
                      index, size, leaves.get(index), path.subList(0, path.size() - 1)))
              .as("leaf %d of %d, one less", index, size)
              .isNull();
        }
      }
    }
  }

  @Test
  void aPathDoesNotServeAnotherLeafOrAnotherPosition() {
    for (int size = 2; size <= 70; size++) {
      List<Digest> leaves = leaves(size);
      Digest root = naive(leaves);
      for (int index = 0; index < size; index++) {
        List<Digest> path = naivePath(index, leaves);
        int other = (index + 1) % size;
        assertThat(MerkleTree.rootOf(index, size, leaves.get(other), path)).isNotEqualTo(root);
        assertThat(MerkleTree.rootOf(other, size, leaves.get(index), path)).isNotEqualTo(root);
      }
    }
  }

  @Test
  void positionsOutsideTheTreeLeadNowhere() {
    Digest leaf = leaves(1).getFirst();
    assertThat(MerkleTree.rootOf(-1, 1, leaf, List.of())).isNull();
    assertThat(MerkleTree.rootOf(1, 1, leaf, List.of())).isNull();
    assertThat(MerkleTree.rootOf(0, 0, leaf, List.of())).isNull();
    assertThat(MerkleTree.rootOf(0, Long.MIN_VALUE, leaf, List.of())).isNull();
    assertThat(MerkleTree.rootOf(0, 1, leaf, Collections.nCopies(10_000, leaf))).isNull();
  }

  @Test
  void aTreeWithoutLeavesHasNoRoot() {
    assertThatThrownBy(() -> MerkleTree.root(List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("expected at least one leaf, found none");
  }

  @Test
  void leavesAndNodesNeverCollide() {
    Digest left = leaves(2).get(0);
    Digest right = leaves(2).get(1);
    byte[] both = new byte[64];
    System.arraycopy(left.toByteArray(), 0, both, 0, 32);
    System.arraycopy(right.toByteArray(), 0, both, 32, 32);
    assertThat(MerkleTree.leaf(both)).isNotEqualTo(MerkleTree.node(left, right));
  }
}
