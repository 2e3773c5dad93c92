package dev.custody.source.agent;

import static dev.custody.source.agent.Recordings.json;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.custody.capture.Observer;
import dev.custody.event.Event;
import dev.custody.event.Identifier;
import dev.custody.event.IdentifierKind;
import dev.custody.sighting.TestObserver;
import dev.custody.source.claudecode.ClaudeCodeHooks;
import dev.custody.source.codex.CodexHooks;
import dev.custody.source.gemini.GeminiHooks;
import dev.custody.source.git.FileContent;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an agent wrote is named as the same content in a commit is. */
final class WrittenContentTest {
  private static final String LIMITER =
      "export function limiter(max) {\n  let n = 0;\n  return () => ++n <= max;\n}\n";

  private final Observer observer = new TestObserver().of("dana");

  private Identifier named(String content) {
    return FileContent.identifier(observer.fingerprints(), content.getBytes(UTF_8)).orElseThrow();
  }

  private static List<Identifier> contents(List<Event> events) {
    return events.stream()
        .flatMap(event -> event.identifiers().stream())
        .filter(identifier -> identifier.kind() == IdentifierKind.FILE_CONTENT)
        .toList();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "claude-code/full",
        "claude-code/2.1.197-full",
        "codex/0.169.0-full",
        "gemini-cli/0.61.0-full",
        "opencode/1.18.33-full"
      })
  void eachRecordedAgentsFileHasTheNameOfItsContent(String recording) throws Exception {
    AgentHooks<?> hooks = Recordings.hooksOf(recording, observer);
    assertThat(contents(Recordings.replay(hooks, recording))).contains(named(LIMITER));
  }

  @Test
  void anEditIsNamedByTheWholeFileThatItLeaves() throws Exception {
    List<Event> events = Recordings.replay(new ClaudeCodeHooks(observer), "claude-code/full");
    assertThat(contents(events)).contains(named(LIMITER.replace("let n = 0;", "let used = 0;")));
  }

  @Test
  void lineEndsDontCountAndWhatIsShortOrLongHasNoName() {
    assertThat(named(LIMITER.replace("\n", "\r\n"))).isEqualTo(named(LIMITER));
    assertThat(named(LIMITER.replace('n', '\r'))).isNotEqualTo(named(LIMITER));
    assertThat(FileContent.identifier(observer.fingerprints(), new byte[63])).isEmpty();
    assertThat(FileContent.identifier(observer.fingerprints(), new byte[64])).isPresent();
    assertThat(FileContent.identifier(observer.fingerprints(), new byte[1 << 20])).isPresent();
    assertThat(FileContent.identifier(observer.fingerprints(), new byte[(1 << 20) + 1])).isEmpty();
  }

  private List<Identifier> edit(String before, String old, String now, String more)
      throws Exception {
    return contents(
        new ClaudeCodeHooks(observer)
            .events(
                json(
                    "{'session_id':'s','hook_event_name':'PostToolUse','cwd':'/w','tool_name':'Edit',"
                        + "'tool_use_id':'t','tool_input':{},'tool_response':{'originalFile':'"
                        + before
                        + "','oldString':'"
                        + old
                        + "','newString':'"
                        + now
                        + "'"
                        + more
                        + "}}")));
  }

  @Test
  void anEditReplacesOneOrAllAndNothingWhereItSaysTooLittle() throws Exception {
    String file = "ab".repeat(40);
    assertThat(edit(file, "b", "c", "")).containsExactly(named("ac" + "ab".repeat(39)));
    assertThat(edit(file, "b", "c", ",'replaceAll':true")).containsExactly(named("ac".repeat(40)));
    assertThat(edit(file, "b", "", ",'replaceAll':true")).isEmpty(); // 40 bytes are left.
    assertThat(edit(file, "z", "c", "")).isEmpty();
    assertThat(edit(file, "", "c", "")).isEmpty();
    assertThat(edit(file, "b", "c", ",'userModified':true")).isEmpty();
  }

  /** Whoever has the organisation's key could try one password after the other. */
  @Test
  void whatHoldsASecretThatCanBeGuessedHasNoName() throws Exception {
    String hook =
        "{'session_id':'s','hook_event_name':'PostToolUse','cwd':'/w','tool_name':'Write',"
            + "'tool_use_id':'t','tool_input':{},'tool_response':{'content':'%s'}}";
    String text = "a line of code;\\n".repeat(10);
    ClaudeCodeHooks hooks = new ClaudeCodeHooks(observer);
    assertThat(contents(hooks.events(json(hook.formatted(text))))).hasSize(1);
    String password = text + "password: correct-horse-battery\\n";
    assertThat(contents(hooks.events(json(hook.formatted(password))))).isEmpty();
  }

  @Test
  void anEditThatWouldFillTheMemoryIsNotMade() throws Exception {
    assertThat(edit("a".repeat(500_000), "a", "b".repeat(500_000), ",'replaceAll':true")).isEmpty();
  }

  @Test
  void whatTheHumanChangedInAProposalOfGeminiIsNotTheAgents() throws Exception {
    String hook =
        "{'session_id':'s','hook_event_name':'AfterTool','cwd':'/w','tool_name':'%s',"
            + "'tool_input':{},'tool_response':{'returnDisplay':{'newContent':'%s',"
            + "'diffStat':{'user_added_lines':%d}}}}";
    String text = "a line of code;\\n".repeat(10);
    GeminiHooks hooks = new GeminiHooks(observer);
    assertThat(contents(hooks.events(json(hook.formatted("replace", text, 0))))).hasSize(1);
    assertThat(contents(hooks.events(json(hook.formatted("replace", text, 1))))).isEmpty();
    assertThat(contents(hooks.events(json(hook.formatted("read_file", text, 0))))).isEmpty();
  }

  @Test
  void aPatchOfManyLinesTakesNoMoreThanItIs() throws Exception {
    String many = "*** Add File: a\\n" + "+\\n".repeat(1_500_000);
    byte[] hook =
        json(
            "{'session_id':'s','hook_event_name':'PostToolUse','cwd':'/w','tool_name':'apply_patch',"
                + "'tool_use_id':'c','tool_input':{'command':'"
                + many
                + "'},'tool_response':'Exit code: 0\\n'}");
    assertThat(contents(new CodexHooks(observer).events(hook))).isEmpty();
  }

  @Test
  void aPatchNamesEachFileThatItAddsAndNoneThatItChanges() throws Exception {
    String one = "+" + "1".repeat(70) + "\\n";
    String two = "+" + "2".repeat(70) + "\\n+\\n";
    String patch =
        "*** Begin Patch\\n*** Add File: one\\n"
            + one
            + "*** Update File: b\\n@@\\n-x\\n+"
            + "3".repeat(70)
            + "\\n*** Add File: two\\n"
            + two
            + "*** End Patch\\n";
    String hook =
        "{'session_id':'s','hook_event_name':'PostToolUse','cwd':'/w','tool_name':'apply_patch',"
            + "'tool_use_id':'c','tool_input':{'command':'%s'},'tool_response':'Exit code: %d\\n'}";
    assertThat(contents(new CodexHooks(observer).events(json(hook.formatted(patch, 0)))))
        .containsExactly(named("1".repeat(70) + "\n"), named("2".repeat(70) + "\n\n"));
    assertThat(contents(new CodexHooks(observer).events(json(hook.formatted(patch, 1))))).isEmpty();
  }
}
