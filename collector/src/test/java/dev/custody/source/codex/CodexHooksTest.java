package dev.custody.source.codex;

import static dev.custody.source.agent.Recordings.json;
import static dev.custody.source.agent.Recordings.ofKind;
import static dev.custody.source.agent.Recordings.replay;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.custody.event.Body;
import dev.custody.event.Event;
import dev.custody.event.Identifier;
import dev.custody.event.IdentifierKind;
import dev.custody.event.Outcome;
import dev.custody.event.ToolProvider;
import dev.custody.event.ToolProviderKind;
import dev.custody.sighting.TestObserver;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What recorded sessions of Codex become. */
final class CodexHooksTest {
  private static final String SESSION = "01a201ca-cbfb-7511-8608-e2de7e050bf3";
  private static final String CHILD = "01a201ca-d359-7791-ba80-2bb07e818b7f";
  private static final String FULL = "codex/0.169.0-full";

  private final CodexHooks hooks = new CodexHooks(new TestObserver().of("dana"));

  @Test
  void aShellsOutcomeIsUnknownForTheHookHasNoExitCode() throws Exception {
    List<Event> shells =
        ofKind(replay(hooks, FULL), Body.ToolCallCompleted.class).stream()
            .filter(e -> "tool:Bash".equals(e.action()))
            .toList();
    assertThat(shells).hasSize(7).extracting(Event::outcome).containsOnly(Outcome.UNKNOWN);
  }

  @Test
  void aPatchNamesItsFilesAndSaysHowItEnded() throws Exception {
    Event patched =
        ofKind(replay(hooks, FULL), Body.ToolCallCompleted.class).stream()
            .filter(e -> "tool:apply_patch".equals(e.action()))
            .findFirst()
            .orElseThrow();
    assertThat(patched.outcome()).isEqualTo(Outcome.SUCCESS);
    assertThat(patched.resources())
        .containsExactly("/home/dev/project/fx-codex/repo/src/limiter.js");
    Event odd =
        hooks
            .events(
                json(
                    "{'session_id':'s','hook_event_name':'PostToolUse','cwd':'/w','tool_name':'apply_patch','tool_use_id':'c',"
                        + "'tool_input':{'command':'*** Begin Patch\\n*** Update File: a/b.js\\n*** Move to: /x/c.js\\n"
                        + "+*** Add File: no.js\\n*** Delete File: ../d.js\\n*** End Patch'},"
                        + "'tool_response':'Exit code: 1\\nExit code: 0\\n'}"))
            .getFirst();
    assertThat(odd.resources()).containsExactly("/w/a/b.js", "/x/c.js", "/d.js");
    assertThat(odd)
        .extracting(Event::outcome, Event::outcomeReason)
        .containsExactly(Outcome.FAILURE, "Exit code: 1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "mcp__fs__list|{'content':[],'isError':true}|FAILURE",
        "mcp__fs__list|{'content':[]}|SUCCESS",
        "spawn_agent|\"{}\"|SUCCESS",
        "apply_patch|\"Exit code: 99999999999\"|FAILURE",
        "Bash|\"Exit code: 0\\n\"|UNKNOWN"
      })
  void anOutcomeIsWhatTheHookTells(String tool, String response, Outcome outcome) throws Exception {
    byte[] body =
        json(
            "{'session_id':'s','hook_event_name':'PostToolUse','tool_name':'%s','tool_response':%s}"
                .formatted(tool, response));
    assertThat(hooks.events(body).getFirst().outcome()).isEqualTo(outcome);
  }

  @Test
  void whatASubAgentDoesIsItsOwnInItsMainAgentsSession() throws Exception {
    List<Event> events = replay(hooks, FULL);
    assertThat(ofKind(events, Body.SubagentStarted.class))
        .extracting(Event::body)
        .containsExactly(new Body.SubagentStarted(CHILD, "default"));
    assertThat(events)
        .filteredOn(e -> CHILD.equals(Objects.requireNonNull(e.actor().agent()).subAgent()))
        .extracting(Event::session, e -> e.type())
        .containsExactly(
            tuple(SESSION, "SubagentStarted"),
            tuple(SESSION, "PromptSubmitted"),
            tuple(SESSION, "ToolCallRequested"),
            tuple(SESSION, "ToolCallCompleted"),
            tuple(SESSION, "SubagentEnded"),
            tuple(SESSION, "Observed"));
    assertThat(ofKind(events, Body.PromptSubmitted.class))
        .extracting(Event::body)
        .containsExactly(
            new Body.PromptSubmitted(Body.PromptOrigin.HUMAN),
            new Body.PromptSubmitted(Body.PromptOrigin.UNKNOWN));
  }

  @Test
  void aNotificationOfAThreadWhoseStartWasNotSeenHasASessionOfItsOwn() throws Exception {
    Event told = replay(hooks, "codex/0.169.0-notify").getFirst();
    assertThat(told.body()).isEqualTo(new Body.Observed("agent-turn-complete"));
    assertThat(told.session()).isEqualTo("01a201ca-db22-7e61-a48f-a0f2e5ef0e67");
    assertThat(told.prompt()).isEqualTo("01a201ca-db46-7813-9d8e-b06b1efbe378");
  }

  @Test
  void theCommitIsTheOneThatGitNamesInTheOutput() throws Exception {
    List<Event> completed = ofKind(replay(hooks, FULL), Body.ToolCallCompleted.class);
    assertThat(completed.stream().flatMap(e -> e.identifiers().stream()))
        .contains(new Identifier(IdentifierKind.GIT_COMMIT, "feab6e5"));
    Event printed =
        hooks
            .events(
                json(
                    "{'session_id':'s','hook_event_name':'PostToolUse','tool_name':'Bash',"
                        + "'tool_input':{'command':'cat log'},'tool_response':'[main feab6e5] x'}"))
            .getFirst();
    assertThat(printed.identifiers()).isEmpty();
  }

  @Test
  void anMcpToolNamesItsServer() throws Exception {
    assertThat(ofKind(replay(hooks, FULL), Body.ToolCallRequested.class))
        .filteredOn(e -> "tool:mcp__fs__list_directory".equals(e.action()))
        .singleElement()
        .satisfies(e -> {
          assertThat(e.toolProvider())
              .isEqualTo(new ToolProvider(ToolProviderKind.MCP_SERVER, "fs", null));
          assertThat(e.resources()).containsExactly("/home/dev/project/fx-codex/repo/src");
        });
  }

  @Test
  void aQuestionForPermissionDecidesNothing() throws Exception {
    Event asked =
        hooks
            .events(
                json(
                    "{'session_id':'s','turn_id':'t','hook_event_name':'PermissionRequest',"
                        + "'tool_name':'Bash','tool_input':{'command':'rm x'}}"))
            .getFirst();
    assertThat(asked.body()).isEqualTo(new Body.ToolCallDecided("Bash", null, null));
  }
}
