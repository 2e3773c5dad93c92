package dev.custody.tlog;

import dev.custody.digest.Digest;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** The content of a tile: its hashes, end to end, and nothing more. */
public final class HashTile {
  private HashTile() {}

  /**
   * The bytes of a tile.
   *
   * @throws IllegalArgumentException unless there are 1 to 256 hashes
   */
  public static byte[] encode(List<Digest> hashes) {
    if (hashes.isEmpty() || hashes.size() > Tile.FULL) {
      throw new IllegalArgumentException("expected 1 to 256 hashes, found " + hashes.size());
    }
    ByteBuffer tile = ByteBuffer.allocate(hashes.size() * Digest.SIZE);
    hashes.forEach(hash -> tile.put(hash.asByteBuffer()));
    return tile.array();
  }

  /**
   * The hashes of a tile of {@code width}.
   *
   * @throws TlogException unless it has exactly that many
   */
  public static List<Digest> parse(byte[] tile, int width) throws TlogException {
    if (tile.length != width * Digest.SIZE) {
      throw new TlogException(
          "expected a tile of %d bytes, for %d hashes, found %d"
              .formatted(width * Digest.SIZE, width, tile.length));
    }
    ByteBuffer rest = ByteBuffer.wrap(tile);
    List<Digest> hashes = new ArrayList<>(width);
    for (int i = 0; i < width; i++) {
      byte[] hash = new byte[Digest.SIZE];
      rest.get(hash);
      hashes.add(new Digest(hash));
    }
    return List.copyOf(hashes);
  }
}
