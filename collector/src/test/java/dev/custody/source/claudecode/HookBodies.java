package dev.custody.source.claudecode;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.custody.capture.BadInputException;
import dev.custody.event.Body;
import dev.custody.event.Event;
import java.util.ArrayList;
import java.util.List;

/** What hooks post, and what is recorded of it. */
final class HookBodies {
  private HookBodies() {}

  /** A hook of the session {@code s}; {@code fields} are JSON with single quotes. */
  static byte[] hook(String name, String fields) {
    return inSession("s", name, fields);
  }

  static byte[] inSession(String session, String name, String fields) {
    return json("{'session_id':'%s','hook_event_name':'%s',%s}".formatted(session, name, fields));
  }

  static byte[] json(String text) {
    return text.replace('\'', '"').getBytes(UTF_8);
  }

  /** The events of a recorded session. */
  static List<Event> replay(ClaudeCodeHooks hooks, String run) throws BadInputException {
    List<Event> events = new ArrayList<>();
    for (byte[] body : Recorded.bodies(run)) {
      events.addAll(hooks.events(body));
    }
    return events;
  }

  static List<Event> ofKind(List<Event> events, Class<? extends Body> kind) {
    return events.stream().filter(event -> kind.isInstance(event.body())).toList();
  }

  static List<String> kinds(List<Event> events) {
    return events.stream().map(event -> kind(event)).toList();
  }

  static String kind(Event event) {
    return event.body().getClass().getSimpleName();
  }
}
