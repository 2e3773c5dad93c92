package dev.custody.attribute;

import dev.custody.attribution.Candidate;

/**
 * A candidate and how close it is.
 *
 * @param candidate who
 * @param mention how much of the event its command names; more is better
 * @param distanceMillis between the event's time and the claim's span
 */
public record Scored(Candidate candidate, int mention, long distanceMillis) {}
