package dev.custody.window;

import dev.custody.event.EventId;
import java.util.List;

/**
 * A condition that is fulfilled.
 *
 * @param completes the event that completes it, which names the match within its group
 * @param occurredAt when that event happened, milliseconds since 1970
 * @param evidence what it rests on, oldest first; of values and rules the oldest of each
 */
public record Match(EventId completes, long occurredAt, List<EventId> evidence) {
  /** Copies. */
  public Match {
    evidence = List.copyOf(evidence);
  }
}
