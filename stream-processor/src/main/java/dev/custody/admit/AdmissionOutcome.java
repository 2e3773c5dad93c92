package dev.custody.admit;

import dev.custody.admission.VerifiedEvent;
import dev.custody.attribution.Position;
import dev.custody.attribution.Reject;

/** What became of a record of {@code custody.events}. */
public sealed interface AdmissionOutcome {
  /** It belongs to the history that is believed. */
  record Admitted(VerifiedEvent event, Position position) implements AdmissionOutcome {}

  /** It does not, and is kept whole beside it. */
  record Rejected(Reject reject) implements AdmissionOutcome {}

  /**
   * Something about the chain is to be reported, whether the record was admitted or not.
   *
   * @param verdict name of the verdict
   * @param detail expected and found
   * @param position where; the chain is zeros when the bytes name none
   * @param timestamp Kafka timestamp of the record, milliseconds
   * @param key names what is reported, so that it can be taken back
   * @param withdrawn true when it is taken back: what was missing has come
   */
  record Suspicion(
      String verdict,
      String detail,
      Position position,
      long timestamp,
      String key,
      boolean withdrawn)
      implements AdmissionOutcome {}
}
