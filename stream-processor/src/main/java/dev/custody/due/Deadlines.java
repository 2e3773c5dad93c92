package dev.custody.due;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/** Stored deadlines, by time: {@code i64 time || what}. */
public final class Deadlines {
  private final KeyValueStore<Bytes, String> store;

  /** Of the rows in {@code store}. */
  public Deadlines(KeyValueStore<Bytes, String> store) {
    this.store = store;
  }

  /**
   * Something that is due.
   *
   * @param at when
   * @param what the name that it was noted under
   */
  public record Due(Instant at, String what) {}

  /** Notes that {@code what} is due at {@code at}. */
  public void set(Instant at, String what) {
    store.put(key(at.toEpochMilli(), what), what);
  }

  /** What is due at {@code now}, in order; it is due no longer. */
  public List<Due> take(long now) {
    List<Due> due = new ArrayList<>();
    List<Bytes> keys = new ArrayList<>();
    try (KeyValueIterator<Bytes, String> range = store.range(key(0, ""), key(now + 1, ""))) {
      range.forEachRemaining(entry -> {
        keys.add(entry.key);
        long at = ByteBuffer.wrap(entry.key.get()).getLong();
        due.add(new Due(Instant.ofEpochMilli(at), entry.value));
      });
    }
    keys.forEach(store::delete);
    return due;
  }

  private static Bytes key(long millis, String what) {
    byte[] text = what.getBytes(StandardCharsets.UTF_8);
    return Bytes.wrap(
        ByteBuffer.allocate(Long.BYTES + text.length)
            .putLong(Math.max(0, millis))
            .put(text)
            .array());
  }
}
