package dev.custody.admit;

import dev.custody.admission.ChainMemory;
import dev.custody.digest.ChainId;
import dev.custody.digest.Digest;
import dev.custody.wire.RecordFormat;
import dev.custody.wire.WireException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Remembers chains in a state store: {@code chain} -> state, {@code chain || u64 page} -> the links
 * of {@value #PAGE} positions, each {@code u8 position in the page || link hash || previous}, in no
 * order. Neighbours share a row, so that a burst of events costs few writes.
 */
final class StoredChains implements ChainMemory {
  private static final int PAGE = 16;
  private static final int ROW = 1 + 2 * Digest.SIZE;

  private static final RecordFormat<State> STATE =
      RecordFormat.of(State.class, StoredChains.class, "chain-state.avsc");

  private static final byte[] NONE = {};

  private final KeyValueStore<Bytes, byte[]> store;

  StoredChains(KeyValueStore<Bytes, byte[]> store) {
    this.store = store;
  }

  @Override
  public @Nullable State state(ChainId chain) {
    byte[] value = store.get(Bytes.wrap(chain.toByteArray()));
    try {
      return value == null ? null : STATE.decode(value);
    } catch (WireException e) {
      throw new IllegalStateException(
          "the state of chain " + chain + " is damaged: " + e.getMessage(), e);
    }
  }

  @Override
  public void remember(ChainId chain, State state) {
    store.put(Bytes.wrap(chain.toByteArray()), STATE.encode(state));
  }

  @Override
  public @Nullable LinkAt linkAt(ChainId chain, long sequence) {
    byte[] page = page(chain, sequence);
    int at = find(page, sequence);
    return at < 0
        ? null
        : new LinkAt(new Digest(page, at + 1), new Digest(page, at + 1 + Digest.SIZE));
  }

  @Override
  public void keep(ChainId chain, long sequence, LinkAt link) {
    byte[] page = page(chain, sequence);
    int found = find(page, sequence);
    int at = found < 0 ? page.length : found;
    byte[] kept = Arrays.copyOf(page, Math.max(page.length, at + ROW));
    kept[at] = (byte) (sequence % PAGE);
    link.previous().copyTo(kept, link.hash().copyTo(kept, at + 1));
    store.put(key(chain, sequence), kept);
  }

  @Override
  public void forget(ChainId chain, long sequence) {
    byte[] page = page(chain, sequence);
    int at = find(page, sequence);
    if (at < 0) {
      return;
    }
    if (page.length == ROW) {
      store.delete(key(chain, sequence));
      return;
    }
    byte[] kept = new byte[page.length - ROW];
    System.arraycopy(page, 0, kept, 0, at);
    System.arraycopy(page, at + ROW, kept, at, kept.length - at);
    store.put(key(chain, sequence), kept);
  }

  private byte[] page(ChainId chain, long sequence) {
    byte[] page = store.get(key(chain, sequence));
    return page == null ? NONE : page;
  }

  private static int find(byte[] page, long sequence) {
    for (int at = 0; at < page.length; at += ROW) {
      if (page[at] == sequence % PAGE) {
        return at;
      }
    }
    return -1;
  }

  private static Bytes key(ChainId chain, long sequence) {
    return Bytes.wrap(
        ByteBuffer.allocate(ChainId.SIZE + Long.BYTES)
            .put(chain.asByteBuffer())
            .putLong(sequence / PAGE)
            .array());
  }
}
