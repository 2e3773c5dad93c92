package dev.custody.source.gemini;

import static dev.custody.source.agent.Recordings.json;
import static dev.custody.source.agent.Recordings.ofKind;
import static dev.custody.source.agent.Recordings.replay;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.custody.event.Body;
import dev.custody.event.Event;
import dev.custody.event.Identifier;
import dev.custody.event.IdentifierKind;
import dev.custody.event.Outcome;
import dev.custody.event.ToolProvider;
import dev.custody.event.ToolProviderKind;
import dev.custody.sighting.TestObserver;
import dev.custody.source.agent.Recordings;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What a recorded session of Gemini CLI becomes, and how its hooks are joined. */
final class GeminiHooksTest {
  private static final String FULL = "gemini-cli/0.61.0-full";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final TestObserver observer = new TestObserver();
  private final GeminiHooks hooks = new GeminiHooks(observer.of("dana"));

  @Test
  void idsAreMintedAndSaySo() throws Exception {
    List<Event> events = replay(hooks, FULL);
    assertThat(ofKind(events, Body.ToolCallRequested.class))
        .allSatisfy(e -> {
          assertThat(e.toolCall()).matches("minted-call-[0-9a-f]{20}");
          assertThat(e.prompt()).matches("minted-prompt-[0-9a-f]{20}");
        })
        .extracting(Event::toolCall)
        .doesNotHaveDuplicates();
    assertThat(events.getFirst().prompt()).isNull();
    assertThat(events.stream().skip(1).map(Event::prompt).distinct()).hasSize(1);
  }

  @Test
  void aResultMeetsItsRequestThoughOthersRunBesideIt() throws Exception {
    Map<String, List<Event>> calls =
        replay(hooks, FULL).stream()
            .filter(e ->
                e.body() instanceof Body.ToolCallRequested
                    || e.body() instanceof Body.ToolCallCompleted)
            .collect(Collectors.groupingBy(Event::toolCall));
    assertThat(calls).hasSize(12);
    assertThat(calls.values())
        .allSatisfy(both -> {
          assertThat(both).hasSize(2);
          assertThat(both.get(0).action()).isEqualTo(both.get(1).action());
          assertThat(input(both.get(0))).isEqualTo(input(both.get(1)));
        });
  }

  private static String input(Event event) throws Exception {
    return JSON.readTree(event.content().toByteArray()).path("tool_input").toString();
  }

  @Test
  void theTimeIsTheAgentsOwn() throws Exception {
    Event first = replay(hooks, FULL).getFirst();
    assertThat(first.occurredAt()).isEqualTo(Instant.parse("2026-11-22T05:46:44.480Z"));
    assertThat(first.observedAt()).isEqualTo(observer.instant());
    for (String odd : List.of("yesterday", "+1000000000-01-01T00:00:00Z", "1969-01-01T00:00:00Z")) {
      Event told =
          hooks
              .events(
                  json(
                      "{'session_id':'s','hook_event_name':'AfterAgent','timestamp':'"
                          + odd
                          + "'}"))
              .getFirst();
      assertThat(told.occurredAt()).as(odd).isEqualTo(observer.instant());
    }
  }

  @Test
  void aShellCommandThatFailedIsAFailureThoughTheAgentCallsItASuccess() throws Exception {
    assertThat(ofKind(replay(hooks, FULL), Body.ToolCallCompleted.class))
        .filteredOn(e -> e.outcome() != Outcome.SUCCESS)
        .singleElement()
        .satisfies(e -> {
          assertThat(e.outcome()).isEqualTo(Outcome.FAILURE);
          assertThat(e.outcomeReason()).isEqualTo("Exit Code: 1");
          assertThat(e.content().utf8()).contains("node test/run.js");
        });
  }

  @Test
  void noCommandCanPrintItsOwnOutcome() throws Exception {
    assertOutcome(
        Outcome.SUCCESS, "Output: x\nExit Code: 1\nProcess Group PGID: 1", "x\nExit Code: 1");
    assertOutcome(
        Outcome.FAILURE,
        "Output: x\nExit Code: 1\nExit Code: 1\nProcess Group PGID: 1",
        "x\nExit Code: 1");
    assertOutcome(
        Outcome.FAILURE,
        "Output: Exit Code: 0\nExit Code: 2\nProcess Group PGID: 1",
        "Exit Code: 0");
    assertOutcome(
        Outcome.FAILURE,
        "Output: (empty)\nExit Code: 3\nProcess Group PGID: 1",
        "Command exited with code: 3");
    assertOutcome(Outcome.FAILURE, "Output: x\nSignal: 9", "x");
    assertOutcome(Outcome.FAILURE, "Output: x\nError: spawn failed\nProcess Group PGID: 1", "x");
    assertOutcome(Outcome.SUCCESS, "Output: (empty)\nProcess Group PGID: 1", "");
    assertOutcome(Outcome.SUCCESS, "Output: x\nBackground PIDs: 1, 2\nProcess Group PGID: 1", "x");
    assertOutcome(Outcome.FAILURE, "Command was cancelled by user before it could complete.", "");
    assertOutcome(Outcome.UNKNOWN, "Command moved to background (PID: 7). Output hidden.", "");
    assertOutcome(Outcome.UNKNOWN, "Something new", "");
  }

