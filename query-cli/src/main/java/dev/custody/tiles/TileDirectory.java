package dev.custody.tiles;

import dev.custody.digest.Bytes;
import dev.custody.digest.Digest;
import dev.custody.merkle.MerkleTree;
import dev.custody.merkle.NodeReader;
import dev.custody.tlog.EntryBundle;
import dev.custody.tlog.HashTile;
import dev.custody.tlog.Tile;
import dev.custody.tlog.TileNodes;
import dev.custody.tlog.TlogException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One log in the layout of C2SP tlog-tiles: {@code checkpoint}, {@code tile/<L>/<N>}, {@code
 * tile/entries/<N>}. Partial tiles lie in files of their own (an export), or come from the file
 * {@code open} (a mirror): the size, a big-endian u64, and the entry bundle from there rounded down
 * to 256 on.
 *
 * <p>Nothing here is believed: who reads a proof checks it against a checkpoint.
 */
public final class TileDirectory {
  /** The newest checkpoint. */
  public static final String CHECKPOINT = "checkpoint";

  private static final String OPEN = "open";
  private static final int ENTRIES = Tile.ENTRIES;
  private static final int WIDTH = Tile.FULL;
  private static final int CACHED_TILES = 64;
  private static final long MAX_TILE_BYTES = WIDTH * (2L + 65_535);

