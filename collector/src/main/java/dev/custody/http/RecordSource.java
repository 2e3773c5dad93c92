package dev.custody.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.custody.capture.BadInputException;
import dev.custody.event.Event;
import java.util.List;

/** Reads one record of an audit log that is imported. */
@FunctionalInterface
public interface RecordSource {
  /** The events that {@code record} tells of, redacted. */
  List<Event> events(JsonNode record) throws BadInputException;
}