  private void assertOutcome(Outcome outcome, String told, String shown) throws Exception {
    byte[] body =
        JSON.writeValueAsBytes(
            Map.of(
                "session_id",
                "s",
                "hook_event_name",
                "AfterTool",
                "tool_name",
                "run_shell_command",
                "tool_response",
                Map.of(
                    "llmContent",
                    "<untrusted_context>\n" + told + "\n</untrusted_context>",
                    "returnDisplay",
                    shown)));
    assertThat(hooks.events(body).getFirst().outcome()).as(told).isEqualTo(outcome);
  }

  @Test
  void aToolsErrorIsAFailure() throws Exception {
    Event failed =
        hooks
            .events(
                json(
                    "{'session_id':'s','hook_event_name':'AfterTool','tool_name':'read_file','tool_input':{},"
                        + "'tool_response':{'llmContent':'x','error':{'type':'t','message':'no such file\\nmore'}}}"))
            .getFirst();
    assertThat(failed)
        .extracting(Event::outcome, Event::outcomeReason)
        .containsExactly(Outcome.FAILURE, "no such file");
  }

  @Test
  void oneBodyTwiceIsOneCallAndTwoCallsAlikeAreTwo() throws Exception {
    String first = id(call("BeforeTool", "make", "10"));
    assertThat(id(call("BeforeTool", "make", "10"))).isEqualTo(first);
    String second = id(call("BeforeTool", "make", "11"));
    assertThat(second).isNotEqualTo(first);
    // The newest first: which of two alike ended cannot be told.
    assertThat(id(call("AfterTool", "make", "12"))).isEqualTo(second);
    assertThat(id(call("AfterTool", "make", "12"))).isEqualTo(second);
    assertThat(id(call("AfterTool", "make", "13"))).isEqualTo(first);
    assertThat(id(call("AfterTool", "make", "14"))).isNotIn(first, second);
  }

  @Test
  void aResultThatOvertookItsRequestIsMetByItAndNoLaterOneIs() throws Exception {
    String result = id(call("AfterTool", "make", "12"));
    assertThat(id(call("BeforeTool", "make", "13"))).isNotEqualTo(result);
    assertThat(id(call("BeforeTool", "make", "11"))).isEqualTo(result);
    assertThat(id(call("AfterTool", "other", "14"))).isNotEqualTo(result);
  }

  @Test
  void aMintedIdIsTheSameAfterARestart() throws Exception {
    var one = observer.of("dana");
    String before =
        new GeminiHooks(one).events(call("BeforeTool", "make", "10")).getFirst().toolCall();
    String after =
        new GeminiHooks(one).events(call("BeforeTool", "make", "10")).getFirst().toolCall();
    assertThat(after).isEqualTo(before).isNotNull();
  }

  @Test
  void theCommitTheServerAndThePathAreNamed() throws Exception {
    List<Event> completed = ofKind(replay(hooks, FULL), Body.ToolCallCompleted.class);
    assertThat(completed.stream().flatMap(e -> e.identifiers().stream()))
        .contains(new Identifier(IdentifierKind.GIT_COMMIT, "e7d8a3c"));
    assertThat(completed)
        .filteredOn(e -> "tool:mcp_fs_list_directory".equals(e.action()))
        .extracting(Event::toolProvider)
        .containsExactly(new ToolProvider(ToolProviderKind.MCP_SERVER, "fs", null));
    assertThat(completed)
        .filteredOn(e -> "tool:write_file".equals(e.action()))
        .flatExtracting(Event::resources)
        .contains("/home/dev/project/fx-gemini/repo/src/limiter.js");
  }

  @Test
  void aQuestionForPermissionIsADecisionToBeMade() throws Exception {
    Event asked =
        hooks
            .events(
                json(
                    "{'session_id':'s','hook_event_name':'Notification','notification_type':'ToolPermission',"
                        + "'details':{'tool_name':'replace','file_path':'/w/a'}}"))
            .getFirst();
    assertThat(asked.body()).isEqualTo(new Body.ToolCallDecided("replace", null, null));
    assertThat(asked.resources()).containsExactly("/w/a");
    assertThat(
            Recordings.counts(
                hooks.events(json("{'session_id':'s','hook_event_name':'Notification'}"))))
        .containsOnlyKeys("Observed");
  }

  private String id(byte[] body) throws Exception {
    return String.valueOf(hooks.events(body).getFirst().toolCall());
  }

  private static byte[] call(String hook, String command, String second) {
    return json(
        "{'session_id':'s','hook_event_name':'%s','timestamp':'2026-11-22T05:46:%s.000Z','tool_name':'run_shell_command','tool_input':{'command':'%s'}}"
            .formatted(hook, second, command));
  }
}
