package dev.custody.source.claudecode;

import static dev.custody.source.claudecode.HookBodies.hook;
import static dev.custody.source.claudecode.HookBodies.kinds;
import static dev.custody.source.claudecode.HookBodies.ofKind;
import static dev.custody.source.claudecode.HookBodies.replay;
import static org.assertj.core.api.Assertions.assertThat;

import dev.custody.event.Body;
import dev.custody.event.Event;
import dev.custody.event.Outcome;
import dev.custody.sighting.TestObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls of tools that somebody refused, and what only looks like it. */
final class RefusedCallsTest {
  private final ClaudeCodeHooks hooks = new ClaudeCodeHooks(new TestObserver().of("dana"));

  @Test
  void aCallRefusedByAPermissionRuleIsFoundInTheBatch() throws Exception {
    List<Event> refused = ofKind(replay(hooks, "incident"), Body.ToolCallRefused.class);
    assertThat(refused).hasSize(1);
    Event event = refused.getFirst();
    assertThat(event.body()).isEqualTo(new Body.ToolCallRefused("Read", "permission-rule"));
    assertThat(event.resources()).containsExactly("/home/dana/acme-api/.env");
    assertThat(event.outcome()).isEqualTo(Outcome.DENIED);
    assertThat(event.outcomeReason())
        .isEqualTo("File is in a directory that is denied by your permission settings.");
    assertThat(event.toolCall()).isEqualTo("toolu_01JuoPGB5ceDoSCj0FYSKzFR");
    assertThat(event.prompt()).isEqualTo("69689aad-5b97-4537-b976-2744f2b85ffa");
    assertThat(event.action()).isEqualTo("tool:Read");
  }

  @Test
  void aCallThatAHookDeniedIsRefusedOnce() throws Exception {
    List<Event> events = new ArrayList<>();
    List<byte[]> bodies = Recorded.bodies("http-deny");
    for (byte[] body : bodies.subList(0, bodies.size() - 1)) {
      events.addAll(hooks.events(body));
      events.addAll(hooks.events(body)); // Two hooks of one kind may be configured.
    }
    List<Event> refused = ofKind(events, Body.ToolCallRefused.class);
    assertThat(refused).hasSize(1);
    assertThat(refused.getFirst().body()).isEqualTo(new Body.ToolCallRefused("Bash", "hook"));
    assertThat(refused.getFirst().outcomeReason()).contains("collector policy: secrets file");
  }

  @Test
  void aCallThatNobodyPermittedIsRefusedByTheUser() throws Exception {
    List<Event> refused = ofKind(replay(hooks, "permission-request"), Body.ToolCallRefused.class);
    assertThat(refused)
        .singleElement()
        .extracting(Event::body)
        .isEqualTo(new Body.ToolCallRefused("Bash", "user"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"full", "rare-events", "api-error", "2.1.197-full"})
  void nothingIsRefusedWhereEverythingRan(String run) throws Exception {
    assertThat(ofKind(replay(hooks, run), Body.ToolCallRefused.class)).isEmpty();
  }

  @Test
  void aCallThatWasWrongInItselfIsNotRefused() throws Exception {
    assertThat(hooks.events(batch("<tool_use_error>File has not been read yet.</tool_use_error>")))
        .singleElement()
        .extracting(Event::body)
        .isEqualTo(new Body.Observed("PostToolBatch"));
  }

  @Test
  void aToolThatPrintsTheWordsOfARefusalIsNotRefused() throws Exception {
    hooks.events(hook("PreToolUse", "'tool_name':'Bash','tool_use_id':'t1','tool_input':{}"));
    hooks.events(hook("PostToolUse", "'tool_name':'Bash','tool_use_id':'t1','tool_input':{}"));
    assertThat(hooks.events(batch("<tool_use_error>denied by your permission settings")))
        .hasSize(1);
  }

  @Test
  void aRefusedCallShowsOnlyItselfOfItsBatch() throws Exception {
    String calls =
        "'tool_calls':[{'tool_name':'Bash','tool_use_id':'a','tool_response':'other'},"
            + "{'tool_name':'Bash','tool_use_id':'b','tool_input':{'command':'X=1 PASSWORD=hunter2-hunter2'},"
            + "'tool_response':'<tool_use_error>denied</tool_use_error>'}]";
    List<Event> events = hooks.events(hook("PostToolBatch", calls));
    Event refused = ofKind(events, Body.ToolCallRefused.class).getFirst();
    assertThat(refused.content().utf8()).contains("PASSWORD=").doesNotContain("other", "hunter2");
    assertThat(refused.redactions())
        .singleElement()
        .satisfies(r -> assertThat(r.location()).isEqualTo("/tool_calls/0/tool_input/command"));
    assertThat(kinds(events))
        .containsExactly("Observed", "SecretObserved", "ToolCallRefused", "SecretObserved");
    assertThat(events.getLast().toolCall()).isEqualTo("b");
  }

  @Test
  void sessionsMayPostAtTheSameTime() throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Future<Integer>> counts = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        counts.add(
            threads.submit(
                () -> ofKind(replay(hooks, "http-deny"), Body.ToolCallRefused.class).size()));
      }
      int refused = 0;
      for (Future<Integer> count : counts) {
        refused += count.get();
      }
      // The same session ends eight times; at least one batch met its request, none met it twice.
      assertThat(refused).isBetween(1, 8);
    }
  }

  private static byte[] batch(String response) {
    return hook(
        "PostToolBatch",
        "'tool_calls':[{'tool_name':'Bash','tool_use_id':'t1','tool_input':{},'tool_response':'"
            + response
            + "'}]");
  }
}
