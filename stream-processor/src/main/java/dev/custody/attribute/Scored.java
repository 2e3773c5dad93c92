package dev.custody.attribute;

import dev.custody.attribution.Candidate;

/**
 * A candidate and how close it is.
 *
 * @param candidate who
 * @param basis what the claim rests on
 * @param mention how much of the event its command names; more is better, and below 0 is another's
 * @param inside whether the time lies within a tool call
 * @param distanceMillis between the event's time and the claim's span
 */
public record Scored(
    Candidate candidate, Basis basis, int mention, boolean inside, long distanceMillis) {
  /** The same of another candidate. */
  Scored with(Candidate other) {
    return new Scored(other, basis, mention, inside, distanceMillis);
  }
}
