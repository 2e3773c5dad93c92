package dev.custody.alert;

import dev.custody.detect.Evidence;
import java.util.List;

/**
 * A finding and all that it rests on.
 *
 * @param rule rule id
 * @param group what it is about
 * @param evidence at most 100, oldest first
 * @param omitted how many more
 * @param closed true when nothing is left
 */
public record FindingState(
    String rule, String group, List<Evidence> evidence, int omitted, boolean closed) {
  public FindingState {
    evidence = List.copyOf(evidence);
  }
}
