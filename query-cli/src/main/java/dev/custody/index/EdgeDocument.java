package dev.custody.index;

import dev.custody.attribution.TraceEdge;
import dev.custody.event.EventId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.apache.lucene.document.Document;

/**
 * What of an edge can be asked: its prompt and its two nodes. Each event that shows an edge has a
 * document of its own, so that taking back what one showed leaves what another shows; {@link
 * #joined} makes them one edge again.
 */
final class EdgeDocument {
  private EdgeDocument() {}

  static String key(TraceEdge edge) {
    List<String> parts = new ArrayList<>(ends(edge));
    edge.evidence().forEach(event -> parts.add(event.toString()));
    return DocumentBuilder.key(Fields.EDGE, String.join("|", parts));
  }

  /** The same two nodes may be joined in several ways, and in several prompts. */
  private static List<String> ends(TraceEdge edge) {
    return List.of(edge.prompt(), edge.from(), edge.relation(), edge.to());
  }

  /** One edge for all that join the same ends, where the first of them is; the order is kept. */
  static List<TraceEdge> joined(List<TraceEdge> edges) {
    Map<List<String>, List<TraceEdge>> same = new LinkedHashMap<>();
    for (TraceEdge edge : edges) {
      same.computeIfAbsent(ends(edge), ends -> new ArrayList<>()).add(edge);
    }
    return same.values().stream().map(EdgeDocument::one).toList();
  }

  /** The strongest and, of equals, the oldest gives grade and reasons; all are the evidence. */
  private static TraceEdge one(List<TraceEdge> same) {
    TraceEdge best =
        same.stream()
            .min(
                Comparator.comparing(TraceEdge::grade)
                    .thenComparing(TraceEdge::occurredAt)
                    .thenComparing(edge -> edge.evidence().toString()))
            .orElseThrow();
    Instant first = best.occurredAt();
    long revision = best.revision();
    TreeSet<EventId> evidence = new TreeSet<>(Comparator.comparing(EventId::toString));
    for (TraceEdge edge : same) {
      first = edge.occurredAt().isBefore(first) ? edge.occurredAt() : first;
      revision = Math.max(revision, edge.revision());
      evidence.addAll(edge.evidence());
    }
    return new TraceEdge(
        best.prompt(),
        best.from(),
        best.to(),
        best.relation(),
        best.grade(),
        first,
        best.reasons(),
        List.copyOf(evidence),
        revision,
        false);
  }

  static Document of(TraceEdge edge, byte[] record) {
    if (edge.withdrawn()) {
      // It stays as a mark: an older revision that comes late must not bring the edge back.
      return new DocumentBuilder(Fields.WITHDRAWN, key(edge), edge.occurredAt(), record)
          .revision(edge.revision())
          .build();
    }
    return new DocumentBuilder(Fields.EDGE, key(edge), edge.occurredAt(), record)
        .revision(edge.revision())
        .exact(Fields.PROMPT, edge.prompt())
        .exact(Fields.NODE, edge.from())
        .exact(Fields.NODE, edge.to())
        .build();
  }
}
