package dev.custody.attribute;

import dev.custody.attribution.Attribution;
import java.util.List;

/**
 * What one token's claims say of an event.
 *
 * @param token the token
 * @param tokens how many tokens the event asks in all
 * @param event what is known of the event so far
 * @param candidates best first, at most 17
 * @param more how many more
 */
public record Answer(
    String token, int tokens, Attribution event, List<Scored> candidates, int more) {
  public Answer {
    candidates = List.copyOf(candidates);
  }
}
