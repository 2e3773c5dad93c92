package dev.custody.log;

import dev.custody.digest.Digest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * How a log's tree lies in its state store. The slots of the open tiles are written over again and
 * again, so the store and its changelog stay small: {@code s level slot} holds the 256 newest
 * entries, and above them the newest hashes of each level of tiles, each with its index; {@code t
 * tile} the leaf hashes of full tiles that no checkpoint covers yet; {@code c} the last checkpoint.
 */
final class TreeStore {
  private static final byte SLOT = 's';
  private static final byte RECENT = 't';
  private static final Bytes CHECKPOINT = Bytes.wrap(new byte[] {'c'});

  private final KeyValueStore<Bytes, byte[]> store;

  TreeStore(KeyValueStore<Bytes, byte[]> store) {
    this.store = store;
  }

  /**
   * What is kept in a slot.
   *
   * @param index of the entry, or of the hash on its level
   * @param value entry or hash
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Slot(long index, byte[] value) {}

  /**
   * The last checkpoint that this log made.
   *
   * @param origin its log
   * @param size its size
   * @param subtrees the perfect subtrees of that size, largest first
   */
  record Made(String origin, long size, List<Digest> subtrees) {}

  void putSlot(int level, long index, byte[] value) {
    byte[] stored = new byte[Long.BYTES + value.length];
    ByteBuffer.wrap(stored).putLong(index).put(value);
    store.put(slotKey(level, (int) (index & 0xFF)), stored);
  }

  @Nullable Slot slot(int level, int slot) {
    byte[] stored = store.get(slotKey(level, slot));
    if (stored == null) {
      return null;
    }
    ByteBuffer buffer = ByteBuffer.wrap(stored);
    long index = buffer.getLong();
    byte[] value = new byte[buffer.remaining()];
    buffer.get(value);
    return new Slot(index, value);
  }

  private static Bytes slotKey(int level, int slot) {
    return Bytes.wrap(new byte[] {SLOT, (byte) level, (byte) slot});
  }

  void putRecent(long tile, byte[] hashes) {
    store.put(recentKey(tile), hashes);
  }

  byte @Nullable [] recent(long tile) {
    return store.get(recentKey(tile));
  }

  /** Forgets the full tiles below {@code tile}. */
  void forgetRecentBelow(long tile) {
    List<Bytes> old = new ArrayList<>();
    try (KeyValueIterator<Bytes, byte[]> tiles = store.range(recentKey(0), recentKey(tile))) {
      while (tiles.hasNext()) {
        KeyValue<Bytes, byte[]> next = tiles.next();
        if (!next.key.equals(recentKey(tile))) {
          old.add(next.key);
        }
      }
    }
    old.forEach(store::delete);
  }

  private static Bytes recentKey(long tile) {
    return Bytes.wrap(ByteBuffer.allocate(1 + Long.BYTES).put(RECENT).putLong(tile).array());
  }

  void putMade(Made made) {
    byte[] origin = made.origin().getBytes(StandardCharsets.UTF_8);
    ByteBuffer buffer =
        ByteBuffer.allocate(
            Integer.BYTES + origin.length + Long.BYTES + made.subtrees().size() * Digest.SIZE);
    buffer.putInt(origin.length).put(origin).putLong(made.size());
    made.subtrees().forEach(subtree -> buffer.put(subtree.asByteBuffer()));
    store.put(CHECKPOINT, buffer.array());
  }

  @Nullable Made made() {
    byte[] stored = store.get(CHECKPOINT);
    if (stored == null) {
      return null;
    }
    ByteBuffer buffer = ByteBuffer.wrap(stored);
    byte[] origin = new byte[buffer.getInt()];
    buffer.get(origin);
    long size = buffer.getLong();
    List<Digest> subtrees = new ArrayList<>();
    while (buffer.hasRemaining()) {
      byte[] hash = new byte[Digest.SIZE];
      buffer.get(hash);
      subtrees.add(new Digest(hash));
    }
    return new Made(new String(origin, StandardCharsets.UTF_8), size, subtrees);
  }
}
