package dev.custody.source.opencode;

import static dev.custody.source.agent.Recordings.json;
import static dev.custody.source.agent.Recordings.ofKind;
import static dev.custody.source.agent.Recordings.replay;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.custody.event.Agent;
import dev.custody.event.Body;
import dev.custody.event.Event;
import dev.custody.event.Identifier;
import dev.custody.event.IdentifierKind;
import dev.custody.event.Outcome;
import dev.custody.event.ToolProviderKind;
import dev.custody.sighting.TestObserver;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a recorded session of opencode becomes. */
final class OpencodeHooksTest {
  private static final String FULL = "opencode/1.18.33-full";
  private static final String SESSION = "ses_dfe34f660ffe20tjExEcawR572";
  private static final String CHILD = "ses_dfe34d897ffeAVhkEDttaWVE4T";

  private final OpencodeHooks hooks = new OpencodeHooks(new TestObserver().of("dana"));

  @Test
  void aChildSessionIsASubAgentOfItsParentsSession() throws Exception {
    List<Event> events = replay(hooks, FULL);
    assertThat(events).extracting(Event::session).containsOnly(null, SESSION);
    assertThat(events)
        .filteredOn(e -> CHILD.equals(agent(e).subAgent()))
        .filteredOn(e -> !(e.body() instanceof Body.Observed))
        .extracting(Event::type, Event::prompt)
        .containsExactly(
            tuple("SubagentStarted", null),
            tuple("PromptSubmitted", "msg_201cb2779001cJwDYy4PLwyXIp"),
            tuple("ToolCallRequested", "msg_201cb2779001cJwDYy4PLwyXIp"),
            tuple("ToolCallCompleted", "msg_201cb2779001cJwDYy4PLwyXIp"),
            tuple("SubagentEnded", "msg_201cb2779001cJwDYy4PLwyXIp"));
    assertThat(ofKind(events, Body.PromptSubmitted.class))
        .extracting(Event::body)
        .containsExactly(
            new Body.PromptSubmitted(Body.PromptOrigin.HUMAN),
            new Body.PromptSubmitted(Body.PromptOrigin.UNKNOWN));
    assertThat(ofKind(events, Body.SubagentStarted.class))
        .extracting(Event::body)
        .containsExactly(new Body.SubagentStarted(CHILD, "general"));
  }

  @Test
  void whatThePluginCouldNotHandOverIsTold() throws Exception {
    List<Event> events =
        hooks.events(
            json(
                "{'at':'2026-11-22T05:46:58.073Z','hook':'tool.execute.before','missed':7,"
                    + "'input':{'tool':'bash','sessionID':'ses_1','callID':'call_1'},"
                    + "'output':{'args':{'command':'ls'}}}"));
    assertThat(events).extracting(Event::type).containsExactly("ToolCallRequested", "HookMissed");
    Event missed = events.getLast();
    assertThat(missed.body()).isEqualTo(new Body.HookMissed("unknown"));
    assertThat(missed.content().utf8()).isEqualTo("{\"missed\":7}");
    assertThat(missed.action()).isEqualTo("hook:miss");
    assertThat(missed.session()).isEqualTo("ses_1");
    assertThat(missed.toolCall()).isNull();
  }

  @ParameterizedTest
  @CsvSource({"0", "-1", "'\"7\"'", "1.5", "[]"})
  void whatIsNoCountOfMissedHooksTellsOfNone(String count) throws Exception {
    assertThat(
            hooks.events(
                json("{'hook':'event:x','missed':" + count + ",'input':{'properties':{}}}")))
        .extracting(Event::type)
        .containsExactly("Observed");
  }

  @Test
  void directoryVersionAndTimeAreTold() throws Exception {
    Event requested = ofKind(replay(hooks, FULL), Body.ToolCallRequested.class).getFirst();
    assertThat(requested.project()).isEqualTo("/home/dev/project/fx-opencode/repo");
    assertThat(agent(requested).version()).isEqualTo("1.18.33");
    assertThat(agent(requested).spiffeId()).isEqualTo("spiffe://acme.example/agent/opencode/repo");
    assertThat(requested.occurredAt()).isEqualTo(Instant.parse("2026-11-22T05:46:58.073Z"));
    assertThat(requested.toolCall()).isEqualTo("call_JrzaAx0LS7S9YM0vGOAfgw");
  }

  @Test
  void aShellsExitCodeIsItsOutcome() throws Exception {
    assertThat(ofKind(replay(hooks, FULL), Body.ToolCallCompleted.class))
        .filteredOn(e -> e.outcome() != Outcome.SUCCESS)
        .singleElement()
        .extracting(Event::outcome, Event::outcomeReason)
        .containsExactly(Outcome.FAILURE, "exit code 1");
    Event killed =
        hooks
            .events(
                json(
                    "{'hook':'tool.execute.after','input':{'tool':'bash','sessionID':'s','callID':'c'},'output':{'metadata':{'exit':null}}}"))
            .getFirst();
    assertThat(killed.outcome()).isEqualTo(Outcome.UNKNOWN);
  }

