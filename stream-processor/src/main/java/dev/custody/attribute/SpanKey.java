package dev.custody.attribute;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.apache.kafka.common.utils.Bytes;

/**
 * Keys that sort by name, then time, then id: {@code name || 0 || i64 time, sign flipped || id}.
 */
final class SpanKey {
  /** Before every time that occurs. */
  static final Instant FIRST = Instant.EPOCH;

  /** After every time that occurs. */
  static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999Z");

  private SpanKey() {}

  static Bytes of(String name, Instant time, String id) {
    byte[] nameBytes = name.getBytes(StandardCharsets.UTF_8);
    byte[] idBytes = id.getBytes(StandardCharsets.UTF_8);
    return Bytes.wrap(
        ByteBuffer.allocate(nameBytes.length + 1 + Long.BYTES + idBytes.length)
            .put(nameBytes)
            .put((byte) 0)
            .putLong(time.toEpochMilli() ^ Long.MIN_VALUE)
            .put(idBytes)
            .array());
  }

  /** The least key of {@code name} at {@code time}. */
  static Bytes from(String name, Instant time) {
    return of(name, time, "");
  }

  /** A key that is greater than every key of {@code name} up to and at {@code time}. */
  static Bytes through(String name, Instant time) {
    return of(name, time.plusMillis(1), "");
  }
}
