package dev.custody.source.claudecode;

import static dev.custody.source.claudecode.HookBodies.hook;
import static dev.custody.source.claudecode.HookBodies.json;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.custody.capture.BadInputException;
import dev.custody.event.Body;
import dev.custody.event.Event;
import dev.custody.sighting.TestObserver;
import dev.custody.wire.Formats;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Hooks that are unknown, broken, hostile or too large. */
final class OddHooksTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final ClaudeCodeHooks hooks = new ClaudeCodeHooks(new TestObserver().of("dana"));

  @Test
  void aHookOfTheFutureIsRecorded() throws Exception {
    assertThat(hooks.events(hook("TeleportedAway", "'where':'mars'")))
        .singleElement()
        .satisfies(e -> {
          assertThat(e.body()).isEqualTo(new Body.Observed("TeleportedAway"));
          assertThat(e.content().utf8()).contains("mars");
        });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'tool_name':7,'tool_input':'x'",
        "'tool_name':'Bash','tool_input':[1],'tool_use_id':{},'prompt_id':[]",
        "'tool_calls':{'a':1},'agent_id':7,'cwd':[]",
        "'tool_calls':[1,null,[],{'tool_name':[]}],'prompt':null,'cwd':'\\u0000'"
      })
  void aFieldOfAnotherTypeLosesNoEvent(String fields) throws Exception {
    for (String name :
        List.of(
            "PreToolUse",
            "PostToolUse",
            "PostToolUseFailure",
            "PermissionRequest",
            "PostToolBatch",
            "SubagentStart",
            "SubagentStop",
            "UserPromptSubmit",
            "ConfigChange")) {
      List<Event> events = hooks.events(hook(name, fields));
      assertThat(events).hasSize(1);
      assertThat(JSON.readTree(events.getFirst().content().toByteArray()))
          .isEqualTo(JSON.readTree(hook(name, fields)));
    }
  }

  @Test
  void whatIsNoHookIsRefusedByName() {
    assertRefused(
        "{'session_id':'s'}",
        "hook_event_name: expected a name of 1 to 256 printable ASCII characters, found nothing");
    assertRefused(
        "{'hook_event_name':'Stop','session_id':7}",
        "session_id: expected an identifier of 1 to 256 printable ASCII characters, found number");
    assertRefused(
        "{'hook_event_name':'Stop','session_id':'" + "x".repeat(257) + "'}",
        "session_id: expected an identifier of 1 to 256 printable ASCII characters, found 257 characters");
    assertRefused(
        "{'hook_event_name':'Stop','session_id':'a b'}",
        "session_id: expected an identifier of 1 to 256 printable ASCII characters, found other characters");
    assertRefused("[1]", "body: expected a JSON object, found array");
    assertRefused("", "body: expected a JSON object, found nothing");
    assertRefused(
        "{'hook_event_name':'Stop','hook_event_name':'Stop'}",
        "body: expected each name once in an object, found one twice, at line 1, column ");
    assertRefused(
        "{'hook_event_name':'Stop','session_id':'s'} x",
        "body: expected one JSON object, found what is none, at line 1, column ");
    assertRefused(
        "{'hook_event_name':'St",
        "body: expected the rest of a JSON value, found the end, at line 1, column ");
    assertRefused(
        "{'a':" + "[".repeat(64) + "]".repeat(64) + "}",
        "body: Document nesting depth (65) exceeds the maximum allowed (64)");
  }

  @Test
  void aRefusalRepeatsNothingOfTheBody() {
    for (String body :
        List.of(
            "{'a':hunter2}",
            "hunter2",
            "{'hunter2':1,'hunter2':2}",
            "{'hook_event_name':'hunter2 !','session_id':'s'}")) {
      assertThatThrownBy(() -> hooks.events(json(body)))
          .isInstanceOf(BadInputException.class)
          .message()
          .doesNotContain("hunter2");
    }
  }

  @Test
  void aLargeResultKeepsHeadAndTailAndCountsTheRest() throws Exception {
    String output = "HEAD" + "0123456789é\n".repeat(400_000) + "TAIL";
    byte[] body =
        JSON.writeValueAsBytes(
            JSON.createObjectNode()
                .put("hook_event_name", "PostToolUse")
                .put("session_id", "s")
                .put("tool_name", "Bash")
                .put("tool_response", output));
    Event event = hooks.events(body).getFirst();
    assertThat(Formats.EVENT.encode(event).length).isBetween(500 << 10, Formats.MAX_EVENT_BYTES);
    String kept = JSON.readTree(event.content().toByteArray()).path("tool_response").asText();
    assertThat(kept)
        .startsWith("HEAD")
        .endsWith("TAIL")
        .contains("…[" + event.contentOmitted() + " bytes omitted]…");
    assertThat(event.contentOmitted() + kept.getBytes(UTF_8).length)
        .isBetween((long) output.getBytes(UTF_8).length, output.getBytes(UTF_8).length + 64L);
  }

  @Test
  void aRecordOfNearlyTooManyValuesStillFits() throws Exception {
    String body =
        "{\"hook_event_name\":\"Odd\",\"session_id\":\"s\",\"n\":["
            + "123456789,".repeat(490_000)
            + "1]}";
    Event event = hooks.events(body.getBytes(UTF_8)).getFirst();
    assertThat(Formats.EVENT.encode(event).length).isLessThanOrEqualTo(Formats.MAX_EVENT_BYTES);
    assertThat(event.contentOmitted()).isPositive();
    assertThat(JSON.readTree(event.content().toByteArray()).isTextual()).isTrue();
  }

  @Test
  void aFloodOfSecretsPathsAndNamesStillFits() throws Exception {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 15_000; i++) {
      text.append(
          "DB_PASSWORD=p4ssw0rd-%05d arn:aws:s3:::bucket-%05d/%s AKIA%016d%n"
              .formatted(i, i, "é".repeat(900), i));
    }
    byte[] body =
        JSON.writeValueAsBytes(
            JSON.createObjectNode()
                .put("hook_event_name", "UserPromptSubmit")
                .put("session_id", "s")
                .put("prompt", text.toString()));
    List<Event> events = hooks.events(body);
    assertThat(events).hasSize(257);
    assertThat(Formats.EVENT.encode(events.getFirst()).length)
        .isLessThanOrEqualTo(Formats.MAX_EVENT_BYTES);
    assertThat(events.getFirst().content().utf8()).doesNotContain("p4ssw0rd-");
  }

  @Test
  void halfASurrogatePairLosesNoEvent() throws Exception {
    assertThat(hooks.events(hook("UserPromptSubmit", "'prompt':'\\ud83d'"))).hasSize(1);
  }

  private void assertRefused(String body, String message) {
    assertThatThrownBy(() -> hooks.events(json(body)))
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith(message);
  }
}
