package dev.custody.source.records;

import com.fasterxml.jackson.databind.JsonNode;
import dev.custody.capture.BadInputException;
import dev.custody.event.Event;
import java.util.List;

/**
 * One provider's audit log: what its files look like, and what its records tell of. Records come
 * from anywhere: an imported file, a followed one, one day a queue or a request; a log does not
 * know. Safe for use by several threads.
 */
public interface AuditLog {
  /** How its files look. */
  RecordShape shape();

  /**
   * The events that one record tells of, redacted: the call first, then the secrets that it showed.
   * Each carries the log's own id of the record, so that a record that is read again adds nothing.
   *
   * @throws BadInputException when it lacks what every record has; the message repeats no value
   */
  List<Event> events(JsonNode record) throws BadInputException;
}
