package dev.custody.source.gemini;

import dev.custody.signing.FingerprintKey;
import dev.custody.source.agent.AgentSession;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * What must be remembered of a session of Gemini CLI: the prompt at work, and calls of which only
 * one hook was seen. Reading one body twice gives the same ids and joins nothing twice.
 */
final class GeminiSession extends AgentSession {
  private static final int MOST_CALLS = 256;

  /**
   * A call of which one hook was seen, or both.
   *
   * @param input names tool and input
   * @param request the time of its BeforeTool, null before that was seen
   * @param result the time of its AfterTool, null before that was seen
   */
  private record Call(
      String id, String input, @Nullable Instant request, @Nullable Instant result) {}

  private final FingerprintKey organisation;
  private final Deque<Call> newestFirst = new ArrayDeque<>();
  private @Nullable String prompt;

  GeminiSession(FingerprintKey organisation) {
    super(organisation);
    this.organisation = organisation;
  }

  /** The prompt at work, null before any was seen. */
  synchronized @Nullable String prompt() {
    return prompt;
  }

  /** From {@code time} on a new prompt is at work. */
  synchronized String prompted(String session, Instant time) {
    prompt = "minted-prompt-" + organisation.name("gemini-prompt", session + '\0' + time);
    return prompt;
  }

  /** The id of the call that is requested at {@code time}. */
  synchronized String requested(String session, String input, Instant time) {
    for (Iterator<Call> calls = newestFirst.iterator(); calls.hasNext(); ) {
      Call call = calls.next();
      if (call.input().equals(input) && time.equals(call.request())) {
        return call.id();
      }
      Instant result = call.result();
      if (call.input().equals(input)
          && call.request() == null
          && result != null
          && !time.isAfter(result)) {
        calls.remove();
        return keep(new Call(call.id(), input, time, result));
      }
    }
    return keep(new Call(mint(session, input, time), input, time, null));
  }

  /** The id of the call that ended at {@code time}: the newest that it can be, else a new one. */
  synchronized String ended(String session, String input, Instant time) {
    for (Call call : newestFirst) {
      if (call.input().equals(input) && time.equals(call.result())) {
        return call.id();
      }
    }
    for (Iterator<Call> calls = newestFirst.iterator(); calls.hasNext(); ) {
      Call call = calls.next();
      Instant request = call.request();
      if (call.input().equals(input)
          && call.result() == null
          && request != null
          && !request.isAfter(time)) {
        calls.remove();
        return keep(new Call(call.id(), input, request, time));
      }
    }
    return keep(new Call(mint(session, input, time), input, null, time));
  }

  /** A call that will not run waits for no result. */
  synchronized void denied(String id) {
    newestFirst.removeIf(call -> call.id().equals(id) && call.result() == null);
  }

  private String keep(Call call) {
    newestFirst.addFirst(call);
    if (newestFirst.size() > MOST_CALLS) {
      newestFirst.removeLast();
    }
    return call.id();
  }

  private String mint(String session, String input, Instant time) {
    return "minted-call-" + organisation.name("gemini-call", session + '\0' + input + '\0' + time);
  }
}
