package dev.custody.source.claudecode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.custody.capture.BadInputException;
import dev.custody.sighting.StrictJson;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** The fields of one hook. What should be a text and is none counts as absent. */
record Hook(ObjectNode fields) {
  /** Longest identifier, name or mode. */
  static final int LONGEST_NAME = 256;

  private static final int LONGEST_PATH = 4096;

  /**
   * The hook's name and session, without which a body is no hook.
   *
   * @throws BadInputException naming the field, what was expected and what was found
   */
  static void check(ObjectNode body) throws BadInputException {
    check(body, "hook_event_name", "a name", c -> isLetterOrDigit(c) || c == '_' || c == '-');
    check(body, "session_id", "an identifier", c -> c > ' ' && c < 127);
  }

  private static boolean isLetterOrDigit(int c) {
    return c < 128 && Character.isLetterOrDigit(c);
  }

  private static void check(ObjectNode body, String field, String what, IntPredicate allowed)
      throws BadInputException {
    JsonNode value = body.path(field);
    String text = value.textValue();
    String found;
    if (text == null) {
      found = StrictJson.type(value);
    } else if (text.isEmpty() || text.length() > LONGEST_NAME) {
      found = text.length() + " characters";
    } else if (!text.chars().allMatch(allowed)) {
      found = "other characters";
    } else {
      return;
    }
    throw new BadInputException(
        "%s: expected %s of 1 to %d printable ASCII characters, found %s"
            .formatted(field, what, LONGEST_NAME, found));
  }

  String name() {
    return fields.path("hook_event_name").asText();
  }

  String session() {
    return fields.path("session_id").asText();
  }

  /** Where the agent works, null where the hook does not say. */
  @Nullable String cwd() {
    return text(fields, "cwd", LONGEST_PATH);
  }

  /** A short text, null if it is absent, empty or no such thing. */
  @Nullable String text(String field) {
    return text(fields, field, LONGEST_NAME);
  }

  @Nullable String path(String field) {
    return text(fields, field, LONGEST_PATH);
  }

  @Nullable Long number(String field) {
    JsonNode value = fields.path(field);
    return value.isIntegralNumber() && value.canConvertToLong() ? value.longValue() : null;
  }

  static @Nullable String text(JsonNode fields, String field, int longest) {
    String text = fields.path(field).textValue();
    return text == null || text.isEmpty() || text.length() > longest ? null : text;
  }
}
