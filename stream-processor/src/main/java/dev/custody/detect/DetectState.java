package dev.custody.detect;

import dev.custody.attribution.TraceEdge;
import java.util.List;

/**
 * What the newest attribution of an event led to.
 *
 * @param revision of that attribution
 * @param edges edges of the trace
 * @param sightings of rules
 */
public record DetectState(long revision, List<TraceEdge> edges, List<Sighting> sightings) {
  public DetectState {
    edges = List.copyOf(edges);
    sightings = List.copyOf(sightings);
  }
}
