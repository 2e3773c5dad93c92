package dev.custody.source.agent;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.custody.capture.BadInputException;
import dev.custody.event.Event;
import dev.custody.fuzz.Written;
import dev.custody.sighting.TestObserver;
import dev.custody.source.claudecode.ClaudeCodeHooks;
import dev.custody.source.codex.CodexHooks;
import dev.custody.source.gemini.GeminiHooks;
import dev.custody.source.opencode.OpencodeHooks;
import java.util.List;

class HookBodiesFuzzTest {
  @FuzzTest
  void aHookOfClaudeCodeIsTakenOrRefused(byte[] bytes) {
    take(new ClaudeCodeHooks(new TestObserver().of("dana")), bytes);
  }

  @FuzzTest
  void aHookOfCodexIsTakenOrRefused(byte[] bytes) {
    take(new CodexHooks(new TestObserver().of("dana")), bytes);
  }

  @FuzzTest
  void aHookOfGeminiIsTakenOrRefused(byte[] bytes) {
    take(new GeminiHooks(new TestObserver().of("dana")), bytes);
  }

  @FuzzTest
  void aCallbackOfOpencodeIsTakenOrRefused(byte[] bytes) {
    take(new OpencodeHooks(new TestObserver().of("dana")), bytes);
  }

  /** Twice: what it says of its session is known the second time. */
  private static void take(AgentHooks<?> hooks, byte[] bytes) {
    for (int time = 0; time < 2; time++) {
      List<Event> events;
      try {
        events = hooks.events(bytes);
      } catch (BadInputException refused) {
        return;
      }
      Written.allReadBack(events);
    }
  }
}