  private final Path base;
  // Full tiles never change.
  private final Map<Tile, byte[]> cache =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Tile, byte[]> eldest) {
          return size() > CACHED_TILES;
        }
      };

  /** The log in {@code base}, which need not exist yet. */
  public TileDirectory(Path base) {
    this.base = base;
  }

  /** Where it is. */
  public Path path() {
    return base;
  }

  /** The newest checkpoint's note; empty when there is none. */
  public Optional<byte[]> checkpoint() throws IOException {
    try {
      return Optional.of(bounded(base.resolve(CHECKPOINT)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /** Replaces the checkpoint, whole or not at all. */
  public void putCheckpoint(byte[] note) throws IOException {
    replace(base.resolve(CHECKPOINT), note);
  }

  /** Stores a tile, full or partial. */
  public void putTile(Tile tile, byte[] bytes) throws IOException {
    replace(base.resolve(tile.path()), bytes);
    synchronized (cache) {
      cache.remove(tile);
    }
  }

  /** Stores the open bundle, as the topic has it. */
  public void putOpen(byte[] open) throws IOException {
    replace(base.resolve(OPEN), open);
  }

  /**
   * The bytes of a tile; a partial one may be cut from a wider one.
   *
   * @throws NoSuchFileException when it is not here
   */
  public byte[] tile(Tile tile) throws IOException {
    Optional<byte[]> exact = file(tile);
    if (exact.isPresent()) {
      return exact.get();
    }
    if (tile.width() < WIDTH) {
      Optional<byte[]> full = file(new Tile(tile.level(), tile.index(), WIDTH));
      if (full.isPresent()) {
        return cut(tile, full.get());
      }
      return fromOpen(tile);
    }
    throw new NoSuchFileException(base.resolve(tile.path()).toString());
  }

  private Optional<byte[]> file(Tile tile) throws IOException {
    synchronized (cache) {
      byte[] known = cache.get(tile);
      if (known != null) {
        return Optional.of(known);
      }
    }
    try {
      byte[] bytes = bounded(base.resolve(tile.path()));
      if (tile.width() == WIDTH) {
        synchronized (cache) {
          cache.put(tile, bytes);
        }
      }
      return Optional.of(bytes);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  private static byte[] cut(Tile tile, byte[] full) throws IOException {
    if (tile.level() == ENTRIES) {
      return EntryBundle.encode(entriesOf(full, WIDTH).subList(0, tile.width()));
    }
    requireHashes(full, WIDTH);
    return java.util.Arrays.copyOf(full, tile.width() * Digest.SIZE);
  }

  private byte[] fromOpen(Tile tile) throws IOException {
    if (tile.level() > 0) {
      ByteBuffer hashes = ByteBuffer.allocate(tile.width() * Digest.SIZE);
      for (int i = 0; i < tile.width(); i++) {
        hashes.put(tileRoot(tile.level() - 1, tile.index() * WIDTH + i).asByteBuffer());
      }
      return hashes.array();
    }
    List<byte[]> entries = openEntries(tile);
    if (tile.level() == ENTRIES) {
      return EntryBundle.encode(entries);
    }
    ByteBuffer hashes = ByteBuffer.allocate(tile.width() * Digest.SIZE);
    entries.forEach(entry -> hashes.put(MerkleTree.leaf(entry).asByteBuffer()));
    return hashes.array();
  }

  private List<byte[]> openEntries(Tile tile) throws IOException {
    byte[] open = bounded(base.resolve(OPEN));
    long size = openSize(open);
    int width = (int) (size % WIDTH);
    if (size / WIDTH != tile.index() || width < tile.width()) {
      throw new NoSuchFileException(base.resolve(tile.path()).toString());
    }
    byte[] bundle = java.util.Arrays.copyOfRange(open, Long.BYTES, open.length);
    return entriesOf(bundle, width).subList(0, tile.width());
  }

  private static long openSize(byte[] open) throws IOException {
    if (open.length < Long.BYTES) {
      throw new IOException("open: expected a size of 8 bytes, found " + open.length);
    }
    return ByteBuffer.wrap(open).getLong();
  }

  private static List<byte[]> entriesOf(byte[] bundle, int width) throws IOException {
    try {
      return EntryBundle.parse(bundle, width).stream().map(Bytes::toByteArray).toList();
    } catch (TlogException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private Digest tileRoot(int level, long index) throws IOException {
    byte[] hashes = tile(new Tile(level, index, WIDTH));
    try {
      return MerkleTree.root(HashTile.parse(hashes, WIDTH));
    } catch (TlogException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private static void requireHashes(byte[] bytes, int width) throws IOException {
    if (bytes.length != width * Digest.SIZE) {
      throw new IOException(
          "tile: expected %d hashes in %d bytes, found %d bytes"
              .formatted(width, width * Digest.SIZE, bytes.length));
    }
  }

  /** The nodes of the tree of {@code size}; what is missing is a {@link NoSuchFileException}. */
  public NodeReader nodes(long size) {
    return new TileNodes(size, this::tile);
  }

  /** The entries from {@code from} to {@code to} of a log, at most 256 of one bundle. */
  public List<byte[]> bundle(long index, int width) throws IOException {
    byte[] bytes = tile(new Tile(ENTRIES, index, width));
    return entriesOf(bytes, width);
  }

  /** Whether the first {@code size} entries and their hashes are here. */
  public boolean reaches(long size) throws IOException {
    if (size % WIDTH == 0) {
      return size == 0 || file(new Tile(ENTRIES, size / WIDTH - 1, WIDTH)).isPresent();
    }
    try {
      tile(new Tile(ENTRIES, size / WIDTH, (int) (size % WIDTH)));
      return size < WIDTH || file(new Tile(0, size / WIDTH - 1, WIDTH)).isPresent();
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  /** Every tile of a tree of {@code size}, entry bundles first, with the partial ones. */
  public static List<Tile> tilesOf(long size) {
    List<Tile> tiles = new ArrayList<>();
    for (int level = ENTRIES; size >> (8 * Math.max(0, level)) > 0; level++) {
      long count = size >> (8 * Math.max(0, level));
      for (long index = 0; index < count / WIDTH; index++) {
        tiles.add(new Tile(level, index, WIDTH));
      }
      if (count % WIDTH != 0) {
        tiles.add(new Tile(level, count / WIDTH, (int) (count % WIDTH)));
      }
    }
    return tiles;
  }

  private static byte[] bounded(Path file) throws IOException {
    long size = Files.size(file);
    if (size > MAX_TILE_BYTES) {
      throw new IOException(
          "%s: expected at most %d bytes, found %d".formatted(file, MAX_TILE_BYTES, size));
    }
    return Files.readAllBytes(file);
  }

  // Forced and then moved: a reader never sees half a file, and after a crash none is half there.
  private static void replace(Path file, byte[] bytes) throws IOException {
    Files.createDirectories(file.getParent());
    Path aside = file.resolveSibling("." + file.getFileName() + ".tmp");
    try (FileChannel out =
        FileChannel.open(
            aside,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ByteBuffer rest = ByteBuffer.wrap(bytes);
      while (rest.hasRemaining()) {
        out.write(rest);
      }
      out.force(false);
    }
    Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
