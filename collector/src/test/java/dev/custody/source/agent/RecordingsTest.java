package dev.custody.source.agent;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.custody.event.Body;
import dev.custody.event.Event;
import dev.custody.sighting.TestObserver;
import dev.custody.wire.Formats;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

/** What holds of every recorded session of every agent. */
final class RecordingsTest {
  static final List<String> ALL = Recordings.ALL;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final TestObserver observer = new TestObserver();

  @ParameterizedTest
  @FieldSource("ALL")
  void everyBodyIsToldAndKeptWhole(String recording) throws Exception {
    AgentHooks<?> hooks = Recordings.hooksOf(recording, observer.of("dana"));
    for (byte[] body : Recordings.bodies(recording)) {
      List<Event> events = hooks.events(body);
      assertThat(events).as(new String(body, UTF_8)).isNotEmpty();
      Event first = events.getFirst();
      if (first.redactions().isEmpty()) {
        assertThat(JSON.readTree(first.content().toByteArray())).isEqualTo(JSON.readTree(body));
      }
      assertThat(first.contentOmitted()).isZero();
    }
  }

  @ParameterizedTest
  @FieldSource("ALL")
  void noSecretIsInAnyEncodedEventAndEachDecodesToItself(String recording) throws Exception {
    AgentHooks<?> hooks = Recordings.hooksOf(recording, observer.of("dana"));
    for (Event event : Recordings.replay(hooks, recording)) {
      byte[] encoded = Formats.EVENT.encode(event);
      for (String secret : Recordings.SECRETS) {
        assertThat(new String(encoded, ISO_8859_1)).as("%s", event.body()).doesNotContain(secret);
      }
      assertThat(Formats.EVENT.decode(encoded)).isEqualTo(event);
      assertThat(event.actor().agent()).isNotNull();
      assertThat(event.source().kind()).isEqualTo(recording.substring(0, recording.indexOf('/')));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "claude-code/incident|SessionStarted=1 PromptSubmitted=1 ToolCallRequested=5"
            + " ToolCallCompleted=5 ToolCallRefused=1 SessionEnded=1",
        "claude-code/full|SessionStarted=1 PromptSubmitted=2 ToolCallRequested=11"
            + " ToolCallCompleted=11 SubagentStarted=1 SubagentEnded=1 SessionEnded=1",
        "claude-code/2.1.197-full|SessionStarted=1 PromptSubmitted=1 ToolCallRequested=11"
            + " ToolCallCompleted=11 SubagentStarted=1 SubagentEnded=1 SessionEnded=1",
        "claude-code/permission-request|SessionStarted=1 PromptSubmitted=1 ToolCallRequested=1"
            + " ToolCallDecided=1 ToolCallRefused=1 SessionEnded=1",
        "codex/0.169.0-full|SessionStarted=1 PromptSubmitted=2 ToolCallRequested=11"
            + " ToolCallCompleted=11 SubagentStarted=1 SubagentEnded=1 SessionEnded=1 Observed=3",
        "gemini-cli/0.61.0-full|SessionStarted=1 PromptSubmitted=1 ToolCallRequested=12"
            + " ToolCallCompleted=12 SessionEnded=1 Observed=48",
        "opencode/1.18.33-full|SessionStarted=1 PromptSubmitted=2 ToolCallRequested=11"
            + " ToolCallCompleted=11 SubagentStarted=1 SubagentEnded=1 Observed=36"
      })
  void theKindsOfARecordedSessionAreCounted(String recording, String expected) throws Exception {
    AgentHooks<?> hooks = Recordings.hooksOf(recording, observer.of("dana"));
    Map<String, Integer> counts = Recordings.counts(Recordings.replay(hooks, recording));
    counts.remove("SecretObserved");
    if (!expected.contains("Observed=")) {
      counts.remove("Observed");
    }
    assertThat(counts.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()))
        .containsExactlyInAnyOrder(expected.split(" "));
  }

  @ParameterizedTest
  @FieldSource("ALL")
  void everyResultMeetsItsRequestUnderOneSessionPromptAndCall(String recording) throws Exception {
    AgentHooks<?> hooks = Recordings.hooksOf(recording, observer.of("dana"));
    List<Event> events = Recordings.replay(hooks, recording);
    List<String> requested =
        Recordings.ofKind(events, Body.ToolCallRequested.class).stream()
            .map(RecordingsTest::place)
            .toList();
    List<String> completed =
        Recordings.ofKind(events, Body.ToolCallCompleted.class).stream()
            .map(RecordingsTest::place)
            .toList();
    assertThat(requested).doesNotHaveDuplicates().doesNotContain("null");
    assertThat(requested).containsAll(completed);
    assertThat(completed).doesNotHaveDuplicates();
  }

  private static String place(Event event) {
    assertThat(event.session()).isNotNull();
    assertThat(event.prompt()).isNotNull();
    assertThat(event.toolCall()).isNotNull();
    return String.join(" ", event.session(), event.prompt(), event.toolCall());
  }

  @Test
  void aCallOfAPromptLeadsBackToThePromptsOwnEvent() throws Exception {
    for (String recording :
        List.of("codex/0.169.0-full", "gemini-cli/0.61.0-full", "opencode/1.18.33-full")) {
      List<Event> events =
          Recordings.replay(Recordings.hooksOf(recording, observer.of("dana")), recording);
      List<String> prompts =
          Recordings.ofKind(events, Body.PromptSubmitted.class).stream()
              .map(Event::prompt)
              .toList();
      assertThat(Recordings.ofKind(events, Body.ToolCallRequested.class))
          .as(recording)
          .extracting(Event::prompt)
          .isSubsetOf(prompts);
    }
  }
}
