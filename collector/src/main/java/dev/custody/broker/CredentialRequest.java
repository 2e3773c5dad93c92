package dev.custody.broker;

import com.fasterxml.jackson.databind.JsonNode;
import dev.custody.capture.BadInputException;
import dev.custody.redact.Redacted;
import dev.custody.redact.Redactor;
import dev.custody.sighting.StrictJson;
import java.util.Iterator;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a process asks for.
 *
 * @param session the agent session that it says to be of
 * @param cwd where it runs
 * @param delegation the delegation that it presents
 * @param role the role that it wants
 * @param record the request, redacted
 */
record CredentialRequest(
    String session,
    @Nullable String cwd,
    @Nullable String delegation,
    @Nullable String role,
    Redacted<JsonNode> record) {
  private static final Set<String> MEMBERS = Set.of("session", "cwd", "delegation", "role");
  private static final int LONGEST = 256;
  private static final int LONGEST_PATH = 4096;

  /**
   * Reads a body strictly.
   *
   * @throws BadInputException when it is something else; the message repeats nothing of it
   */
  static CredentialRequest read(byte[] body, Redactor redactor) throws BadInputException {
    JsonNode sent = StrictJson.object(body);
    for (Iterator<String> names = sent.fieldNames(); names.hasNext(); ) {
      if (!MEMBERS.contains(names.next())) {
        throw new BadInputException(
            "body: expected session, cwd, delegation and role, found another member");
      }
    }
    Redacted<JsonNode> record = redactor.json(sent);
    String session = text(record.value(), "session", LONGEST);
    if (session == null) {
      throw new BadInputException("session: expected a text, found nothing");
    }
    return new CredentialRequest(
        session,
        text(record.value(), "cwd", LONGEST_PATH),
        text(record.value(), "delegation", LONGEST),
        text(record.value(), "role", 2 * LONGEST),
        record);
  }

  private static @Nullable String text(JsonNode body, String name, int longest)
      throws BadInputException {
    JsonNode value = body.path(name);
    if (value.isMissingNode()) {
      return null;
    }
    if (!value.isTextual()) {
      throw new BadInputException(name + ": expected a text, found " + StrictJson.type(value));
    }
    String text = value.textValue();
    if (text.isBlank() || text.length() > longest) {
      throw new BadInputException(
          "%s: expected 1 to %d characters, found %s"
              .formatted(name, longest, text.isBlank() ? "none" : "more"));
    }
    return text;
  }
}
