package dev.custody.campaign;

import dev.custody.chain.Envelope;
import dev.custody.wire.Formats;
import dev.custody.wire.WireException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A record of {@code custody.events} as it is stored; its arrays are never changed. */
@SuppressWarnings("ArrayRecordComponent")
record Row(byte @Nullable [] key, byte @Nullable [] value, long timestamp) {
  /** As a collector publishes {@code envelope}. */
  static Row of(Envelope envelope, long observedAt) {
    return new Row(envelope.chain().toByteArray(), Formats.ENVELOPE.encode(envelope), observedAt);
  }

  Row withKey(byte @Nullable [] other) {
    return new Row(other, value, timestamp);
  }

  Row withValue(byte @Nullable [] other) {
    return new Row(key, other, timestamp);
  }

  Row withTimestamp(long other) {
    return new Row(key, value, other);
  }

  /** Whether both say the same: the envelope is not hashed as it is encoded, what it says is. */
  boolean saysTheSameAs(Row other) {
    return timestamp == other.timestamp
        && Arrays.equals(key, other.key)
        && (Arrays.equals(value, other.value)
            || (decoded() != null && java.util.Objects.equals(decoded(), other.decoded())));
  }

  private @Nullable Envelope decoded() {
    byte[] bytes = value;
    try {
      return bytes == null ? null : Formats.ENVELOPE.decode(bytes);
    } catch (WireException e) {
      return null;
    }
  }

  /** The envelope of a row that a collector wrote. */
  Envelope envelope() {
    Envelope envelope = decoded();
    if (envelope == null) {
      throw new IllegalStateException("expected an envelope");
    }
    return envelope;
  }
}
