package dev.custody.http;

import static dev.custody.http.PolicedProject.ENFORCE;
import static dev.custody.http.PolicedProject.HUMAN;
import static dev.custody.http.PolicedProject.SESSION;
import static dev.custody.http.PolicedProject.assertProceeds;
import static dev.custody.http.PolicedProject.denial;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.custody.enforce.Policy;
import dev.custody.event.Body;
import dev.custody.event.Event;
import dev.custody.event.Human;
import dev.custody.event.HumanBasis;
import dev.custody.event.Outcome;
import dev.custody.identity.Delegation;
import dev.custody.identity.Scope;
import dev.custody.identity.SpiffeId;
import dev.custody.signing.TokenSigner;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Claude Code's calls of tools, answered by a running collector as delegations say. */
class EnforcementTest {
  private static final ObjectMapper JSON = new ObjectMapper();

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

  @Test
  void aCallOutOfScopeIsDeniedWithAReasonAndTheDecisionIsDurableBefore() throws Exception {
    shop.start(ENFORCE);
    shop.grant("dlg-12345678", "s3:Get*", "*");
    assertThat(denial(shop.call("Bash", "cd x && aws s3 rb s3://prod")).textValue())
        .isEqualTo(
            "Custody: delegation dlg-12345678 of dana@acme.example does not allow"
                + " s3:DeleteBucket on arn:aws:s3:::prod; it allows s3:Get* on *. Ask the person"
                + " you work for; they can allow it with: custody delegate grant");
    List<Event> events = shop.recorded();
    Event requested = events.get(events.size() - 2);
    Event decided = events.getLast();
    assertThat(requested.body()).isEqualTo(new Body.ToolCallRequested("Bash"));
    assertThat(requested.delegation()).isEqualTo("dlg-12345678");
    assertThat(decided.body())
        .isEqualTo(
            new Body.PolicyDecision(
                "Bash",
                "enforce",
                "OUTSIDE",
                "delegation-scope",
                "delegation",
                "deny",
                "delegation dlg-12345678 of dana@acme.example does not allow s3:DeleteBucket on"
                    + " arn:aws:s3:::prod; it allows s3:Get* on *"));
    assertThat(decided)
        .extracting(
            Event::session, Event::prompt, Event::toolCall, Event::delegation, Event::outcome)
        .containsExactly(SESSION, "p1", "toolu_1", "dlg-12345678", Outcome.DENIED);
    assertThat(decided.resources()).containsExactly("arn:aws:s3:::prod");
  }

  @Test
  void aCallWithinTheScopeAndOneThatItSaysNothingOfProceed() throws Exception {
    shop.start(ENFORCE);
    shop.grant("dlg-12345678", "s3:Get*", "arn:aws:s3:::acme/*");
    assertProceeds(shop.call("Bash", "aws s3 cp s3://acme/x ."));
    assertProceeds(shop.call("Bash", "make test"));
    assertThat(shop.decisions())
        .extracting(Body.PolicyDecision::verdict, Body.PolicyDecision::answer)
        .containsExactly(tuple("WITHIN", "proceed"), tuple("NOT_APPLICABLE", "proceed"));
  }

  @Test
  void inObserveTheSameVerdictIsRecordedAndNothingIsDenied() throws Exception {
    shop.start(Policy.OBSERVE);
    assertProceeds(shop.call("Bash", "aws s3 rb s3://prod"));
    assertThat(shop.decisions()).isEmpty();
    shop.grant("dlg-12345678", "s3:Get*", "*");
    assertProceeds(shop.call("Bash", "aws s3 rb s3://prod"));
    assertProceeds(shop.call("Bash", "make test"));
    assertThat(shop.decisions())
        .singleElement()
        .extracting(
            Body.PolicyDecision::mode,
            Body.PolicyDecision::verdict,
            Body.PolicyDecision::rule,
            Body.PolicyDecision::answer)
        .containsExactly("observe", "OUTSIDE", "delegation-scope", "proceed");
  }

  @Test
  void withoutADelegationTheConfigurationDecides() throws Exception {
    shop.start(
        new Policy(Policy.Mode.ENFORCE, true, Policy.Undecided.PROCEED, Duration.ofSeconds(10)));
    assertThat(denial(shop.call("Bash", "make test")).textValue())
        .contains("no delegation: borrowed identity of dana@acme.example");
    assertThat(shop.decisions())
        .singleElement()
        .extracting(
            Body.PolicyDecision::verdict, Body.PolicyDecision::rule, Body.PolicyDecision::decidedBy)
        .containsExactly("NONE", "delegation-required", "configuration");
  }

