package dev.custody.admission;

import dev.custody.chain.Envelope;
import dev.custody.event.Event;
import dev.custody.wire.Formats;
import dev.custody.wire.WireException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Takes a Kafka record of {@code custody.events} as it is, and says what it is: the one way from
 * bytes to a verified event.
 */
public final class Admission {
  private final ChainVerifier verifier;

  /** Checks with {@code verifier}. */
  public Admission(ChainVerifier verifier) {
    this.verifier = verifier;
  }

  /**
   * What admission found.
   *
   * @param verdict the verdict
   * @param envelope null when the bytes are no envelope
   * @param event null unless the verdict admits it
   */
  public record Result(
      Verdict verdict, @Nullable Envelope envelope, @Nullable VerifiedEvent event) {}

  /**
   * Checks one record.
   *
   * @param key Kafka key: the chain id
   * @param value Kafka value: an envelope
   * @param timestamp Kafka timestamp, milliseconds: the signed {@code observedAt}
   */
  public Result admit(byte @Nullable [] key, byte @Nullable [] value, long timestamp) {
    Envelope envelope;
    Event event;
    try {
      if (value == null) {
        return new Result(
            new Verdict.Malformed("expected an envelope, found no value"), null, null);
      }
      envelope = Formats.ENVELOPE.decode(value);
    } catch (WireException e) {
      return new Result(new Verdict.Malformed(e.getMessage()), null, null);
    }
    if (envelope.event().size() > Formats.MAX_EVENT_BYTES || envelope.sequence() < 0) {
      return refused(
          new Verdict.Malformed(
              "expected an event of at most %d bytes at #0 or later, found %d bytes at #%d"
                  .formatted(
                      Formats.MAX_EVENT_BYTES, envelope.event().size(), envelope.sequence())),
          envelope);
    }
    try {
      event = Formats.EVENT.decode(envelope.event().toByteArray());
    } catch (WireException e) {
      return refused(new Verdict.Malformed(e.getMessage()), envelope);
    }
    if (key == null || !Arrays.equals(key, envelope.chain().toByteArray())) {
      return refused(new Verdict.Relabelled("expected the chain id as Kafka key"), envelope);
    }
    if (event.observedAt().toEpochMilli() != timestamp) {
      return refused(
          new Verdict.Relabelled(
              "expected timestamp %d, as signed, found %d"
                  .formatted(event.observedAt().toEpochMilli(), timestamp)),
          envelope);
    }
    Verdict verdict = verifier.check(envelope, event);
    return verdict.admitted()
        ? new Result(verdict, envelope, new VerifiedEvent(envelope, event))
        : refused(verdict, envelope);
  }

  private static Result refused(Verdict verdict, Envelope envelope) {
    return new Result(verdict, envelope, null);
  }
}
