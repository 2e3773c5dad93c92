package dev.custody.detect;

import dev.custody.event.EventId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Of a match, to one of its events.
 *
 * @param raised to the event that completes it
 * @param shown to an event that it rests on
 */
public record MatchMessage(@Nullable Raised raised, @Nullable Shown shown) {
  /** To the event that completes a match. */
  public static MatchMessage of(Raised raised) {
    return new MatchMessage(raised, null);
  }

  /** To an event that a match rests on. */
  public static MatchMessage of(Shown shown) {
    return new MatchMessage(null, shown);
  }

  /**
   * A match, told to the event that completes it.
   *
   * @param correlation id of the correlation
   * @param key the group, in hex
   * @param occurredAt when it was complete
   * @param evidence the events that it rests on; none when there is no match any more
   */
  public record Raised(String correlation, String key, Instant occurredAt, List<EventId> evidence) {
    public Raised {
      evidence = List.copyOf(evidence);
    }
  }
}
