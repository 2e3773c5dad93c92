package dev.custody.tag;

import com.fasterxml.jackson.databind.JsonNode;
import dev.custody.capture.BadInputException;
import dev.custody.capture.CaptureException;
import dev.custody.capture.Observer;
import dev.custody.capture.Recorder;
import dev.custody.event.Body;
import dev.custody.event.Event;
import dev.custody.event.EventBuilder;
import dev.custody.event.Source;
import dev.custody.sighting.StrictJson;
import java.util.List;

/**
 * Gives a session its environment: shell lines that make the tools it starts carry its tag. The
 * agent's own hook asks for it when a session starts.
 */
public final class SessionEnvironment {
  private static final int LONGEST_SESSION = 256;

  private final SessionTags tags;
  private final Observer observer;

  /** Gives the tags of {@code tags}. */
  public SessionEnvironment(SessionTags tags, Observer observer) {
    this.tags = tags;
    this.observer = observer;
  }

  /**
   * The lines for the session that {@code body}, a JSON object with {@code session_id}, names.
   * Before they are given it is recorded that they are: a tag that comes out in another's log finds
   * its session.
   *
   * @throws BadInputException when the body names no session; the message repeats nothing of it
   */
  public String give(byte[] body, Recorder recorder) throws BadInputException, CaptureException {
    String session = session(StrictJson.object(body).path("session_id"));
    if (!tags.isGiven(session)) {
      Recorder.Receipt _ = recorder.record(List.of(given(session)));
      tags.give(session);
    }
    String tag = tags.of(session).value();
    return """
    export AWS_SDK_UA_APP_ID=%s
    export TF_APPEND_USER_AGENT=app/%s
    export CUSTODY_SESSION=%s
    export CUSTODY_SESSION_TAG=%s
    """
        .formatted(tag, tag, quoted(session), tag);
  }

  private static String session(JsonNode value) throws BadInputException {
    String session = value.textValue();
    boolean valid =
        session != null
            && !session.isEmpty()
            && session.length() <= LONGEST_SESSION
            && session.chars().allMatch(c -> c > ' ' && c < 127);
    if (session == null || !valid) {
      throw new BadInputException(
          "session_id: expected an identifier of 1 to %d printable ASCII characters, found %s"
              .formatted(
                  LONGEST_SESSION, session == null ? StrictJson.type(value) : "another text"));
    }
    return session;
  }

  private Event given(String session) {
    return new EventBuilder(
            new Source("custody", "SessionEnvironment", null, null),
            observer.host(),
            observer.clock().instant(),
            new Body.Observed("SessionEnvironment"))
        .within(session, null, null)
        .action("session:environment")
        .identifiers(List.of(tags.of(session).identifier()))
        .build();
  }

  private static String quoted(String session) {
    return "'" + session.replace("'", "'\\''") + "'";
  }
}
