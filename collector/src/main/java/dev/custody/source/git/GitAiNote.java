package dev.custody.source.git;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.custody.capture.BadInputException;
import dev.custody.event.GitAiSession;
import dev.custody.event.Identifier;
import dev.custody.sighting.StrictJson;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A note in git-ai's format (Git AI Standard v3.0.0): lines that say which session wrote what, a
 * line {@code ---}, and a JSON object that names the sessions.
 */
final class GitAiNote {
  static final int MOST_SESSIONS = 64;

  private static final String ENTRY = "  ";
  private static final String DIVIDER = "---";

  private GitAiNote() {}

  /** The sessions that a note names, each once; none if it isn't in this format. */
  static List<Identifier> sessions(String note) {
    Set<Identifier> found = new LinkedHashSet<>();
    int from = 0;
    while (from < note.length()) {
      int end = note.indexOf('\n', from);
      String line = note.substring(from, end < 0 ? note.length() : end);
      from = end < 0 ? note.length() : end + 1;
      if (line.equals(DIVIDER)) {
        add(found, keys(note.substring(from)));
        return found.stream().limit(MOST_SESSIONS).toList();
      }
      if (line.startsWith(ENTRY)) {
        // Two blanks, the key, a blank, line numbers; the key of a session also names a trace.
        add(found, List.of(line.substring(ENTRY.length()).split(" ", 2)[0].split("::", 2)[0]));
      }
    }
    return List.of(); // Without the divider it is something else.
  }

  private static void add(Set<Identifier> found, List<String> keys) {
    for (String key : keys) {
      Identifier session = GitAiSession.inNote(key);
      if (session != null && found.size() < MOST_SESSIONS) {
        found.add(session);
      }
    }
  }

  private static List<String> keys(String json) {
    List<String> keys = new ArrayList<>();
    try {
      ObjectNode metadata = StrictJson.object(json.getBytes(StandardCharsets.UTF_8));
      metadata.path("sessions").fieldNames().forEachRemaining(keys::add);
      metadata.path("prompts").fieldNames().forEachRemaining(keys::add);
    } catch (BadInputException e) {
      return List.of();
    }
    return keys;
  }
}
