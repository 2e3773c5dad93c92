package dev.custody.detect;

import dev.custody.attribution.TraceEdge;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the newest attribution of an event led to.
 *
 * @param revision of that attribution
 * @param edges edges of the trace
 * @param sightings of rules
 * @param observedAt when the event was observed
 * @param correlated what correlations know of it; null where none looks at it
 */
public record DetectState(
    long revision,
    List<TraceEdge> edges,
    List<Sighting> sightings,
    Instant observedAt,
    @Nullable Correlated correlated) {
  public DetectState {
    edges = List.copyOf(edges);
    sightings = List.copyOf(sightings);
  }

  /** The same with what correlations know now. */
  DetectState with(@Nullable Correlated now) {
    return new DetectState(revision, edges, sightings, observedAt, now);
  }
}
