package dev.custody.source.mcp;

import static dev.custody.source.mcp.Wire.kinds;
import static dev.custody.source.mcp.Wire.reply;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.custody.capture.BadInputException;
import dev.custody.capture.HookReply;
import dev.custody.enforce.Policy;
import dev.custody.event.Body;
import dev.custody.event.Event;
import dev.custody.event.Outcome;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is answered before a call of a tool passes. */
class McpGateTest {
  private static final Policy DELEGATED =
      new Policy(Policy.Mode.ENFORCE, true, Policy.Undecided.PROCEED, Duration.ofSeconds(1));
  private static final Policy CAUTIOUS =
      new Policy(Policy.Mode.ENFORCE, false, Policy.Undecided.DENY, Duration.ofSeconds(1));
  private static final String CALL =
      "{'jsonrpc':'2.0','id':%s,'method':'tools/call','params':{'name':'read'}}";

  @ParameterizedTest
  @ValueSource(strings = {"3", "'3'", "-1.50", "123456789012345678901234567890", "'\\u0007\\\\'"})
  void aDenialCarriesTheIdAsItWasSentAndItsReason(String id) throws Exception {
    Wire wire = new Wire(DELEGATED);
    HookReply answer = wire.ask(CALL.formatted(id));
    var said = Objects.requireNonNull(reply(answer));
    assertThat(Objects.requireNonNull(answer.answer()).utf8())
        .contains("\"id\":" + id.replace('\'', '"') + ",");
    assertThat(said.at("/result/isError").asBoolean()).isTrue();
    assertThat(said.at("/result/content/0/text").asText()).contains("no delegation");
    assertThat(kinds(answer.events())).containsExactly("ToolCallRequested", "PolicyDecision");
    Event decided = answer.events().getLast();
    assertThat(decided.outcome()).isEqualTo(Outcome.DENIED);
    assertThat(decided.toolCall()).isEqualTo(answer.events().getFirst().toolCall());
    String line = answer.answer().utf8().replaceAll("^\\{\"reply\":|}$", "");
    Event refused = wire.send("wrapper", line, false).events().getFirst();
    assertThat(refused.body()).isEqualTo(new Body.ToolCallRefused("mcp__unnamed__read", "hook"));
    assertThat(refused.toolCall()).isEqualTo(decided.toolCall());
  }

  @Test
  void inObserveEverythingPasses() throws Exception {
    Wire wire = new Wire();
    assertThat(reply(wire.ask(CALL.formatted("3")))).isNull();
    assertThat(reply(wire.ask("{'id':1,'id':2,'method':'tools/call'}"))).isNull();
  }

  @Test
  void onlyCallsAreDenied() throws Exception {
    Wire wire = new Wire(DELEGATED);
    assertThat(reply(wire.ask("{'id':1,'method':'tools/list'}"))).isNull();
    assertThat(reply(wire.ask("{'id':1,'result':{'method':'tools/call'}}"))).isNull();
  }

  @Test
  void aBatchPassesWholeOrNotAtAll() throws Exception {
    Wire wire = new Wire(DELEGATED);
    HookReply answer =
        wire.ask("[{'id':1,'method':'ping'},{'method':'note'}," + CALL.formatted("'x'") + "]");
    var said = Objects.requireNonNull(reply(answer));
    assertThat(said).hasSize(2);
    assertThat(said.at("/0/error/message").asText()).contains("not passed on");
    assertThat(said.at("/1/id").asText()).isEqualTo("x");
    assertThat(said.at("/1/result/isError").asBoolean()).isTrue();
  }

  @Test
  void aDeniedNotificationIsAnsweredWithNothing() throws Exception {
    Wire wire = new Wire(DELEGATED);
    var said = reply(wire.ask("{'method':'tools/call','params':{'name':'read'}}"));
    assertThat(Objects.requireNonNull(said).isNull()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'id':1,'method':'ping','method':'tools/call'}",
        "garbage {'id':1,'method':'tools/call'}",
        "{'id':1,'method':'tools/call'} {'id':2,'method':'tools/call'}"
      })
  void whatCanBeReadInTwoWaysIsUndecided(String text) throws Exception {
    HookReply cautious = new Wire(CAUTIOUS).ask(text);
    var said = Objects.requireNonNull(reply(cautious));
    assertThat(said.path("id").isNull()).isTrue();
    assertThat(said.at("/error/code").asInt()).isEqualTo(-32600);
    assertThat(cautious.events().getLast().body())
        .isInstanceOfSatisfying(
            Body.PolicyDecision.class, d -> assertThat(d.verdict()).isEqualTo("UNDECIDED"));
    assertThat(reply(new Wire(DELEGATED).ask(text))).isNull();
  }

  @Test
  void anIdThatIsTooLongToReadIsUndecided() throws Exception {
    var said = reply(new Wire(CAUTIOUS).ask(CALL.formatted("9".repeat(5000))));
    assertThat(Objects.requireNonNull(said).path("id").isNull()).isTrue();
  }

  @Test
  void whatIsNotDecidedInTimeIsAnsweredByThePolicy() throws Exception {
    Wire wire = new Wire(CAUTIOUS);
    byte[] body =
        wire.body(
            Wire.JSON
                .createObjectNode()
                .put("from", "client")
                .put("text", CALL.formatted("9").replace('\'', '"')),
            true);
    HookReply late = Objects.requireNonNull(wire.source().late(body, "it took too long"));
    assertThat(Objects.requireNonNull(reply(late)).at("/result/content/0/text").asText())
        .contains("it took too long");
    assertThat(kinds(late.events())).containsExactly("PolicyDecision");
    assertThat(late.events().getFirst().toolCall()).isEqualTo("mcp:11112222-run:9");
    byte[] unasked = wire.body(Wire.JSON.createObjectNode().put("from", "server"), false);
    assertThat(wire.source().late(unasked, "why")).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{'instance':'11112222','messages':[]}",
        "{'instance':'1 1','messages':[{'from':'client','sequence':0,'at':0,'text':''}]}",
        "{'instance':'11112222','messages':[{'from':'nobody','sequence':0,'at':0,'text':''}]}",
        "{'instance':'11112222','messages':[{'from':'client','sequence':-1,'at':0,'text':''}]}",
        "{'instance':'11112222','messages':[{'from':'client','sequence':0,'at':1e99,'text':''}]}",
        "{'instance':'11112222','messages':7}",
        "[]"
      })
  void aBodyThatIsNoDeliveryIsRefusedAndNothingOfItRepeated(String body) throws Exception {
    McpSource source = new Wire().source();
    byte[] bytes = body.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() -> source.receive(bytes, null))
        .isInstanceOf(BadInputException.class)
        .hasMessageNotContaining("nobody");
    assertThat(List.of(bytes)).isNotEmpty();
  }
}
