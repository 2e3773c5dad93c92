package dev.custody.http;

import static dev.custody.http.PolicedProject.ENFORCE;
import static dev.custody.http.PolicedProject.SESSION;
import static dev.custody.http.PolicedProject.assertProceeds;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.custody.enforce.Policy;
import dev.custody.event.Body;
import dev.custody.event.Event;
import dev.custody.event.Outcome;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What agents other than Claude Code are answered, each in its own form. */
class AgentDenialsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String NOT_ALLOWED = "does not allow s3:DeleteBucket on arn:aws:s3:::prod";

  @TempDir Path directory;
  private PolicedProject shop;

  @BeforeEach
  void makeProject() throws Exception {
    shop = PolicedProject.in(directory);
  }

  @AfterEach
  void stop() {
    shop.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"codex", "gemini-cli", "opencode"})
  void aCallOutOfScopeIsDeniedInTheAgentsOwnForm(String agent) throws Exception {
    shop.start(ENFORCE);
    shop.grantTo(agent, "dlg-12345678", "s3:Get*", "*");
    HttpResponse<String> answer = call(agent, "aws s3 rb s3://prod", "10");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(reason(agent, JSON.readTree(answer.body()))).contains(NOT_ALLOWED);
    List<Event> events = shop.recorded();
    Event requested = events.get(events.size() - 2);
    Event decided = events.getLast();
    assertThat(requested.type()).isEqualTo("ToolCallRequested");
    assertThat(requested.delegation()).isEqualTo("dlg-12345678");
    assertThat(decided.outcome()).isEqualTo(Outcome.DENIED);
    assertThat(decided)
        .extracting(Event::session, Event::prompt, Event::toolCall)
        .containsExactly(SESSION, requested.prompt(), requested.toolCall());
    assertThat(Objects.requireNonNull(decided.actor().agent()).product()).isEqualTo(agent);
    assertProceeds(call(agent, "make test", "11"));
  }

  // Each form as the agent's own parser takes it: nothing more, nothing less.
  private static String reason(String agent, JsonNode answer) {
    if (agent.equals("codex")) {
      assertThat(answer.properties())
          .extracting(Map.Entry::getKey)
          .containsExactly("hookSpecificOutput");
      JsonNode output = answer.path("hookSpecificOutput");
      assertThat(output.properties())
          .extracting(Map.Entry::getKey)
          .containsExactly("hookEventName", "permissionDecision", "permissionDecisionReason");
      assertThat(output.path("hookEventName").textValue()).isEqualTo("PreToolUse");
      assertThat(output.path("permissionDecision").textValue()).isEqualTo("deny");
      return output.path("permissionDecisionReason").textValue();
    }
    assertThat(answer.properties())
        .extracting(Map.Entry::getKey)
        .containsExactly("decision", "reason");
    assertThat(answer.path("decision").textValue()).isEqualTo("deny");
    return answer.path("reason").textValue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"codex", "gemini-cli", "opencode"})
  void whatIsNotDecidedInTimeIsAnsweredInTheAgentsOwnFormToo(String agent) throws Exception {
    shop.start(
        new Policy(Policy.Mode.ENFORCE, false, Policy.Undecided.DENY, Duration.ofMillis(50)));
    shop.stall();
    assertThat(reason(agent, JSON.readTree(call(agent, "make", "10").body())))
        .contains("no decision");
  }

  @ParameterizedTest
  @ValueSource(strings = {"codex", "gemini-cli", "opencode"})
  void inObserveNothingIsDenied(String agent) throws Exception {
    shop.start(Policy.OBSERVE);
    shop.grantTo(agent, "dlg-12345678", "s3:Get*", "*");
    assertProceeds(call(agent, "aws s3 rb s3://prod", "10"));
    assertThat(shop.decisions())
        .extracting(Body.PolicyDecision::verdict)
        .containsExactly("OUTSIDE");
  }

  @Test
  void aDelegationOfAnotherAgentIsNone() throws Exception {
    shop.start(
        new Policy(Policy.Mode.ENFORCE, true, Policy.Undecided.PROCEED, Duration.ofSeconds(10)));
    shop.grant("dlg-12345678", "*", "*");
    assertThat(reason("codex", JSON.readTree(call("codex", "make", "10").body())))
        .contains("no delegation: borrowed identity of dana@acme.example");
  }

  @Test
  void aDeniedCallOfGeminiDoesNotTakeTheResultOfTheSameCallThatWasAllowed() throws Exception {
    shop.start(ENFORCE);
    shop.grantTo("gemini-cli", "dlg-12345678", "tool:read_file", "*");
    assertThat(call("gemini-cli", "make", "10").body()).contains("deny");
    String denied = shop.recorded().getLast().toolCall();
    shop.grantTo("gemini-cli", "dlg-87654321", "tool:*", "*");
    assertProceeds(call("gemini-cli", "make", "12"));
    String allowed = shop.recorded().getLast().toolCall();
    // Told late, with a time between both: only a request before it can be its own.
    assertProceeds(shop.post(Routes.GEMINI_CLI, gemini("AfterTool", "make", "11")));
    assertThat(shop.recorded().getLast().toolCall()).isNotIn(denied, allowed);
    assertProceeds(shop.post(Routes.GEMINI_CLI, gemini("AfterTool", "make", "13")));
    assertThat(shop.recorded().getLast().toolCall()).isEqualTo(allowed).isNotEqualTo(denied);
  }

  @Test
  void whatOpencodeSaysOfACallThatWeDeniedIsARefusalByAHook() throws Exception {
    shop.start(ENFORCE);
    shop.grantTo("opencode", "dlg-12345678", "tool:read", "*");
    String reason = JSON.readTree(call("opencode", "make", "10").body()).path("reason").textValue();
    Map<String, Object> part =
        Map.of(
            "type",
            "tool",
            "sessionID",
            SESSION,
            "callID",
            "c10",
            "tool",
            "bash",
            "state",
            Map.of("status", "error", "input", Map.of(), "error", "Error: " + reason));
    assertProceeds(
        shop.post(
            Routes.OPENCODE,
            JSON.writeValueAsString(
                Map.of(
                    "hook",
                    "event:message.part.updated",
                    "input",
                    Map.of("properties", Map.of("part", part))))));
    Event refused = shop.recorded().getLast();
    assertThat(refused.body()).isEqualTo(new Body.ToolCallRefused("bash", "hook"));
    assertThat(refused.outcomeReason()).startsWith("Custody: delegation dlg-12345678");
  }

  @ParameterizedTest
  @ValueSource(strings = {"codex", "opencode"})
  void aSubAgentWorksUnderAHopOfItsOwn(String agent) throws Exception {
    shop.start(ENFORCE);
    shop.grantTo(agent, "dlg-12345678", agent.equals("codex") ? "tool:Bash" : "tool:bash", "*");
    String cwd = shop.project().toString();
    if (agent.equals("codex")) {
      String child =
          "\"agent_id\":\"a1\",\"session_id\":\"%s\",\"cwd\":\"%s\"".formatted(SESSION, cwd);
      assertProceeds(
          shop.post(Routes.CODEX, "{\"hook_event_name\":\"SubagentStart\"," + child + "}"));
      assertProceeds(
          shop.post(
              Routes.CODEX,
              "{\"hook_event_name\":\"PreToolUse\",\"tool_name\":\"Bash\",\"tool_use_id\":\"c\","
                  + child
                  + "}"));
    } else {
      assertProceeds(
          shop.post(
              Routes.OPENCODE,
              "{\"hook\":\"event:session.created\",\"input\":{\"properties\":{\"info\":{\"id\":\"a1\",\"parentID\":\"%s\",\"directory\":\"%s\"}}}}"
                  .formatted(SESSION, cwd)));
      assertProceeds(
          shop.post(
              Routes.OPENCODE,
              "{\"hook\":\"tool.execute.before\",\"input\":{\"tool\":\"bash\",\"sessionID\":\"a1\",\"callID\":\"c\"},\"output\":{\"args\":{\"command\":\"make\"}}}"));
    }
    List<Event> events = shop.recorded();
    Event hop =
        events.stream()
            .filter(e -> e.body() instanceof Body.DelegationGranted g && !g.parents().isEmpty())
            .findFirst()
            .orElseThrow();
    Event requested = events.get(events.size() - 2);
    assertThat(requested.type()).isEqualTo("ToolCallRequested");
    assertThat(requested.delegation()).isEqualTo(hop.delegation());
    assertThat(requested.session()).isEqualTo(SESSION);
  }

  @Test
  void aBadBodyIsRefusedWithItsFieldAndNothingIsRecorded() throws Exception {
    shop.start(ENFORCE);
    int before = shop.recorded().size();
    for (String path : List.of(Routes.CODEX, Routes.GEMINI_CLI, Routes.OPENCODE)) {
      HttpResponse<String> answer = shop.post(path, "{\"hunter2\":1}");
      assertThat(answer.statusCode()).isEqualTo(400);
      assertThat(answer.body())
          .contains("expected a name of", "found nothing")
          .doesNotContain("hunter2");
    }
    assertThat(shop.recorded()).hasSize(before);
  }

  @ParameterizedTest
  @ValueSource(strings = {"codex", "gemini-cli"})
  void theSampleHookPrintsTheDenialAndNothingElse(String agent) throws Exception {
    shop.start(ENFORCE);
    shop.grantTo(agent, "dlg-12345678", "s3:Get*", "*");
    String collector = "http://127.0.0.1:" + shop.collector().httpPort();
    String denied = printed(agent, body(agent, "aws s3 rb s3://prod", "10"), collector, null);
    assertThat(reason(agent, JSON.readTree(denied))).contains(NOT_ALLOWED);
    assertThat(printed(agent, body(agent, "make", "11"), collector, null)).isEmpty();
    assertThat(printed(agent, "no hook", collector, null)).isEmpty();
    assertThat(printed(agent, body(agent, "make", "12"), "http://127.0.0.1:1", null)).isEmpty();
  }

  @Test
  void theSampleHookGivesASessionOfCodexItsEnvironment() throws Exception {
    shop.start(Policy.OBSERVE);
    String started =
        "{\"hook_event_name\":\"SessionStart\",\"session_id\":\"%s\",\"source\":\"startup\"}"
            .formatted(SESSION);
    Path environment = directory.resolve("codex.env");
    String collector = "http://127.0.0.1:" + shop.collector().httpPort();
    assertThat(printed("codex", started, collector, environment)).isEmpty();
    assertThat(Files.readString(environment)).contains("export CUSTODY_SESSION_TAG=custody-");
    Event event = shop.recorded().getLast();
    assertThat(event.body()).isEqualTo(new Body.SessionStarted("startup", null));
    assertThat(event.identifiers()).hasSize(1);
  }

  private static String printed(
      String agent, String body, String collector, @Nullable Path environment) throws Exception {
    Path samples = Path.of("samples");
    Path script =
        (Files.exists(samples) ? samples : Path.of("..").resolve(samples))
            .resolve("hooks/agent-hook.sh");
    ProcessBuilder sh = new ProcessBuilder("sh", script.toString(), agent);
    sh.environment().put("CUSTODY_HTTP", collector);
    if (environment != null) {
      sh.environment().put("CODEX_ENV_FILE", environment.toString());
    }
    Process process = sh.redirectErrorStream(true).start();
    try (var in = process.outputWriter(StandardCharsets.UTF_8)) {
      in.write(body);
    }
    String told = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).isZero();
    return told;
  }

  private HttpResponse<String> call(String agent, String command, String second) throws Exception {
    return shop.post("/hooks/" + agent, body(agent, command, second));
  }

  private String body(String agent, String command, String second) throws Exception {
    return switch (agent) {
      case "codex" ->
          JSON.writeValueAsString(
              Map.of(
                  "hook_event_name",
                  "PreToolUse",
                  "session_id",
                  SESSION,
                  "turn_id",
                  "t1",
                  "cwd",
                  shop.project().toString(),
                  "tool_name",
                  "Bash",
                  "tool_use_id",
                  "c" + second,
                  "tool_input",
                  Map.of("command", command)));
      case "gemini-cli" -> gemini("BeforeTool", command, second);
      default ->
          JSON.writeValueAsString(
              Map.of(
                  "hook", "tool.execute.before",
                  "directory", shop.project().toString(),
                  "input", Map.of("tool", "bash", "sessionID", SESSION, "callID", "c" + second),
                  "output", Map.of("args", Map.of("command", command))));
    };
  }

  private String gemini(String hook, String command, String second) throws Exception {
    return JSON.writeValueAsString(
        Map.of(
            "hook_event_name",
            hook,
            "session_id",
            SESSION,
            "timestamp",
            "2026-11-22T05:46:" + second + ".000Z",
            "cwd",
            shop.project().toString(),
            "tool_name",
            "run_shell_command",
            "tool_input",
            Map.of("command", command)));
  }
}
