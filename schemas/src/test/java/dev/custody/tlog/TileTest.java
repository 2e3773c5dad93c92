package dev.custody.tlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.custody.digest.Digest;
import dev.custody.merkle.NodeReader;
import dev.custody.merkle.Proofs;
import dev.custody.merkle.ReferenceTree;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class TileTest {
  /** The tiles of the first {@code size} leaves by their paths, as a log publishes them. */
  private static Map<String, byte[]> published(ReferenceTree tree, int size) {
    Map<String, byte[]> tiles = new HashMap<>();
    for (int level = 0; Tile.hashes(level, size) > 0; level++) {
      int span = 1 << (Tile.HEIGHT * level);
      for (int from = 0; from < Tile.hashes(level, size); from += Tile.FULL) {
        Tile name = Tile.of(level, from / Tile.FULL, size);
        List<Digest> hashes = new ArrayList<>();
        for (int i = from; i < from + name.width(); i++) {
          hashes.add(tree.mth(i * span, (i + 1) * span));
        }
        tiles.put(name.path(), HashTile.encode(hashes));
      }
    }
    return tiles;
  }

  private static TileNodes.Source from(Map<String, byte[]> tiles) {
    return tile -> {
      byte[] found = tiles.get(tile.path());
      if (found == null) {
        throw new FileNotFoundException(tile.path());
      }
      return found;
    };
  }

  @Test
  void theTilesOfSeventyThousandLeavesAreThoseOfTheSpecification() {
    long size = 70_000;
    assertThat(Tile.hashes(0, size)).isEqualTo(273 * 256 + 112);
    assertThat(Tile.of(0, 273, size).path()).isEqualTo("tile/0/273.p/112");
    assertThat(Tile.of(1, 0, size).path()).isEqualTo("tile/1/000");
    assertThat(Tile.of(1, 1, size).path()).isEqualTo("tile/1/001.p/17");
    assertThat(Tile.of(2, 0, size).path()).isEqualTo("tile/2/000.p/1");
    assertThat(Tile.of(Tile.ENTRIES, 273, size).path()).isEqualTo("tile/entries/273.p/112");
    assertThat(Tile.partialWidth(0, 256)).isZero();
    assertThat(Tile.partialWidth(1, 256)).isEqualTo(1);
    assertThat(Tile.partialWidth(8, Long.MAX_VALUE)).isZero();
    assertThat(Tile.partialWidth(7, Long.MAX_VALUE)).isEqualTo(127);
  }

  @Test
  void tilesThatALogDoesNotHaveAreNamed() {
    assertThatThrownBy(() -> Tile.of(0, 1, 256))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("expected a tile of level 0 in a log of 256, found index 1");
    assertThatThrownBy(() -> Tile.of(1, 0, 255))
        .hasMessage("expected a tile of level 1 in a log of 255, found index 0");
    assertThatThrownBy(() -> Tile.of(0, 0, 0))
        .hasMessage("expected a tile of level 0 in a log of 0, found index 0");
    assertThatThrownBy(() -> new Tile(0, 0, 0))
        .hasMessage("expected a width from 1 to 256, found 0");
    assertThatThrownBy(() -> new Tile(64, 0, 1))
        .hasMessage("expected a level from -1 to 63, found 64");
    assertThatThrownBy(() -> new Tile(0, -1, 1))
        .hasMessage("expected an index of at least 0, found -1");
  }

  @Test
  void everyPathIsReadBack() throws Exception {
    for (long index :
        new long[] {0, 1, 999, 1000, 1001, 999_999, 1_000_000, 1_234_067, Long.MAX_VALUE}) {
      for (int level : new int[] {-1, 0, 1, 7, 63}) {
        for (int width : new int[] {1, 44, 255, 256}) {
          Tile tile = new Tile(level, index, width);
          assertThat(Tile.parse(tile.path())).isEqualTo(tile);
        }
      }
    }
    assertThat(new Tile(0, 1_234_067, 256).path()).isEqualTo("tile/0/x001/x234/067");
  }

  @Test
  void proofsFromTilesAreThoseOfTheTree() throws Exception {
    ReferenceTree tree = ReferenceTree.ofSize(66_000);
    for (int size : new int[] {1, 2, 255, 256, 257, 511, 513, 65_535, 65_536, 65_537, 66_000}) {
      NodeReader nodes = new TileNodes(size, from(published(tree, size)));
      assertThat(Proofs.root(size, nodes)).as("size %d", size).isEqualTo(tree.root(size));
      for (int index = 0; index < size; index += 1 + size / 50) {
        assertThat(Proofs.inclusion(index, size, nodes))
            .as("leaf %d of %d", index, size)
            .isEqualTo(tree.path(index, size));
        assertThat(Proofs.consistency(index + 1, size, nodes))
            .as("%d to %d", index + 1, size)
            .isEqualTo(tree.proof(index + 1, size));
      }
    }
  }

  @Test
  void aTileOfAnotherLengthIsNotReadFrom() {
    ReferenceTree tree = ReferenceTree.ofSize(300);
    Map<String, byte[]> tiles = published(tree, 300);
    byte[] good = Objects.requireNonNull(tiles.get("tile/0/001.p/44"));
    byte[] longer = TlogVectors.longer(good);
    tiles.put("tile/0/001.p/44", longer);
    assertThatThrownBy(() -> Proofs.root(300, new TileNodes(300, from(tiles))))
        .isInstanceOf(IOException.class)
        .hasMessage("tile/0/001.p/44: expected a tile of 1408 bytes, for 44 hashes, found 1409");
  }

  @Test
  void nodesOutsideTheLogAreNamed() {
    ReferenceTree tree = ReferenceTree.ofSize(300);
    NodeReader nodes = new TileNodes(300, from(published(tree, 300)));
    for (long[] outside : new long[][] {{0, 300}, {0, 1000}, {2, 75}, {8, 1}, {9, 0}, {62, 0}}) {
      assertThatThrownBy(() -> nodes.node((int) outside[0], outside[1]))
          .isInstanceOf(IOException.class)
          .hasMessage(
              "expected a node within the 300 leaves of the log, found level %d, index %d",
              outside[0], outside[1]);
    }
  }

  @Test
  void anEntryOfMoreThanSixteenBitsIsRefused() throws Exception {
    byte[] longest = new byte[EntryBundle.MAX_ENTRY_BYTES];
    byte[] bundle = EntryBundle.encode(List.of(longest, new byte[0]));
    assertThat(EntryBundle.parse(bundle, 2).getFirst().size()).isEqualTo(65_535);
    assertThatThrownBy(() -> EntryBundle.encode(List.of(new byte[65_536])))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("expected an entry of at most 65535 bytes, found 65536");
    assertThatThrownBy(() -> EntryBundle.encode(List.of()))
        .hasMessage("expected 1 to 256 entries, found 0");
    assertThatThrownBy(() -> HashTile.encode(List.of()))
        .hasMessage("expected 1 to 256 hashes, found 0");
  }
}