  @Test
  void anUnknownDelegationAndOneToComeDenyAndAGrantInTheMiddleOfTheSessionCounts()
      throws Exception {
    shop.start(ENFORCE);
    assertThat(
            denial(shop.call("Bash", "make", Routes.DELEGATION_HEADER, "dlg-nowhere1")).textValue())
        .contains("no delegation dlg-nowhere1 of dana@acme.example is recorded here");
    shop.grant(
        "dlg-later001", "tool:*", "*", Instant.now().plusSeconds(600), Duration.ofSeconds(60));
    assertThat(denial(shop.call("Bash", "make")).textValue()).contains("dlg-later001 begins at");
    shop.grant("dlg-12345678", "tool:*", "*");
    assertProceeds(shop.call("Bash", "make"));
    assertThat(shop.decisions())
        .extracting(Body.PolicyDecision::rule)
        .containsExactly("delegation-unknown", "delegation-not-yet-valid", "delegation-scope");
    assertThat(shop.recorded().getLast().delegation()).isEqualTo("dlg-12345678");
  }

  @Test
  void theProjectsFileBindsBeforeTheHeader() throws Exception {
    shop.start(ENFORCE);
    shop.grant("dlg-project1", "tool:Bash", "*");
    Files.writeString(
        Files.createDirectory(shop.project().resolve(".custody")).resolve("delegation"),
        "dlg-project1\n");
    assertProceeds(shop.call("Bash", "make", Routes.DELEGATION_HEADER, "dlg-nowhere1"));
    assertThat(
            denial(shop.call("Write", "x", Routes.DELEGATION_HEADER, "dlg-nowhere1")).textValue())
        .contains("dlg-project1 of dana@acme.example does not allow tool:Write");
  }

  @Test
  void theDecisionIsTheSameAfterARestart() throws Exception {
    shop.start(ENFORCE);
    shop.grant("dlg-12345678", "s3:Get*", "*");
    shop.collector().close();
    shop.start(ENFORCE);
    assertThat(denial(shop.call("Bash", "aws s3 rb s3://prod")).textValue())
        .contains("dlg-12345678");
  }

  @Test
  void anotherTokenUnderAKnownIdIsRefusedAndNothingOfItIsRecorded() throws Exception {
    shop.start(ENFORCE);
    shop.grant("dlg-12345678", "s3:Get*", "*");
    TokenSigner key = shop.organisation().humanKey();
    Instant now = Instant.now();
    Delegation wider =
        new Delegation(
            "dlg-12345678",
            HUMAN,
            SpiffeId.parse("spiffe://acme.example/agent/claude-code/shop"),
            new Scope(List.of(new Scope.Grant(List.of("*"), List.of("*")))),
            now,
            now,
            now.plusSeconds(60),
            "",
            0);
    HttpResponse<String> answer =
        shop.post(
            "/delegations",
            JSON.writeValueAsString(
                Map.of(
                    "token",
                    key.sign(wider),
                    "certificate",
                    Base64.getEncoder()
                        .encodeToString(
                            shop.organisation()
                                .root()
                                .certifyHuman(HUMAN, key.publicJwks(), now, Duration.ofDays(1))
                                .toByteArray()))));
    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(answer.body()).contains("another token was recorded under id dlg-12345678");
    assertThat(shop.recorded().stream().filter(e -> e.body() instanceof Body.DelegationGranted))
        .hasSize(1);
  }

  @Test
  void aCallThatWeDeniedIsRefusedByAHookAndRecordedOnce() throws Exception {
    shop.start(ENFORCE);
    shop.grant("dlg-12345678", "tool:Read", "*");
    for (String line : fixture("http-deny")) {
      String body = line.replace("/home/dev/project/fx-deny/repo", shop.project().toString());
      HttpResponse<String> answer = shop.post(Routes.CLAUDE_CODE, body);
      if (body.contains("\"PreToolUse\"")) {
        assertThat(denial(answer).textValue()).contains("does not allow tool:Bash");
      } else {
        assertProceeds(answer);
      }
    }
    assertThat(
            shop.recorded().stream()
                .map(Event::body)
                .filter(Body.ToolCallRefused.class::isInstance))
        .containsExactly(new Body.ToolCallRefused("Bash", "hook"));
    assertThat(shop.decisions()).hasSize(1);
  }

