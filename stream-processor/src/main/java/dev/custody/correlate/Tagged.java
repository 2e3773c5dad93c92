package dev.custody.correlate;

import dev.custody.attribution.Candidate;
import dev.custody.event.EventId;
import java.time.Instant;

/**
 * The tag that a session was given.
 *
 * @param tag the tag
 * @param since from when on it is known
 * @param event the event that tells it
 * @param candidate the session, as that event names it
 */
public record Tagged(String tag, Instant since, EventId event, Candidate candidate) {
  /** Of two tellings the first, however they arrive. */
  Tagged or(Tagged other) {
    int order = since.compareTo(other.since);
    if (order == 0) {
      order = event.value().compareTo(other.event.value());
    }
    return order <= 0 ? this : other;
  }
}