  @Test
  void commitPathAndSupplierAreNamedWhereTheyAreKnown() throws Exception {
    List<Event> completed = ofKind(replay(hooks, FULL), Body.ToolCallCompleted.class);
    assertThat(completed.stream().flatMap(e -> e.identifiers().stream()))
        .contains(new Identifier(IdentifierKind.GIT_COMMIT, "51f5cf7"));
    assertThat(completed)
        .filteredOn(e -> "tool:read".equals(e.action()))
        .flatExtracting(Event::resources)
        .contains("/home/dev/project/fx-opencode/repo/README.md");
    assertThat(completed)
        .filteredOn(e -> "tool:fs_list_directory".equals(e.action()))
        .extracting(Event::toolProvider)
        .containsOnlyNulls();
    assertThat(completed)
        .filteredOn(e -> "tool:bash".equals(e.action()))
        .allSatisfy(e ->
            assertThat(Objects.requireNonNull(e.toolProvider()).kind())
                .isEqualTo(ToolProviderKind.BUILT_IN));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Error: File not found: /x|ToolCallCompleted|FAILURE|File not found: /x",
        "The user has specified a rule which prevents you from using this|ToolCallRefused|DENIED"
            + "|The user has specified a rule which prevents you from using this",
        "The user rejected permission to use this specific tool call.|ToolCallRefused|DENIED"
            + "|The user rejected permission to use this specific tool call."
      })
  void aToolThatThrewIsToldOnceByItsPart(String error, String type, Outcome outcome, String reason)
      throws Exception {
    hooks.events(before("c1"));
    Event told = hooks.events(part("c1", "error", error)).getFirst();
    assertThat(told)
        .extracting(Event::type, Event::outcome, Event::outcomeReason, Event::toolCall)
        .containsExactly(type, outcome, reason, "c1");
    assertThat(hooks.events(part("c1", "error", error)).getFirst().body())
        .isEqualTo(new Body.Observed("event:message.part.updated"));
    assertThat(hooks.events(part("c2", "completed", error)).getFirst().type())
        .isEqualTo("Observed");
  }

  @Test
  void anAnswerOfTheUserIsJoinedToItsQuestion() throws Exception {
    Event asked =
        hooks
            .events(
                json(
                    "{'hook':'event:permission.asked','input':{'properties':{'id':'per_1','sessionID':'s','permission':'bash','tool':{'messageID':'m','callID':'c9'}}}}"))
            .getFirst();
    assertThat(asked.body()).isEqualTo(new Body.ToolCallDecided("bash", null, null));
    Event replied =
        hooks
            .events(
                json(
                    "{'hook':'event:permission.replied','input':{'properties':{'sessionID':'s','requestID':'per_1','reply':'reject'}}}"))
            .getFirst();
    assertThat(replied.body()).isEqualTo(new Body.ToolCallDecided("bash", "reject", null));
    assertThat(List.of(asked, replied)).extracting(Event::toolCall).containsOnly("c9");
  }

  @Test
  void noLaterWordMakesASessionAnothers() throws Exception {
    hooks.events(created("root", null));
    hooks.events(created("root", "other"));
    hooks.events(created("a", "b"));
    hooks.events(created("b", "a"));
    assertThat(hooks.events(before("root", "c")).getFirst().session()).isEqualTo("root");
    // A circle: neither is above the other.
    assertThat(hooks.events(before("a", "c")).getFirst().session()).isEqualTo("a");
  }

  @Test
  void aChildOfAChildBelongsToTheTopmostSessionAndThePluginMayTellTheParent() throws Exception {
    hooks.events(created("child", "top"));
    byte[] grandchild =
        json(
            "{'hook':'tool.execute.before','parentID':'child','input':{'tool':'bash','sessionID':'grand','callID':'c'}}");
    Event told = hooks.events(grandchild).getFirst();
    assertThat(told.session()).isEqualTo("top");
    assertThat(agent(told).subAgent()).isEqualTo("grand");
  }

  @Test
  void whatOpencodeItselfSubmitsIsNoPromptOfAHuman() throws Exception {
    Event told =
        hooks
            .events(
                json(
                    "{'hook':'chat.message','input':{'sessionID':'s'},'output':{'message':{'id':'m'},'parts':[{'type':'text','text':'x','synthetic':true}]}}"))
            .getFirst();
    assertThat(told.body()).isEqualTo(new Body.PromptSubmitted(Body.PromptOrigin.NOTIFICATION));
  }

  @Test
  void aDeletedSessionHasEnded() throws Exception {
    Event ended =
        hooks
            .events(
                json("{'hook':'event:session.deleted','input':{'properties':{'info':{'id':'s'}}}}"))
            .getFirst();
    assertThat(ended.body()).isEqualTo(new Body.SessionEnded("deleted"));
    assertThat(ended.session()).isEqualTo("s");
  }

  private static byte[] created(String id, @Nullable String parent) {
    return json(
        "{'hook':'event:session.created','input':{'properties':{'info':{'id':'%s','parentID':%s}}}}"
            .formatted(id, parent == null ? "null" : "'" + parent + "'"));
  }

  private static byte[] before(String call) {
    return before("s", call);
  }

  private static byte[] before(String session, String call) {
    return json(
        "{'hook':'tool.execute.before','input':{'tool':'bash','sessionID':'%s','callID':'%s'},'output':{'args':{}}}"
            .formatted(session, call));
  }

  private static byte[] part(String call, String status, String error) {
    return json(
        "{'hook':'event:message.part.updated','input':{'properties':{'part':{'type':'tool','sessionID':'s','callID':'%s','tool':'bash','state':{'status':'%s','input':{},'error':'%s'}}}}}"
            .formatted(call, status, error));
  }

  private static Agent agent(Event event) {
    return Objects.requireNonNull(event.actor().agent());
  }
}