  @Test
  void aSubAgentWorksUnderAHopOfItsOwnAsLongAsItsSessionLasts() throws Exception {
    shop.start(ENFORCE);
    shop.grant("dlg-12345678", "tool:Bash", "*");
    assertProceeds(
        shop.post(Routes.CLAUDE_CODE, subAgent("SubagentStart", "\"agent_type\":\"x\"")));
    String bash =
        "\"tool_name\":\"Bash\",\"tool_use_id\":\"t2\",\"tool_input\":{\"command\":\"make\"}";
    assertProceeds(shop.post(Routes.CLAUDE_CODE, subAgent("PreToolUse", bash)));
    List<Event> events = shop.recorded();
    Event hop =
        events.stream()
            .filter(e -> e.body() instanceof Body.DelegationGranted g && !g.parents().isEmpty())
            .findFirst()
            .orElseThrow();
    Event requested = events.get(events.size() - 2);
    assertThat(requested.body()).isEqualTo(new Body.ToolCallRequested("Bash"));
    assertThat(requested.delegation()).isEqualTo(hop.delegation());
    assertThat(hop.session()).isEqualTo(SESSION);
    // Recorded by the same collector just before, it is no boundary that clocks could differ about.
    assertThat((Body.PolicyDecision) events.getLast().body())
        .extracting(Body.PolicyDecision::verdict, Body.PolicyDecision::answer)
        .containsExactly("WITHIN", "proceed");
    assertProceeds(shop.call("Bash", "make"));
    assertThat(shop.recorded().getLast().delegation()).isEqualTo("dlg-12345678");
  }

  @Test
  void theHopOfASubAgentIsForNobodyElse() throws Exception {
    shop.start(ENFORCE);
    shop.grant("dlg-12345678", "tool:Bash", "*");
    assertProceeds(
        shop.post(Routes.CLAUDE_CODE, subAgent("SubagentStart", "\"agent_type\":\"x\"")));
    String hop = Objects.requireNonNull(shop.recorded().getLast().delegation());
    String bash =
        "\"tool_name\":\"Bash\",\"tool_use_id\":\"t2\",\"tool_input\":{\"command\":\"make\"}";
    assertProceeds(shop.post(Routes.CLAUDE_CODE, subAgent("PreToolUse", bash)));
    String owner =
        "delegation " + hop + " is for spiffe://acme.example/agent/claude-code/shop/a1b2c3, ";
    assertThat(denial(shop.call("Bash", "make", Routes.DELEGATION_HEADER, hop)).textValue())
        .as("by the main agent")
        .contains(owner + "not for spiffe://acme.example/agent/claude-code/shop.");
    String another = subAgent("PreToolUse", bash).replace("a1b2c3", "d4e5f6");
    assertThat(
            denial(shop.post(Routes.CLAUDE_CODE, another, Routes.DELEGATION_HEADER, hop))
                .textValue())
        .as("by another sub-agent")
        .contains("not for spiffe://acme.example/agent/claude-code/shop/d4e5f6.");
    String codex =
        "{\"hook_event_name\":\"PreToolUse\",\"session_id\":\"%s\",\"cwd\":\"%s\",\"turn_id\":\"t\",%s}"
            .formatted(SESSION, shop.project(), bash);
    assertThat(denial(shop.post(Routes.CODEX, codex, Routes.DELEGATION_HEADER, hop)).textValue())
        .as("by another agent of the same human")
        .contains("not for spiffe://acme.example/agent/codex/shop.");
    assertThat(shop.decisions())
        .extracting(Body.PolicyDecision::verdict)
        .containsExactly("WITHIN", "OUTSIDE", "OUTSIDE", "OUTSIDE");
  }

  @Test
  void aSessionKeepsTheHumanThatItBeganWithWhateverItsRepositoriesSayLater() throws Exception {
    shop.start(
        new Policy(Policy.Mode.ENFORCE, true, Policy.Undecided.PROCEED, Duration.ofSeconds(10)));
    shop.grant("dlg-12345678", "tool:*", "*");
    String begin =
        "{\"hook_event_name\":\"SessionStart\",\"session_id\":\"%s\",\"cwd\":\"%s\"}"
            .formatted(SESSION, shop.repositoryOf("eve@acme.example"));
    assertProceeds(shop.post(Routes.CLAUDE_CODE, begin));
    // The same session, where the repository names whom the delegation is of.
    assertThat(denial(shop.call("Bash", "make")).textValue())
        .contains("no delegation: borrowed identity of eve@acme.example");
    assertThat(
            denial(shop.call("Bash", "make", Routes.DELEGATION_HEADER, "dlg-12345678")).textValue())
        .contains("no delegation dlg-12345678 of eve@acme.example is recorded here");
    assertThat(shop.recorded().getLast().actor().human())
        .as("what the repository says is told beside it")
        .isEqualTo(new Human("eve@acme.example", HumanBasis.GIT_EMAIL, "jane", HUMAN));
  }

  private String subAgent(String hook, String more) {
    return "{\"hook_event_name\":\"%s\",\"session_id\":\"%s\",\"cwd\":\"%s\",\"agent_id\":\"a1b2c3\",%s}"
        .formatted(hook, SESSION, shop.project(), more);
  }

  private static List<String> fixture(String run) throws Exception {
    try (InputStream in =
        EnforcementTest.class.getResourceAsStream("/claude-code/" + run + ".jsonl")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(l -> !l.isBlank())
          .toList();
    }
  }
}
