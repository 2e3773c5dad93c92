package dev.custody.source.claudecode;

import com.fasterxml.jackson.databind.JsonNode;
import dev.custody.signing.FingerprintKey;
import dev.custody.source.agent.AgentSession;
import dev.custody.source.agent.Bounded;
import dev.custody.source.agent.Calls;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What must be remembered of a session of Claude Code: how far its latest calls got. */
final class Session extends AgentSession {
  private static final int MOST_QUESTIONS = 256;

  private final Calls calls = new Calls();
  private final Map<String, String> inputs = Bounded.latest(MOST_QUESTIONS);
  private final Map<String, Boolean> questions = Bounded.latest(MOST_QUESTIONS);

  Session(FingerprintKey organisation) {
    super(organisation);
  }

  Calls calls() {
    return calls;
  }

  /** Call {@code id} is about to run. */
  synchronized void requested(String id, String tool, JsonNode input) {
    calls.requested(id);
    inputs.put(id, inputName(tool, input));
  }

  /** Somebody was asked to permit a call; the question does not name the call. */
  synchronized void asked(String tool, JsonNode input) {
    questions.put(inputName(tool, input), true);
  }

  synchronized boolean wasAsked(String tool, JsonNode input) {
    return questions.containsKey(inputName(tool, input));
  }

  /** The one call that has this input and got no further than its request; null if not just one. */
  synchronized @Nullable String open(String tool, JsonNode input) {
    String question = inputName(tool, input);
    List<String> open =
        inputs.entrySet().stream()
            .filter(e -> e.getValue().equals(question) && calls.isOpen(e.getKey()))
            .map(Map.Entry::getKey)
            .limit(2)
            .toList();
    return open.size() == 1 ? open.getFirst() : null;
  }
}
