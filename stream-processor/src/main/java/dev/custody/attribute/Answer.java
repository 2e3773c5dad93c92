package dev.custody.attribute;

import dev.custody.event.EventId;
import java.util.List;

/**
 * What one token's claims say of an event.
 *
 * @param event the event that asked
 * @param token the token
 * @param tokens how many tokens the event asks in all
 * @param candidates best first, at most 17
 * @param more how many more
 */
public record Answer(EventId event, String token, int tokens, List<Scored> candidates, int more) {
  /** Copies. */
  public Answer {
    candidates = List.copyOf(candidates);
  }
}
