package dev.custody.tlog;

import dev.custody.digest.Digest;
import dev.custody.merkle.MerkleTree;
import dev.custody.merkle.NodeReader;
import java.io.IOException;
import java.util.List;

/**
 * Reads the nodes of a log of one size from its tiles. Nothing is kept and nothing is verified: a
 * proof made from wrong tiles fails where it is checked.
 */
public final class TileNodes implements NodeReader {
  /** Where the bytes of tiles are: a store, a directory, a URL. */
  @FunctionalInterface
  public interface Source {
    /**
     * The bytes of {@code tile}, at its own width.
     *
     * @throws IOException when it is not there or cannot be read
     */
    byte[] read(Tile tile) throws IOException;
  }

  private final long size;
  private final Source tiles;

  /** Reads the tiles of a log of {@code size}. */
  public TileNodes(long size, Source tiles) {
    this.size = size;
    this.tiles = tiles;
  }

  @Override
  public Digest node(int level, long index) throws IOException {
    int tileLevel = level / Tile.HEIGHT;
    int height = level % Tile.HEIGHT;
    int perTile = Tile.FULL >> height;
    Tile tile = tile(tileLevel, index / perTile, level, index);
    int first = (int) (index % perTile) << height;
    int end = first + (1 << height);
    if (end > tile.width()) {
      throw outside(level, index);
    }
    try {
      List<Digest> hashes = HashTile.parse(tiles.read(tile), tile.width());
      return MerkleTree.root(hashes.subList(first, end));
    } catch (TlogException e) {
      throw new IOException(tile.path() + ": " + e.getMessage(), e);
    }
  }

  private Tile tile(int tileLevel, long tileIndex, int level, long index) throws IOException {
    try {
      return Tile.of(tileLevel, tileIndex, size);
    } catch (IllegalArgumentException e) {
      throw outside(level, index);
    }
  }

  private IOException outside(int level, long index) {
    return new IOException(
        "expected a node within the %d leaves of the log, found level %d, index %d"
            .formatted(size, level, index));
  }
}
