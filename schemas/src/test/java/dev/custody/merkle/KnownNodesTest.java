package dev.custody.merkle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.custody.digest.Digest;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class KnownNodesTest {
  private static final long SEED = Long.getLong("custody.seed", System.nanoTime());

  private final Random random = new Random(SEED);

  KnownNodesTest() {
    System.out.println("seed " + SEED);
  }

  private List<Digest> leaves(int size) {
    List<Digest> leaves = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      leaves.add(digest());
    }
    return leaves;
  }

  private Digest digest() {
    byte[] bytes = new byte[Digest.SIZE];
    random.nextBytes(bytes);
    return new Digest(bytes);
  }

  private void compare(KnownNodes known, long index, int size, Digest leaf, List<Digest> path) {
    byte[] joined = new byte[5 + path.size() * Digest.SIZE];
    int at = 5;
    for (Digest hash : path) {
      at = hash.copyTo(joined, at);
    }
    assertThat(known.rootOf(index, leaf, joined, 5, path.size()))
        .as("seed %d: leaf %d of %d, path of %d", SEED, index, size, path.size())
        .isEqualTo(MerkleTree.rootOf(index, size, leaf, path));
  }

  @Test
  void everyLeafOfEveryTreeLeadsToTheSameRootInWhateverOrderItIsAsked() {
    for (int size = 1; size <= KnownNodes.MAX_SIZE; size++) {
      List<Digest> leaves = leaves(size);
      for (KnownNodes known : List.of(new KnownNodes(size), new KnownNodes(size))) {
        for (int i = 0; i < size; i++) {
          compare(known, i, size, leaves.get(i), MerkleTree.path(i, leaves));
        }
        for (int i = 0; i < 3 * size; i++) {
          int index = random.nextInt(size);
          compare(known, index, size, leaves.get(index), MerkleTree.path(index, leaves));
        }
      }
    }
  }

  /** Paths changed, cut, lengthened, of other leaves and of other trees, among good ones. */
  @Test
  void whatDiffersLeadsWhereHashingInFullLeads() {
    for (int round = 0; round < 60_000; round++) {
      int size = 1 + random.nextInt(KnownNodes.MAX_SIZE);
      KnownNodes known = new KnownNodes(size);
      List<Digest> leaves = leaves(size);
      List<Digest> others = random.nextBoolean() ? leaves : leaves(size);
      for (int i = 0; i < 12; i++, round++) {
        int index = random.nextInt(size);
        List<Digest> from = random.nextInt(4) == 0 ? others : leaves;
        List<Digest> path = new ArrayList<>(MerkleTree.path(index, from));
        if (random.nextBoolean()) {
          change(path, leaves);
        }
        Digest leaf = from.get(random.nextInt(5) == 0 ? random.nextInt(size) : index);
        compare(known, random.nextInt(9) == 0 ? random.nextInt(-2, 70) : index, size, leaf, path);
      }
    }
  }

  private void change(List<Digest> path, List<Digest> leaves) {
    int at = path.isEmpty() ? 0 : random.nextInt(path.size());
    switch (random.nextInt(5)) {
      case 0 -> path.add(at, digest());
      case 1 -> path.add(leaves.get(random.nextInt(leaves.size())));
      case 2 -> path.subList(at, path.size()).clear();
      case 3 -> path.replaceAll(hash -> random.nextInt(3) == 0 ? digest() : hash);
      default -> java.util.Collections.shuffle(path, random);
    }
  }

  @Test
  void aTreeWithoutLeavesOrWithMoreThanASealHasIsRefused() {
    assertThatThrownBy(() -> new KnownNodes(0)).hasMessage("expected 1 to 64 leaves, found 0");
    assertThatThrownBy(() -> new KnownNodes(65)).hasMessage("expected 1 to 64 leaves, found 65");
  }
}
