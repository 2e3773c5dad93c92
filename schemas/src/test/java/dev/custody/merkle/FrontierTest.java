package dev.custody.merkle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.custody.digest.Digest;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FrontierTest {
  private static final int BEYOND_A_TILE_OF_TILES = 65_537;

  private static Frontier ofSize(int size) {
    Frontier frontier = Frontier.empty();
    for (int i = 0; i < size; i++) {
      frontier.append(ReferenceTree.leaf(i));
    }
    return frontier;
  }

  @Test
  void theRootOfNoLeavesIsTheHashOfNothing() {
    assertThat(Frontier.empty().root().hex())
        .isEqualTo("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    assertThat(Frontier.empty().subtrees()).isEmpty();
  }

  @Test
  void rootsAreThoseOfTheReferenceUpToAThousand() {
    ReferenceTree tree = ReferenceTree.ofSize(1000);
    Frontier frontier = Frontier.empty();
    for (int size = 1; size <= 1000; size++) {
      frontier.append(ReferenceTree.leaf(size - 1));
      assertThat(frontier.size()).isEqualTo(size);
      assertThat(frontier.root()).as("size %d", size).isEqualTo(tree.root(size));
      assertThat(frontier.subtrees()).as("size %d", size).hasSize(Integer.bitCount(size));
    }
  }

  @Test
  void rootsAreThoseOfTheTreeWhereATileOfTilesIsFull() {
    List<Digest> leaves = new ArrayList<>();
    Frontier frontier = Frontier.empty();
    for (int size = 1; size <= BEYOND_A_TILE_OF_TILES; size++) {
      leaves.add(ReferenceTree.leaf(size - 1));
      frontier.append(leaves.getLast());
      if (size >= BEYOND_A_TILE_OF_TILES - 2) {
        assertThat(frontier.root()).as("size %d", size).isEqualTo(MerkleTree.root(leaves));
      }
    }
  }

  @Test
  void subtreesAreLargestFirst() {
    ReferenceTree tree = ReferenceTree.ofSize(13);
    assertThat(ofSize(13).subtrees())
        .containsExactly(tree.mth(0, 8), tree.mth(8, 12), tree.mth(12, 13));
  }

  @Test
  void aFrontierGrowsOnFromItsSubtrees() {
    for (int size = 0; size < 70; size++) {
      Frontier grown = ofSize(size);
      Frontier restored = Frontier.of(size, grown.subtrees());
      assertThat(restored.root()).isEqualTo(grown.root());
      for (int i = size; i < 140; i++) {
        grown.append(ReferenceTree.leaf(i));
        restored.append(ReferenceTree.leaf(i));
      }
      assertThat(restored.root()).isEqualTo(grown.root()).isEqualTo(ofSize(140).root());
    }
  }

  @Test
  void aCopyGrowsOnItsOwn() {
    Frontier frontier = ofSize(7);
    Digest before = frontier.root();
    Frontier copy = frontier.copy();
    copy.append(ReferenceTree.leaf(7));
    assertThat(frontier.size()).isEqualTo(7);
    assertThat(frontier.root()).isEqualTo(before);
    assertThat(copy.root()).isEqualTo(ofSize(8).root());
  }

  @Test
  void tellingTheRootChangesNothing() {
    Frontier frontier = Frontier.empty();
    for (int i = 0; i < 300; i++) {
      frontier.append(ReferenceTree.leaf(i));
      assertThat(frontier.root()).isEqualTo(frontier.root());
    }
    assertThat(frontier.root()).isEqualTo(ofSize(300).root());
  }

  @Test
  void anotherNumberOfSubtreesIsRefused() {
    Digest leaf = ReferenceTree.leaf(0);
    assertThatThrownBy(() -> Frontier.of(3, List.of(leaf)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("expected 2 subtrees in a tree of 3 leaves, found 1");
    assertThatThrownBy(() -> Frontier.of(0, List.of(leaf)))
        .hasMessage("expected 0 subtrees in a tree of 0 leaves, found 1");
    assertThatThrownBy(() -> Frontier.of(-1, List.of()))
        .hasMessage("expected a size of at least 0, found -1");
  }

  @Test
  void aFullTreeTakesNoMore() {
    List<Digest> subtrees = java.util.Collections.nCopies(63, ReferenceTree.leaf(0));
    Frontier full = Frontier.of(Long.MAX_VALUE, subtrees);
    assertThat(full.root()).isNotNull();
    assertThatThrownBy(() -> full.append(ReferenceTree.leaf(0)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("a tree holds at most 2^63 - 1 leaves");
  }
}
