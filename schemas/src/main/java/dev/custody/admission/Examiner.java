package dev.custody.admission;

import dev.custody.chain.EnvelopeView;
import dev.custody.chain.Link;
import dev.custody.chain.Seal;
import dev.custody.chain.SealTrees;
import dev.custody.digest.Bytes;
import dev.custody.digest.Digest;
import dev.custody.event.EventView;
import dev.custody.wire.BulkReader;
import dev.custody.wire.Formats;
import dev.custody.wire.WireException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Looks at a record as far as it can be judged by itself, before its chain is asked: nearly all of
 * the work, and it depends on nothing but the record, so several examiners may share it.
 *
 * <p>Not safe for use by several threads.
 */
public final class Examiner {
  private final @Nullable BulkReader bulk;
  private final SealTrees trees = new SealTrees();

  private Examiner(@Nullable BulkReader bulk) {
    this.bulk = bulk;
  }

  /** Decodes every event in full, for who goes on to use it. */
  public static Examiner decoding() {
    return new Examiner(null);
  }

  /** Decodes no more of an event than its chain depends on, for who only verifies. */
  public static Examiner inBulk() {
    return new Examiner(new BulkReader());
  }

  /**
   * A Kafka record, in place.
   *
   * @param bytes where key and value lie
   * @param keyLength -1 for no key
   * @param valueLength -1 for no value
   * @param timestamp Kafka timestamp, milliseconds: the signed {@code observedAt}
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record Raw(
      byte[] bytes, int keyAt, int keyLength, int valueAt, int valueLength, long timestamp) {
    /** A record of separate arrays. */
    public static Raw of(byte @Nullable [] key, byte @Nullable [] value, long timestamp) {
      byte[] k = key == null ? new byte[0] : key;
      byte[] v = value == null ? new byte[0] : value;
      byte[] joined = Arrays.copyOf(k, k.length + v.length);
      System.arraycopy(v, 0, joined, k.length, v.length);
      return new Raw(
          joined,
          0,
          key == null ? -1 : k.length,
          k.length,
          value == null ? -1 : v.length,
          timestamp);
    }

    /** A copy of the key. */
    public byte @Nullable [] key() {
      return keyLength < 0 ? null : Arrays.copyOfRange(bytes, keyAt, keyAt + keyLength);
    }

    /** A copy of the value. */
    public byte @Nullable [] value() {
      return valueLength < 0 ? null : Arrays.copyOfRange(bytes, valueAt, valueAt + valueLength);
    }
  }

  /** What an examiner saw. */
  public sealed interface Examined {
    /** Its envelope, null when the bytes are none. */
    @Nullable EnvelopeView envelope();
  }

  /**
   * A record that no chain can take.
   *
   * @param verdict Malformed or Relabelled
   */
  public record Refused(Verdict verdict, @Nullable EnvelopeView envelope) implements Examined {}

  /**
   * A record that its chain decides about.
   *
   * @param hash the link's
   * @param seal the one that the envelope claims, null when there can be no such seal
   */
  public record Linked(
      EnvelopeView envelope, EventView event, Link link, Digest hash, @Nullable Seal seal)
      implements Examined {}

  /** Looks at {@code record}. */
  public Examined examine(Raw record) {
    EnvelopeView envelope;
    EventView event;
    try {
      if (record.valueLength() < 0) {
        return new Refused(new Verdict.Malformed("expected an envelope, found no value"), null);
      }
      envelope = envelope(record);
    } catch (WireException e) {
      return new Refused(new Verdict.Malformed(e.getMessage()), null);
    }
    EventBytes bytes = eventOf(record, envelope);
    if (bytes.length() > Formats.MAX_EVENT_BYTES || envelope.sequence() < 0) {
      return new Refused(
          new Verdict.Malformed(
              "expected an event of at most %d bytes at #0 or later, found %d bytes at #%d"
                  .formatted(Formats.MAX_EVENT_BYTES, bytes.length(), envelope.sequence())),
          envelope);
    }
    try {
      event = event(bytes);
    } catch (WireException e) {
      return new Refused(new Verdict.Malformed(e.getMessage()), envelope);
    }
    Verdict relabelled = relabelled(record, envelope, event);
    if (relabelled != null) {
      return new Refused(relabelled, envelope);
    }
    Link link =
        new Link(
            envelope.chain(),
            envelope.sequence(),
            envelope.previous(),
            Digest.sha256(bytes.source(), bytes.at(), bytes.length()));
    Digest hash = link.hash();
    return new Linked(envelope, event, link, hash, trees.claimedBy(envelope, hash));
  }

  /** Where the bytes of an event lie. */
  @SuppressWarnings("ArrayRecordComponent")
  private record EventBytes(byte[] source, int at, int length) {}

  private static EventBytes eventOf(Raw record, EnvelopeView envelope) {
    if (envelope instanceof BulkReader.InPlace inPlace) {
      return new EventBytes(record.bytes(), inPlace.eventAt(), inPlace.eventLength());
    }
    byte[] copy = envelope.event().toByteArray();
    return new EventBytes(copy, 0, copy.length);
  }

  private static @Nullable Verdict relabelled(Raw record, EnvelopeView envelope, EventView event) {
    Bytes chain = envelope.chain();
    if (record.keyLength() != chain.size() || !chain.isAt(record.bytes(), record.keyAt())) {
      return new Verdict.Relabelled("expected the chain id as Kafka key");
    }
    long observedAt = event.observedAt().toEpochMilli();
    return observedAt == record.timestamp()
        ? null
        : new Verdict.Relabelled(
            "expected timestamp %d, as signed, found %d".formatted(observedAt, record.timestamp()));
  }

  private EnvelopeView envelope(Raw record) throws WireException {
    EnvelopeView envelope =
        bulk == null ? null : bulk.envelope(record.bytes(), record.valueAt(), record.valueLength());
    return envelope != null
        ? envelope
        : Formats.ENVELOPE.decode(
            Arrays.copyOfRange(
                record.bytes(), record.valueAt(), record.valueAt() + record.valueLength()));
  }

  private EventView event(EventBytes event) throws WireException {
    EventView view = bulk == null ? null : bulk.event(event.source(), event.at(), event.length());
    return view != null
        ? view
        : Formats.EVENT.decode(
            Arrays.copyOfRange(event.source(), event.at(), event.at() + event.length()));
  }
}
