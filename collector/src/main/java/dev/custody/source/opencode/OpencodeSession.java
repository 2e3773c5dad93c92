package dev.custody.source.opencode;

import dev.custody.signing.FingerprintKey;
import dev.custody.source.agent.AgentSession;
import dev.custody.source.agent.Bounded;
import dev.custody.source.agent.Calls;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What must be remembered of a session of opencode and of the sessions below it. */
final class OpencodeSession extends AgentSession {
  private static final int MOST = 256;

  /** A question for permission. */
  record Question(String permission, @Nullable String toolCall) {}

  private final Calls calls = new Calls();
  private final Map<String, Boolean> denied = Bounded.latest(MOST);
  private final Map<String, String> prompts = Bounded.latest(MOST);
  private final Map<String, Question> questions = Bounded.latest(MOST);
  private volatile @Nullable String directory;
  private volatile @Nullable String version;

  OpencodeSession(FingerprintKey organisation) {
    super(organisation);
  }

  Calls calls() {
    return calls;
  }

  /** {@code id}, this session or one below it, was given a prompt. */
  synchronized void prompted(String id, String prompt) {
    prompts.put(id, prompt);
  }

  synchronized @Nullable String prompt(String id) {
    return prompts.get(id);
  }

  synchronized void asked(String question, Question about) {
    questions.put(question, about);
  }

  synchronized @Nullable Question question(String id) {
    return questions.get(id);
  }

  synchronized void denied(String call) {
    denied.put(call, true);
  }

  synchronized boolean wasDenied(String call) {
    return denied.containsKey(call);
  }

  /** Where it works and which version runs it; null changes nothing. */
  void at(@Nullable String where, @Nullable String which) {
    directory = where == null ? directory : where;
    version = which == null ? version : which;
  }

  @Nullable String directory() {
    return directory;
  }

  @Nullable String version() {
    return version;
  }
}
