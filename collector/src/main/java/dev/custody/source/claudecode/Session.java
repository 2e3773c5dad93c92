package dev.custody.source.claudecode;

import com.fasterxml.jackson.databind.JsonNode;
import dev.custody.redact.Redactor;
import dev.custody.sighting.SecretPrints;
import dev.custody.signing.FingerprintKey;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What must be remembered of a running session: the key that names its guessable secrets, and how
 * far its latest tool calls got. Never stored; when the collector restarts it begins anew.
 */
final class Session {
  /** How far a tool call got. */
  enum Stage {
    REQUESTED,
    RAN,
    REFUSED
  }

  private static final int MOST_CALLS = 1024;
  private static final int MOST_QUESTIONS = 256;

  private final Redactor redactor;
  private final Map<String, Stage> calls = latest(MOST_CALLS);
  private final Map<String, Boolean> questions = latest(MOST_QUESTIONS);

  Session(FingerprintKey organisation) {
    this.redactor = SecretPrints.redactor(organisation, FingerprintKey.ephemeral());
  }

  Redactor redactor() {
    return redactor;
  }

  synchronized void requested(String call) {
    calls.putIfAbsent(call, Stage.REQUESTED);
  }

  synchronized void ran(String call) {
    calls.put(call, Stage.RAN);
  }

  /** Whether a call got no further than its request. */
  synchronized boolean isOpen(String call) {
    return calls.get(call) == Stage.REQUESTED;
  }

  synchronized boolean isKnown(String call) {
    return calls.containsKey(call);
  }

  /** Whether this is the first time that a call is known to be refused. */
  synchronized boolean refused(String call) {
    return calls.put(call, Stage.REFUSED) != Stage.REFUSED;
  }

  /** Somebody was asked to permit a call; the question does not name the call. */
  synchronized void asked(String tool, JsonNode input) {
    questions.put(question(tool, input), true);
  }

  synchronized boolean wasAsked(String tool, JsonNode input) {
    return questions.containsKey(question(tool, input));
  }

  private static String question(String tool, JsonNode input) {
    return tool + ':' + input.hashCode();
  }

  private static <V> Map<String, V> latest(int most) {
    return new LinkedHashMap<>(16, 0.75f, true) {
      @Override
      protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
        return size() > most;
      }
    };
  }
}
