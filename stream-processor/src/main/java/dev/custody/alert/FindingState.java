package dev.custody.alert;

import dev.custody.detect.Evidence;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A finding; the evidence itself lies in rows of its own, so that one more piece of it does not
 * write all the others again.
 *
 * @param rule rule id
 * @param group what it is about
 * @param count pieces of evidence
 * @param lapsed what was taken back last, null while there is evidence: a closing tells of it
 * @param told what the newest record about it said
 * @param untold whether something has changed since
 * @param heardAt time of the newest record that told of it: how long it is kept goes by that
 */
public record FindingState(
    String rule,
    String group,
    int count,
    @Nullable Evidence lapsed,
    Told told,
    boolean untold,
    Instant heardAt) {

  /** What was said of a finding. */
  public enum Told {
    NOTHING,
    OPEN,
    CLOSED
  }

  /** A finding without evidence, of which nothing was said. */
  static FindingState fresh(String rule, String group) {
    return new FindingState(rule, group, 0, null, Told.NOTHING, false, Instant.EPOCH);
  }

  boolean closed() {
    return count == 0;
  }

  /** After a record of {@code at} that changes nothing of what is told. */
  FindingState heard(Instant at) {
    return new FindingState(
        rule, group, count, lapsed, told, untold, at.isAfter(heardAt) ? at : heardAt);
  }

  /** With so many pieces of evidence, one of which came or went. */
  FindingState with(int pieces, Evidence changed) {
    return new FindingState(rule, group, pieces, pieces == 0 ? changed : null, told, true, heardAt);
  }

  /** Once all of it is told. */
  FindingState afterTelling() {
    return new FindingState(
        rule, group, count, lapsed, closed() ? Told.CLOSED : Told.OPEN, false, heardAt);
  }
}
