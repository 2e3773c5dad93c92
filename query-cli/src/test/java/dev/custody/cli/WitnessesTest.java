package dev.custody.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.custody.attribution.Attribution;
import dev.custody.attribution.Grade;
import dev.custody.event.Outcome;
import dev.custody.index.Incident;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A call of a server's tool that the agent's hook, the wrapper and telemetry tell of. */
class WitnessesTest {
  private static final String CALL = "toolu_01MCP";
  private static final String ACTION = "tool:mcp__fs__list_directory";

  @TempDir private Path data;

  private static Attribution told(long number, String kind, String source, String call) {
    return Incident.event(number, kind)
        .source(source)
        .action(ACTION)
        .outcome(kind.equals("ToolCallCompleted") ? Outcome.SUCCESS : Outcome.UNKNOWN, null)
        .best(Incident.candidate(call, Grade.CORROBORATED))
        .build();
  }

  private CommandRun.Result run(String... words) {
    String[] all = new String[words.length + 2];
    all[0] = "--data";
    all[1] = data.toString();
    System.arraycopy(words, 0, all, 2, words.length);
    return CommandRun.run(all);
  }

  @Test
  void oneCallIsOneAnswerThatNamesAllWhoTellOfIt() throws Exception {
    Attribution wrapped = told(21, "ToolCallCompleted", "mcp", CALL);
    Attribution hooked = told(22, "ToolCallCompleted", "claude-code", CALL);
    Attribution telemetry = told(23, "ToolCallCompleted", "claude-code-otlp", CALL);
    Incident.index(
        data.resolve("index"),
        List.of(
            told(19, "ToolCallRequested", "mcp", CALL),
            told(20, "ToolCallRequested", "claude-code", CALL),
            wrapped,
            hooked,
            telemetry));
    CommandRun.Result people = run("who", ACTION);
    assertThat(people.code()).as("%s", people).isZero();
    assertThat(people.out())
        .containsOnlyOnce("tool call    toolu_01MCP")
        .contains("record       partition 1 offset 62")
        .contains("told by      claude-code, the record above")
        .containsPattern("mcp, partition 1 offset 61.*\n +claude-code-otlp, partition 1 offset 63");

    List<String> lines = run("who", ACTION, "--json").out().lines().toList();
    assertThat(lines).hasSize(1);
    JsonNode json = new ObjectMapper().readTree(lines.getFirst());
    assertThat(json.path("id").asText()).isEqualTo(hooked.event().toString());
    assertThat(json.path("witnesses").findValuesAsText("source"))
        .containsExactly("mcp", "claude-code-otlp");
    assertThat(json.path("witnesses").findValuesAsText("id"))
        .containsExactly(wrapped.event().toString(), telemetry.event().toString());
  }

  @Test
  void nothingThatIsAnotherCallAnotherSessionOrAnotherStepIsTakenFor() {
    Attribution hooked = told(20, "ToolCallCompleted", "claude-code", CALL);
    Attribution refused = told(21, "ToolCallRefused", "mcp", CALL);
    Attribution other = told(22, "ToolCallCompleted", "mcp", "mcp:run:1");
    Attribution unknown =
        Incident.event(23, "ToolCallCompleted").source("mcp").action(ACTION).build();
    Attribution unknownToo =
        Incident.event(24, "ToolCallCompleted").source("mcp").action(ACTION).build();
    List<Attribution> events = List.of(hooked, refused, other, unknown, unknownToo);
    Witnesses witnesses = Witnesses.of(events);
    assertThat(witnesses.speaking()).containsExactlyElementsOf(events);
    assertThat(events).allSatisfy(e -> assertThat(witnesses.beside(e)).isEmpty());
  }

  @Test
  void whatACallDidInTheWorldIsNoWitnessOfTheCall() {
    Attribution deleted = Incident.DELETED;
    Witnesses witnesses = Witnesses.of(List.of(deleted, Incident.COMPLETED));
    assertThat(witnesses.speaking()).containsExactly(deleted, Incident.COMPLETED);
  }
}
