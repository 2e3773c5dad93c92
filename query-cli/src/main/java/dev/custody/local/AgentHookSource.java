package dev.custody.local;

import dev.custody.capture.BadInputException;
import dev.custody.capture.HookReply;
import dev.custody.capture.Observer;
import dev.custody.http.HookSource;
import dev.custody.http.Routes;
import dev.custody.sighting.SessionRedactors;
import dev.custody.source.agent.AgentHooks;
import dev.custody.source.agent.Oversight;
import dev.custody.source.claudecode.ClaudeCodeHooks;
import dev.custody.source.codex.CodexHooks;
import dev.custody.source.gemini.GeminiHooks;
import dev.custody.source.opencode.OpencodeHooks;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An agent's hooks, as the collector listens for them. */
record AgentHookSource(AgentHooks<?> hooks, Duration deadline) implements HookSource {
  /** Those of every agent that there is, by path. */
  static Map<String, HookSource> all(
      Observer observer,
      SessionRedactors redactors,
      @Nullable Oversight oversight,
      Duration deadline) {
    return Map.of(
        Routes.CLAUDE_CODE,
        new AgentHookSource(new ClaudeCodeHooks(observer, redactors, oversight), deadline),
        Routes.CODEX,
        new AgentHookSource(new CodexHooks(observer, redactors, oversight), deadline),
        Routes.GEMINI_CLI,
        new AgentHookSource(new GeminiHooks(observer, redactors, oversight), deadline),
        Routes.OPENCODE,
        new AgentHookSource(new OpencodeHooks(observer, redactors, oversight), deadline));
  }

  @Override
  public HookReply receive(byte[] body, @Nullable String delegation) throws BadInputException {
    return hooks.receive(body, delegation);
  }

  @Override
  public @Nullable HookReply late(byte[] body, String why) throws BadInputException {
    return hooks.late(body, why);
  }
}
