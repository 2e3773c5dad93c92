package dev.custody.index;

import dev.custody.attribution.Attribution;
import dev.custody.event.EventId;
import org.apache.lucene.document.Document;

/** The replaced answers about one event: found by its id, and by no query. */
final class HistoryDocument {
  private HistoryDocument() {}

  static String key(EventId event) {
    return DocumentBuilder.key(Fields.HISTORY, event.toString());
  }

  static Document of(Attribution event, byte[] history) {
    return new DocumentBuilder(Fields.HISTORY, key(event.event()), event.occurredAt(), history)
        .build();
  }
}
