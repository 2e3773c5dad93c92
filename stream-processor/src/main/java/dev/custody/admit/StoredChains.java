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
 * Remembers chains in a state store: {@code chain} -> state, {@code chain || u64 sequence} -> link
 * hash and previous.
 */
final class StoredChains implements ChainMemory {
  private static final RecordFormat<State> STATE =
      RecordFormat.of(State.class, StoredChains.class, "chain-state.avsc");

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
    byte[] value = store.get(key(chain, sequence));
    return value == null
        ? null
        : new LinkAt(
            new Digest(Arrays.copyOf(value, Digest.SIZE)),
            new Digest(Arrays.copyOfRange(value, Digest.SIZE, 2 * Digest.SIZE)));
  }

  @Override
  public void keep(ChainId chain, long sequence, LinkAt link) {
    byte[] value =
        ByteBuffer.allocate(2 * Digest.SIZE)
            .put(link.hash().asByteBuffer())
            .put(link.previous().asByteBuffer())
            .array();
    store.put(key(chain, sequence), value);
  }

  @Override
  public void forget(ChainId chain, long sequence) {
    store.delete(key(chain, sequence));
  }

  private static Bytes key(ChainId chain, long sequence) {
    return Bytes.wrap(
        ByteBuffer.allocate(ChainId.SIZE + Long.BYTES)
            .put(chain.asByteBuffer())
            .putLong(sequence)
            .array());
  }
}
