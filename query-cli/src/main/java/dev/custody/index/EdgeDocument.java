package dev.custody.index;

import dev.custody.attribution.TraceEdge;
import org.apache.lucene.document.Document;

/** What of an edge can be asked: its prompt and its two nodes. */
final class EdgeDocument {
  private EdgeDocument() {}

  /** The same two nodes may be joined in several ways, and in several prompts. */
  static String key(TraceEdge edge) {
    return DocumentBuilder.key(
        Fields.EDGE, String.join("|", edge.prompt(), edge.from(), edge.relation(), edge.to()));
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
