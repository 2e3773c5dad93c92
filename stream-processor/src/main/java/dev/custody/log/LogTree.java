package dev.custody.log;

import dev.custody.digest.Digest;
import dev.custody.merkle.Frontier;
import dev.custody.merkle.MerkleTree;
import dev.custody.tlog.EntryBundle;
import dev.custody.tlog.Tile;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The tree of one log: its open tiles in memory, and every change of them at once in its store.
 *
 * <p>Not safe for use by several threads.
 */
final class LogTree {
  private static final int WIDTH = Tile.FULL;

  private final TreeStore store;
  private final BiConsumer<Tile, byte[]> full;
  private final List<byte[]> entries = new ArrayList<>();
  private final List<OpenTile> tiles = new ArrayList<>();
  private long size;
  // Full tiles up to here are published and recomputed already: none of them is kept.
  private long settled;

  /** The hashes of a tile that is not full, and the tree over them. */
  private static final class OpenTile {
    private final List<Digest> hashes = new ArrayList<>(WIDTH);
    private Frontier tree = Frontier.empty();

    void add(Digest hash) {
      hashes.add(hash);
      tree.append(hash);
    }

    byte[] bytes() {
      ByteBuffer bytes = ByteBuffer.allocate(hashes.size() * Digest.SIZE);
      hashes.forEach(hash -> bytes.put(hash.asByteBuffer()));
      return bytes.array();
    }

    void clear() {
      hashes.clear();
      tree = Frontier.empty();
    }
  }

  /** The store does not hold what a log of its size must hold. */
  static final class DamagedException extends Exception {
    private static final long serialVersionUID = 1L;

    DamagedException(String message) {
      super(message);
    }
  }

  /**
   * Opens what {@code store} holds.
   *
   * @param full takes each tile as it becomes full
   * @throws DamagedException when something of the open tiles is missing
   */
  LogTree(TreeStore store, BiConsumer<Tile, byte[]> full) throws DamagedException {
    this.store = store;
    this.full = full;
    this.size = storedSize();
    for (int level = 0; size >> (8 * level) > 0; level++) {
      load(level);
    }
  }

  private long storedSize() {
    long newest = -1;
    for (int slot = 0; slot < WIDTH; slot++) {
      TreeStore.Slot entry = store.slot(0, slot);
      newest = entry == null ? newest : Math.max(newest, entry.index());
    }
    return newest + 1;
  }

  private void load(int level) throws DamagedException {
    long count = size >> (8 * level);
    OpenTile tile = tile(level);
    for (long index = count & ~0xFFL; index < count; index++) {
      TreeStore.Slot slot = store.slot(level, (int) (index & 0xFF));
      if (slot == null || slot.index() != index) {
        throw new DamagedException(
            "expected hash %d of level %d in the store of a log of size %d, found %s"
                .formatted(index, level, size, slot == null ? "none" : "hash " + slot.index()));
      }
      if (level == 0) {
        entries.add(slot.value());
        tile.add(MerkleTree.leaf(slot.value()));
      } else {
        tile.add(new Digest(slot.value()));
      }
    }
  }

  /** Says that everything up to {@code published} entries is published already. */
  void settle(long published) {
    settled = published;
  }

  /** Number of entries. */
  long size() {
    return size;
  }

  /** Root over all entries. */
  Digest root() {
    return Frontier.of(size, subtrees()).root();
  }

  /**
   * Appends an entry.
   *
   * @param entry the link statement
   * @param leaf its leaf hash, the link hash
   */
  void append(byte[] entry, Digest leaf) {
    store.putSlot(0, size, entry);
    entries.add(entry);
    size++;
    push(0, leaf);
  }

  private void push(int level, Digest hash) {
    OpenTile tile = tile(level);
    tile.add(hash);
    if (tile.hashes.size() < WIDTH) {
      return;
    }
    long index = (size >> (8 * (level + 1))) - 1;
    byte[] hashes = tile.bytes();
    if (level == 0) {
      full.accept(new Tile(Tile.ENTRIES, index, WIDTH), EntryBundle.encode(entries));
      if (size > settled) {
        store.putRecent(index, hashes);
      }
      entries.clear();
    }
    full.accept(new Tile(level, index, WIDTH), hashes);
    Digest parent = tile.tree.root();
    tile.clear();
    store.putSlot(level + 1, index, parent.toByteArray());
    push(level + 1, parent);
  }

  private OpenTile tile(int level) {
    while (tiles.size() <= level) {
      tiles.add(new OpenTile());
    }
    return tiles.get(level);
  }

  private List<Digest> subtrees() {
    List<Digest> subtrees = new ArrayList<>();
    for (OpenTile tile : tiles.reversed()) {
      subtrees.addAll(tile.tree.subtrees());
    }
    return subtrees;
  }

  /** The entries of the open bundle, from {@code size} rounded down to 256 on. */
  List<byte[]> openEntries() {
    return List.copyOf(entries);
  }

  /** Remembers that a checkpoint of {@code origin} was made now. */
  void checkpointMade(String origin) {
    store.putMade(new TreeStore.Made(origin, size, subtrees()));
    store.forgetRecentBelow(size / WIDTH);
  }

  /** The last checkpoint that was made, or null. */
  TreeStore.@Nullable Made made() {
    return store.made();
  }

  /**
   * Recomputes this tree from the last checkpoint that was made on.
   *
   * @return the root at that checkpoint
   * @throws DamagedException when what was appended since does not lead to the tree of now
   */
  Digest recompute(TreeStore.Made made) throws DamagedException {
    Frontier then = Frontier.of(made.size(), made.subtrees());
    Digest root = then.root();
    for (long tile = made.size() / WIDTH; tile < size / WIDTH; tile++) {
      byte[] hashes = store.recent(tile);
      if (hashes == null || hashes.length != WIDTH * Digest.SIZE) {
        throw new DamagedException("expected tile %d in the store, found none".formatted(tile));
      }
      ByteBuffer buffer = ByteBuffer.wrap(hashes);
      for (long index = tile * WIDTH; index < (tile + 1) * WIDTH; index++) {
        byte[] hash = new byte[Digest.SIZE];
        buffer.get(hash);
        if (index >= made.size()) {
          then.append(new Digest(hash));
        }
      }
    }
    List<Digest> open = tile(0).hashes;
    for (int i = 0; i < open.size(); i++) {
      if (size - open.size() + i >= made.size()) {
        then.append(open.get(i));
      }
    }
    if (then.size() != size || !then.root().equals(root())) {
      throw new DamagedException(
          "expected the tree of size %d to continue the checkpoint at %d, found another"
              .formatted(size, made.size()));
    }
    return root;
  }
}
