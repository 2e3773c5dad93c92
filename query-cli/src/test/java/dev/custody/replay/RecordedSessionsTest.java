package dev.custody.replay;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.custody.attribution.Attribution;
import dev.custody.cli.CommandRun;
import dev.custody.event.Body;
import dev.custody.event.Event;
import dev.custody.index.EventIndex;
import dev.custody.wire.Formats;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is said to be missing of sessions that were heard by hooks and by telemetry. */
final class RecordedSessionsTest {
  private static final String ONE_WITNESS = "A tool call was told of by one channel only";

  @TempDir Path directory;

  private Replay replay(String hooks, String telemetry, Instant first) throws Exception {
    Replay replay = new Replay(directory);
    replay.hooks(hooks, first);
    replay.telemetry(telemetry);
    return replay;
  }

  @ParameterizedTest
  @CsvSource({
    "claude-code/incident, claude-code-incident, 2026-11-22T06:59:02Z",
    "claude-code/full, claude-code-full, 2026-11-22T05:45:50Z",
    "codex/0.169.0-full, codex, 2026-11-22T05:46:37Z",
    "gemini-cli/0.61.0-full, gemini-cli, 2026-11-22T05:46:44Z",
    "opencode/1.18.33-full, opencode, 2026-11-22T05:46:57Z"
  })
  void nothingIsMissingOfWhatBothToldOf(String hooks, String telemetry, Instant first)
      throws Exception {
    Replay replay = replay(hooks, telemetry, first);
    assertThat(replay.events())
        .extracting(e -> e.source().kind())
        .contains(hooks.substring(0, hooks.indexOf('/')))
        .anyMatch(kind -> kind.endsWith("-otlp"));
    Replay.Said said = replay.said();
    assertThat(said.gaps()).isEmpty();
    for (JsonNode session : coverage(said.attributed())) {
      assertThat(session.path("hooksOnly")).as("%s", session).isEmpty();
      assertThat(session.path("telemetryOnly")).as("%s", session).isEmpty();
      assertThat(session.path("missingNumbers")).as("%s", session).isEmpty();
    }
  }

  private List<JsonNode> coverage(List<Attribution> attributed) throws Exception {
    try (EventIndex index = EventIndex.open(directory.resolve("index"))) {
      attributed.forEach(a -> index.add(a, Formats.ATTRIBUTION.encode(a)));
      index.commit(Map.of());
    }
    CommandRun.Result result = CommandRun.run("--data", directory.toString(), "coverage", "--json");
    ObjectMapper json = new ObjectMapper();
    List<JsonNode> sessions = new java.util.ArrayList<>();
    for (String line : result.out().lines().toList()) {
      sessions.add(json.readTree(line));
    }
    assertThat(sessions).isNotEmpty();
    return sessions;
  }

  private static Set<String> completed(Replay replay, boolean telemetry) {
    return replay.events().stream()
        .filter(e -> e.source().kind().endsWith("-otlp") == telemetry)
        .filter(e -> e.toolCall() != null && e.body() instanceof Body.ToolCallCompleted)
        .map(e -> String.valueOf(e.toolCall()))
        .collect(Collectors.toSet());
  }

  private static boolean isBy(Event event, boolean telemetry, String call) {
    return call.equals(event.toolCall()) && event.source().kind().endsWith("-otlp") == telemetry;
  }

  @ParameterizedTest
  @CsvSource({
    "claude-code/full, claude-code-full, 2026-11-22T05:45:50Z, true",
    "claude-code/full, claude-code-full, 2026-11-22T05:45:50Z, false",
    "codex/0.169.0-full, codex, 2026-11-22T05:46:37Z, true",
    "codex/0.169.0-full, codex, 2026-11-22T05:46:37Z, false",
    "opencode/1.18.33-full, opencode, 2026-11-22T05:46:57Z, true",
    "opencode/1.18.33-full, opencode, 2026-11-22T05:46:57Z, false"
  })
  void aCallThatOneOfTheTwoDidNotTellOfIsFound(
      String hooks, String telemetry, Instant first, boolean losesTelemetry) throws Exception {
    Replay replay = replay(hooks, telemetry, first);
    Set<String> both = completed(replay, true);
    both.retainAll(completed(replay, false));
    String call =
        replay.events().stream()
            .map(Event::toolCall)
            .filter(id -> id != null && both.contains(id))
            .skip(3)
            .findFirst()
            .orElseThrow();
    replay.lose(e -> isBy(e, losesTelemetry, call));
    Map<String, List<String>> gaps = replay.said().gaps();
    assertThat(gaps).containsKey(ONE_WITNESS);
    assertThat(gaps.get(ONE_WITNESS))
        .singleElement()
        .asString()
        .contains(call)
        .contains((losesTelemetry ? "HOOKS" : "TELEMETRY") + " alone");
  }
}
