package dev.custody.http;

import dev.custody.capture.BadInputException;
import dev.custody.event.Event;
import java.util.List;

/** Reads one body that an agent's hook sent. */
@FunctionalInterface
public interface HookSource {
  /** The events that {@code body} tells of, redacted. */
  List<Event> events(byte[] body) throws BadInputException;
}
