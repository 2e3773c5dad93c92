package dev.custody.source.otlp;

import static dev.custody.source.otlp.Requests.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.custody.event.Body;
import dev.custody.event.Event;
import dev.custody.event.IdentifierKind;
import dev.custody.event.Outcome;
import dev.custody.event.ToolProvider;
import dev.custody.event.ToolProviderKind;
import org.junit.jupiter.api.Test;

/** Agents that nobody here knows, by OpenTelemetry's conventions. */
final class GenAiSpansTest {
  private final Intake intake = new Intake();

  private Event one(Recordings.Request request) throws Exception {
    OtlpReceiver.Taken taken = intake.take(request);
    assertThat(taken.recorded()).isEqualTo(1);
    return intake.events.getFirst();
  }

  @Test
  void anExecutedToolIsACompletedCall() throws Exception {
    Event event =
        one(
            Requests.span(
                "some-agent",
                "execute_tool sh",
                String.join(
                    ",",
                    text("gen_ai.operation.name", "execute_tool"),
                    text("gen_ai.tool.name", "sh"),
                    text("gen_ai.tool.call.id", "call-1"),
                    text("gen_ai.conversation.id", "talk-1"),
                    text(
                        "gen_ai.tool.call.arguments",
                        "{\\\"path\\\":\\\"/etc/hosts\\\",\\\"key\\\":\\\"AKIAIOSFODNN7EXAMPLE\\\"}"))));
    assertThat(event.source().kind()).isEqualTo("otlp");
    assertThat(event.body()).isEqualTo(new Body.ToolCallCompleted("sh", 852L));
    assertThat(event.session()).isEqualTo("talk-1");
    assertThat(event.toolCall()).isEqualTo("call-1");
    assertThat(event.action()).isEqualTo("tool:sh");
    assertThat(event.outcome()).isEqualTo(Outcome.UNKNOWN);
    assertThat(event.resources()).containsExactly("/etc/hosts");
    assertThat(event.identifiers()).anyMatch(i -> i.kind() == IdentifierKind.AWS_ACCESS_KEY_ID);
    assertThat(event.actor().agent()).isNotNull();
    assertThat(event.actor().agent().product()).isEqualTo("some-agent");
    assertThat(event.trace()).isNotNull();
    assertThat(event.trace().spanId()).isEqualTo(Requests.SPAN);
  }

  @Test
  void anInvokedAgentIsNoSubAgentSinceNothingSaysWhoInvokedIt() throws Exception {
    String span =
        "{\"traceId\":\"%s\",\"spanId\":\"%s\",\"parentSpanId\":\"00f067aa0ba902b7\",\"name\":\"invoke_agent reviewer\",\"attributes\":[%s]}"
            .formatted(
                Requests.TRACE,
                Requests.SPAN,
                String.join(
                    ",",
                    text("gen_ai.operation.name", "invoke_agent"),
                    text("gen_ai.agent.id", "agent-7"),
                    text("gen_ai.agent.name", "reviewer"),
                    text("gen_ai.conversation.id", "talk-1")));
    Event event = one(Requests.spans("some-agent", span));
    assertThat(event.body()).isEqualTo(new Body.Observed("invoke_agent reviewer"));
    assertThat(event.session()).isEqualTo("talk-1");
    assertThat(event.actor().agent()).isNotNull();
    assertThat(event.actor().agent().subAgent()).isNull();
    assertThat(event.content().utf8()).contains("agent-7", "reviewer");
  }

  @Test
  void aCallOverMcpNamesItsServer() throws Exception {
    Event event =
        one(
            Requests.span(
                "some-agent",
                "tools/call list",
                String.join(
                    ",",
                    text("mcp.method.name", "tools/call"),
                    text("mcp.server.name", "files"),
                    text("gen_ai.tool.name", "list"))));
    assertThat(event.body()).isInstanceOf(Body.ToolCallCompleted.class);
    assertThat(event.toolProvider())
        .isEqualTo(new ToolProvider(ToolProviderKind.MCP_SERVER, "files", null));
  }

  @Test
  void aSpanThatEndedInAnErrorHasFailedForThatReason() throws Exception {
    Event event =
        one(
            Requests.spans(
                "some-agent",
                "{\"traceId\":\"%s\",\"spanId\":\"%s\",\"name\":\"chat\",\"status\":{\"code\":2,\"message\":\"no model\\nat all\"},\"attributes\":[%s]}"
                    .formatted(
                        Requests.TRACE, Requests.SPAN, text("gen_ai.operation.name", "chat"))));
    assertThat(event.body()).isEqualTo(new Body.Observed("chat"));
    assertThat(event.outcome()).isEqualTo(Outcome.FAILURE);
    assertThat(event.outcomeReason()).isEqualTo("no model");
    assertThat(event.occurredAt()).isEqualTo(event.observedAt());
  }

  @Test
  void whatIsNoAgentsIsRefusedAndSaidSo() throws Exception {
    OtlpReceiver.Taken taken =
        intake.take(Requests.span("web-shop", "GET /", text("http.route", "/")));
    assertThat(taken.recorded()).isZero();
    assertThat(taken.refused()).isEqualTo(1);
    assertThat(taken.why())
        .isEqualTo("expected records of a coding agent, found some of another sender");
  }
}
