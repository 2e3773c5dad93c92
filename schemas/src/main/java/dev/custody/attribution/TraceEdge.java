package dev.custody.attribution;

import dev.custody.event.EventId;
import java.time.Instant;
import java.util.List;

/**
 * One edge of prompt -> tool -> credential -> cloud call -> commit.
 *
 * @param prompt prompt
 * @param from node, kind:id
 * @param to node, kind:id
 * @param relation for example requested, showed, used
 * @param grade grade
 * @param occurredAt when
 * @param reasons why
 * @param evidence events that show it; on the topic always one, and each tells for itself
 * @param revision of what that event shows the highest wins
 * @param withdrawn true when a re-attribution took the edge away
 */
public record TraceEdge(
    String prompt,
    String from,
    String to,
    String relation,
    Grade grade,
    Instant occurredAt,
    List<String> reasons,
    List<EventId> evidence,
    long revision,
    boolean withdrawn) {
  public TraceEdge {
    reasons = List.copyOf(reasons);
    evidence = List.copyOf(evidence);
  }
}
