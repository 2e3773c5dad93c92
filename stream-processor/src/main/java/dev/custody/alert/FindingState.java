package dev.custody.alert;

import dev.custody.detect.Evidence;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A finding and all that it rests on.
 *
 * @param rule rule id
 * @param group what it is about
 * @param evidence at most 100, oldest first
 * @param omitted how many more
 * @param closed true when nothing is left
 * @param heardAt time of the newest record that told of it: how long it is kept goes by that
 */
public record FindingState(
    String rule,
    String group,
    List<Evidence> evidence,
    int omitted,
    boolean closed,
    Instant heardAt) {
  public FindingState {
    evidence = List.copyOf(evidence);
  }

  /** Whether there is nothing new to tell after {@code other}. */
  boolean saysTheSameAs(@Nullable FindingState other) {
    return other != null
        && equals(
            new FindingState(
                other.rule, other.group, other.evidence, other.omitted, other.closed, heardAt));
  }
}
