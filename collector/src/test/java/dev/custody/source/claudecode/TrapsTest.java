package dev.custody.source.claudecode;

import static dev.custody.source.claudecode.HookBodies.hook;
import static dev.custody.source.claudecode.HookBodies.kinds;
import static dev.custody.source.claudecode.HookBodies.ofKind;
import static dev.custody.source.claudecode.HookBodies.replay;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.custody.event.Body;
import dev.custody.event.Event;
import dev.custody.event.Outcome;
import dev.custody.sighting.TestObserver;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a session's hooks are easily misread. */
final class TrapsTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final TestObserver observer = new TestObserver();
  private final ClaudeCodeHooks hooks = new ClaudeCodeHooks(observer.of("dana"));

  @Test
  void theEndOfALaunchIsNotTheEndOfWhatWasLaunched() throws Exception {
    List<Event> events = replay(hooks, "full");
    Event launched =
        ofKind(events, Body.ToolCallCompleted.class).stream()
            .filter(e -> "tool:Agent".equals(e.action()))
            .findFirst()
            .orElseThrow();
    JsonNode response = JSON.readTree(launched.content().toByteArray()).path("tool_response");
    assertThat(response.path("status").textValue()).isEqualTo("async_launched");
    String subAgent = response.path("agentId").textValue();
    List<Event> later = events.subList(events.indexOf(launched) + 1, events.size());
    assertThat(later)
        .filteredOn(e -> subAgent.equals(Objects.requireNonNull(e.actor().agent()).subAgent()))
        .filteredOn(e -> !(e.body() instanceof Body.Observed))
        .allSatisfy(e -> {
          assertThat(e.session()).isEqualTo(launched.session());
          assertThat(e.prompt()).isEqualTo(launched.prompt());
        })
        .extracting(Event::type)
        .containsExactly("ToolCallRequested", "ToolCallCompleted", "SubagentEnded");
    assertThat(ofKind(events, Body.SubagentEnded.class)).hasSize(1);
  }

  @Test
  void anAgentThatIsWaitedForEndsBeforeItsCall() throws Exception {
    assertThat(
            replay(hooks, "2.1.197-full").stream()
                .filter(e -> e.content().utf8().contains("a53a8bf4913fe6594"))
                .filter(e -> !(e.body() instanceof Body.Observed))
                .map(HookBodies::kind))
        .containsExactly(
            "SubagentStarted",
            "ToolCallRequested",
            "ToolCallCompleted",
            "SubagentEnded",
            "ToolCallCompleted");
  }

  @Test
  void aNotificationIsNoHumansPromptInWhateverRun() throws Exception {
    for (String run : List.of("full", "rare-events")) {
      assertThat(
              ofKind(
                  replay(new ClaudeCodeHooks(observer.of("dana")), run),
                  Body.PromptSubmitted.class))
          .filteredOn(e -> e.content().utf8().contains("<task-notification>"))
          .isNotEmpty()
          .extracting(Event::body)
          .containsOnly(new Body.PromptSubmitted(Body.PromptOrigin.NOTIFICATION));
    }
  }

  @Test
  void aQuestionIsJoinedToACallOnlyWhereThereIsNoOther() throws Exception {
    assertThat(asked("make").toolCall()).isNull();
    hooks.events(call("PreToolUse", "t1", "make"));
    hooks.events(call("PreToolUse", "t2", "make"));
    hooks.events(call("PreToolUse", "t3", "test"));
    assertThat(asked("make").toolCall()).isNull();
    assertThat(asked("test").toolCall()).isEqualTo("t3");
    hooks.events(call("PostToolUse", "t1", "make"));
    assertThat(asked("make").toolCall()).isEqualTo("t2");
  }

  private Event asked(String command) throws Exception {
    return hooks.events(call("PermissionRequest", null, command)).getFirst();
  }

  @Test
  void aKilledSessionHasNoEndAndWhenItIsResumedItIsTheSame() throws Exception {
    List<Event> events = new ArrayList<>(hooks.events(hook("SessionStart", "'source':'startup'")));
    String password = "'prompt':'postgres://u:harness-fake-password@h/d'";
    Event before = hooks.events(hook("UserPromptSubmit", password)).getFirst();
    events.addAll(hooks.events(call("PreToolUse", "t1", "make")));
    observer.pass(86_400);
    events.addAll(hooks.events(hook("SessionStart", "'source':'resume'")));
    Event after = hooks.events(hook("UserPromptSubmit", password)).getFirst();
    assertThat(events)
        .extracting(Event::body)
        .containsExactly(
            new Body.SessionStarted("startup", null),
            new Body.ToolCallRequested("Bash"),
            new Body.SessionStarted("resume", null));
    assertThat(events).extracting(Event::session).containsOnly("s");
    assertThat(after.redactions()).isEqualTo(before.redactions()).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {600_000, 890_000})
  void aLargeResultThatFitsIsKeptWhole(int length) throws Exception {
    byte[] body = result("x".repeat(length));
    Event event = hooks.events(body).getFirst();
    assertThat(event.contentOmitted()).isZero();
    assertThat(JSON.readTree(event.content().toByteArray())).isEqualTo(JSON.readTree(body));
  }

  @Test
  void ofFiveMegabytesHeadAndTailAreKeptAndAKeyIdInTheMiddleIsStillNamed() throws Exception {
    String filler = "0123456789\n".repeat(240_000);
    Event event =
        hooks
            .events(result("HEAD" + filler + "AKIAHARNESSFAKE00001 " + filler + "TAIL"))
            .getFirst();
    String kept = JSON.readTree(event.content().toByteArray()).path("tool_response").asText();
    assertThat(kept).startsWith("HEAD").endsWith("TAIL").contains(" bytes omitted]…");
    assertThat(event.contentOmitted()).isGreaterThan(4_000_000);
    assertThat(event.identifiers()).extracting(i -> i.value()).contains("AKIAHARNESSFAKE00001");
  }

  @Test
  void aPermittedCallInABatchThatCameTooEarlyIsNotRefused() throws Exception {
    hooks.events(call("PreToolUse", "t1", "make"));
    asked("make");
    assertThat(hooks.events(batch("t1", "make", "made permission denied by nobody"))).hasSize(1);
    Event completed = hooks.events(call("PostToolUse", "t1", "make")).getFirst();
    assertThat(completed.outcome()).isEqualTo(Outcome.SUCCESS);
  }

  @Test
  void aResultBeforeItsRequestAndOneBehindTheEndAreRecordedAndNotRefused() throws Exception {
    List<Event> events = new ArrayList<>(hooks.events(call("PostToolUse", "t1", "make")));
    events.addAll(hooks.events(call("PreToolUse", "t1", "make")));
    events.addAll(hooks.events(call("PreToolUse", "t2", "test")));
    events.addAll(hooks.events(hook("SessionEnd", "'reason':'exit'")));
    events.addAll(hooks.events(call("PostToolUseFailure", "t2", "test")));
    events.addAll(
        hooks.events(batch("t2", "test", "<tool_use_error>denied by your permission settings")));
    events.addAll(
        hooks.events(batch("t1", "make", "<tool_use_error>denied by your permission settings")));
    assertThat(kinds(events))
        .containsExactly(
            "ToolCallCompleted",
            "ToolCallRequested",
            "ToolCallRequested",
            "SessionEnded",
            "ToolCallCompleted",
            "Observed",
            "Observed");
  }

  @ParameterizedTest
  @ValueSource(strings = {"incident", "full", "2.1.197-full", "rare-events", "permission-request"})
  void inWhateverOrderHooksArriveNothingIsLostOrRefusedByMistake(String run) throws Exception {
    List<Event> inOrder = replay(hooks, run);
    for (long seed = 1; seed <= 25; seed++) {
      List<byte[]> bodies = new ArrayList<>(Recorded.bodies(run));
      Collections.shuffle(bodies, new Random(seed));
      ClaudeCodeHooks fresh = new ClaudeCodeHooks(observer.of("dana"));
      List<Event> shuffled = new ArrayList<>();
      for (byte[] body : bodies) {
        shuffled.addAll(fresh.events(body));
      }
      assertThat(told(shuffled))
          .as("seed %d", seed)
          .containsExactlyInAnyOrderElementsOf(told(inOrder));
      assertThat(refusals(inOrder)).as("seed %d", seed).containsAll(refusals(shuffled));
      if (run.equals("incident")) {
        assertThat(refusals(shuffled)).as("seed %d", seed).hasSize(1);
      }
    }
  }

  private static List<String> told(List<Event> events) {
    return events.stream()
        .filter(e -> !(e.body() instanceof Body.ToolCallRefused))
        .filter(e -> !(e.body() instanceof Body.SecretObserved))
        .map(e -> e.body() + " " + e.prompt())
        .toList();
  }

  private static List<String> refusals(List<Event> events) {
    return ofKind(events, Body.ToolCallRefused.class).stream()
        .map(e -> e.body() + " " + e.toolCall())
        .toList();
  }

  @Test
  void oneOccurrenceThatTwoHooksDeliverIsTwoRecordsOfOneCall() throws Exception {
    List<Event> events = new ArrayList<>();
    for (byte[] body : Recorded.bodies("http-deny")) {
      events.addAll(hooks.events(body));
      events.addAll(hooks.events(body));
    }
    List<Event> requested = ofKind(events, Body.ToolCallRequested.class);
    assertThat(requested).hasSize(2);
    assertThat(requested)
        .extracting(e -> e.session() + " " + e.prompt() + " " + e.toolCall())
        .containsOnly(place(requested.getFirst()));
    assertThat(ofKind(events, Body.SessionEnded.class)).hasSize(2);
    assertThat(ofKind(events, Body.ToolCallRefused.class)).hasSize(1);
  }

  private static String place(Event event) {
    return event.session() + " " + event.prompt() + " " + event.toolCall();
  }

  private static byte[] result(String output) throws Exception {
    return JSON.writeValueAsBytes(
        JSON.createObjectNode()
            .put("hook_event_name", "PostToolUse")
            .put("session_id", "s")
            .put("tool_name", "Bash")
            .put("tool_use_id", "t")
            .put("tool_response", output));
  }

  private static byte[] call(String name, @Nullable String id, String command) {
    String use = id == null ? "" : "'tool_use_id':'" + id + "',";
    return hook(name, use + "'tool_name':'Bash','tool_input':{'command':'" + command + "'}");
  }

  private static byte[] batch(String id, String command, String response) {
    return hook(
        "PostToolBatch",
        "'tool_calls':[{'tool_name':'Bash','tool_use_id':'%s','tool_input':{'command':'%s'},'tool_response':'%s'}]"
            .formatted(id, command, response));
  }
}
