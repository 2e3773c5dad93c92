package dev.custody.admission;

import dev.custody.admission.Examiner.Examined;
import dev.custody.admission.Examiner.Linked;
import dev.custody.admission.Examiner.Raw;
import dev.custody.admission.Examiner.Refused;
import dev.custody.chain.EnvelopeView;
import org.jspecify.annotations.Nullable;

/**
 * Takes a Kafka record of {@code custody.events} as it is, and says what it is: the one way from
 * bytes to a verified event.
 *
 * <p>Not safe for use by several threads.
 */
public final class Admission {
  private final ChainVerifier verifier;
  private final Examiner examiner = Examiner.decoding();

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
      Verdict verdict, @Nullable EnvelopeView envelope, @Nullable VerifiedEvent event) {}

  /**
   * Checks one record.
   *
   * @param key Kafka key: the chain id
   * @param value Kafka value: an envelope
   * @param timestamp Kafka timestamp, milliseconds: the signed {@code observedAt}
   */
  public Result admit(byte @Nullable [] key, byte @Nullable [] value, long timestamp) {
    return admit(examiner.examine(Raw.of(key, value, timestamp)));
  }

  /** Judges a record that any examiner looked at; the records of a chain come in their order. */
  public Result admit(Examined record) {
    return switch (record) {
      case Refused refused -> new Result(refused.verdict(), refused.envelope(), null);
      case Linked linked -> {
        EnvelopeView envelope = linked.envelope();
        Verdict verdict = verifier.check(envelope, linked.event(), linked.hash(), linked.seal());
        yield new Result(verdict, envelope, verdict.admitted() ? new VerifiedEvent(linked) : null);
      }
    };
  }
}
