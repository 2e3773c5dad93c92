package dev.custody.detect;

import dev.custody.event.EventId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A match that an event completes.
 *
 * @param correlation id of the correlation
 * @param key the group, in hex
 * @param evidence the events that it rests on
 * @param shown how it is told; null where the correlation tells nothing
 * @param outer groups of other correlations that it counts in
 */
public record Completed(
    String correlation,
    String key,
    List<EventId> evidence,
    @Nullable Shown shown,
    List<Contribution> outer) {
  public Completed {
    evidence = List.copyOf(evidence);
    outer = List.copyOf(outer);
  }
}
