package dev.custody.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.custody.attribution.Attribution;
import dev.custody.attribution.Candidate;
import dev.custody.attribution.Grade;
import dev.custody.event.Agent;
import dev.custody.event.Human;
import dev.custody.event.HumanBasis;
import dev.custody.index.EventIndex;
import dev.custody.index.Incident;
import dev.custody.wire.Formats;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Agents that were registered, and agents that were seen. */
class AgentCommandTest {
  private static final String SEEN = "spiffe://local/agent/claude-code/acme-api";
  private static final String CODEX = "spiffe://local/agent/codex/web";

  @TempDir private Path data;

  @BeforeEach
  void makeIndex() throws IOException {
    Incident.index(data.resolve("index"));
  }

  private void add(Attribution... events) {
    try (EventIndex index = EventIndex.open(data.resolve("index"))) {
      for (Attribution event : events) {
        index.add(event, Formats.ATTRIBUTION.encode(event));
      }
      index.commit(Map.of());
    }
  }

  private CommandRun.Result run(String... args) {
    String[] all = new String[args.length + 3];
    all[0] = "--data";
    all[1] = data.toString();
    all[2] = "agent";
    System.arraycopy(args, 0, all, 3, args.length);
    return CommandRun.run(all);
  }

  /** A statement, as the stream attributes it. */
  private static Attribution statement(long second, String kind, String id, Grade grade) {
    return Incident.event(second, kind)
        .action(kind.equals("AgentRegistered") ? "agent:register" : "agent:retire")
        .resources(id)
        .best(
            new Candidate(
                null,
                new Human("rosa@example.test", HumanBasis.SIGNED_DELEGATION, null, null),
                null,
                null,
                null,
                null,
                grade,
                List.of(grade == Grade.PROVEN ? "signed" : "does not count: unknown signer"),
                List.of(),
                null))
        .build();
  }

  private static Attribution act(long second, String id, String session) {
    return Incident.event(second, "ToolCallRequested")
        .action("tool:Bash")
        .best(
            new Candidate(
                new Agent("codex", null, id, session, null),
                Incident.HUMAN,
                session,
                null,
                null,
                null,
                Grade.CORROBORATED,
                List.of(),
                List.of(),
                null))
        .build();
  }

  private static Attribution genesis() {
    return Incident.event(0, "Genesis").resources("spiffe://local/collector/laptop").build();
  }

  @Test
  void anAgentThatWasSeenAndNeverRegisteredIsListedAsSuch() {
    assertThat(run("list").code()).isEqualTo(1);
    assertThat(run("list").out())
        .isEqualTo("nothing found; custody agent list --unregistered shows who was seen at work\n");
    assertThat(run("list", "--unregistered").out())
        .isEqualTo(
            """
            spiffe://local/agent/claude-code/acme-api  not registered
              seen         2026-11-22 07:14:01Z to 2026-11-22 07:14:08Z, 1 session, 7 events
              for          dana@example.test
            """);
  }

  @Test
  void aRegisteredAgentIsListedWithWhoAndWhen() {
    add(statement(30, "AgentRegistered", SEEN, Grade.PROVEN));
    assertThat(run("list").out())
        .isEqualTo(
            """
            spiffe://local/agent/claude-code/acme-api  registered
              registered   2026-11-22 07:14:30Z by rosa@example.test
              seen         2026-11-22 07:14:01Z to 2026-11-22 07:14:08Z, 1 session, 7 events
              for          dana@example.test
            """);
    assertThat(run("list", "--unregistered").code()).isEqualTo(1);
    assertThat(run("list", "--unregistered").out())
        .isEqualTo("nothing found; every agent that was seen is registered\n");
  }

  @Test
  void aRegistrationThatDoesNotVerifyDoesNotCountAndIsShownAsUnverified() {
    add(statement(30, "AgentRegistered", SEEN, Grade.UNATTRIBUTED));
    assertThat(run("list").code()).isEqualTo(1);
    assertThat(run("list", "--unregistered").out()).contains("not registered");
    assertThat(run("show", SEEN).out())
        .contains(
            "  unverified   AgentRegistered of 2026-11-22 07:14:30Z does not count: unknown signer\n");
  }

  @Test
  void aRetiredAgentThatIsSeenAgainShowsAsSuch() {
    add(
        statement(30, "AgentRegistered", CODEX, Grade.PROVEN),
        act(35, CODEX, "one"),
        statement(40, "AgentRetired", CODEX, Grade.PROVEN));
    assertThat(run("list").out()).contains(CODEX + "  retired\n");
    assertThat(run("list", "--unregistered").out()).doesNotContain(CODEX);
    add(act(50, CODEX, "two"));
    assertThat(run("list").out())
        .contains(
            """
            spiffe://local/agent/codex/web  retired, and seen again
              registered   2026-11-22 07:14:30Z by rosa@example.test
              retired      2026-11-22 07:14:40Z by rosa@example.test
              seen         2026-11-22 07:14:35Z to 2026-11-22 07:14:50Z, 2 sessions, 2 events
            """);
    assertThat(run("list", "--unregistered").out()).contains(CODEX + "  retired, and seen again");
    add(statement(60, "AgentRegistered", CODEX, Grade.PROVEN));
    assertThat(run("list").out()).contains(CODEX + "  registered\n").doesNotContain("  retired");
  }

  @Test
  void aRegistrationCoversItsTasksUnlessOneIsRegisteredApart() {
    add(
        statement(30, "AgentRegistered", CODEX, Grade.PROVEN),
        statement(31, "AgentRegistered", CODEX + "/nightly", Grade.PROVEN),
        statement(32, "AgentRetired", CODEX + "/nightly", Grade.PROVEN),
        act(40, CODEX + "/review", "one"),
        act(41, CODEX + "/nightly", "two"),
        act(42, CODEX + "-2", "three"));
    assertThat(run("list", "--unregistered").out())
        .contains(CODEX + "-2  not registered", CODEX + "/nightly  retired, and seen again")
        .doesNotContain(CODEX + "/review");
    assertThat(run("show", "codex/web").out()).contains("session      one").doesNotContain("two");
    assertThat(run("show", "codex/web/review").out())
        .startsWith(CODEX + "/review  registered\n")
        .contains("session      one");
  }

  @Test
  void oneAgentIsShownWithSessionsHumansDelegationsHostsAndWhoVouchesForIt() {
    add(statement(30, "AgentRegistered", SEEN, Grade.PROVEN), genesis());
    assertThat(run("show", "claude-code/Acme-API").out())
        .isEqualTo(
            """
            spiffe://local/agent/claude-code/acme-api  registered
              registered   2026-11-22 07:14:30Z by rosa@example.test  PROVEN
              seen         2026-11-22 07:14:01Z to 2026-11-22 07:14:08Z, 1 session, 7 events
              for          dana@example.test
              delegations  dlg-8f2a11
              hosts        laptop
              session      de69fa27-56e9-4a24-a42a-3fbc674d999f  2026-11-22 07:14:01Z to 2026-11-22 07:14:08Z, 7 events, for dana@example.test, on laptop
              vouched by   an instance is one session; the collector spiffe://local/collector/laptop vouches for it by its certificate
            """);
    assertThat(run("show", SEEN).out()).isEqualTo(run("show", "claude-code/acme-api").out());
    assertThat(run("show", "claude-code").code()).isEqualTo(1);
    assertThat(run("show", "spiffe://other/agent/claude-code/acme-api").code()).isEqualTo(1);
  }

  @Test
  void whoNamesTheCollectorThatVouchesForTheRecord() throws IOException {
    add(genesis());
    CommandRun.Result who = CommandRun.run("--data", data.toString(), "who", "s3:DeleteBucket");
    assertThat(who.out())
        .contains("  vouched by   spiffe://local/collector/laptop (chain 7f3a1c0d…)\n");
    CommandRun.Result json =
        CommandRun.run("--data", data.toString(), "who", "s3:DeleteBucket", "--json");
    assertThat(new ObjectMapper().readTree(json.out()).path("vouchedBy").asText())
        .isEqualTo("spiffe://local/collector/laptop");
  }

  @Test
  void programsGetTheSame() throws IOException {
    add(statement(30, "AgentRegistered", SEEN, Grade.PROVEN), genesis());
    JsonNode listed = new ObjectMapper().readTree(run("list", "--json").out());
    assertThat(listed.path("kind").asText()).isEqualTo("Agent");
    assertThat(listed.path("spiffeId").asText()).isEqualTo(SEEN);
    assertThat(listed.path("product").asText()).isEqualTo("claude-code");
    assertThat(listed.path("project").asText()).isEqualTo("acme-api");
    assertThat(listed.path("task").isNull()).isTrue();
    assertThat(listed.path("status").asText()).isEqualTo("REGISTERED");
    assertThat(listed.path("registeredBy").asText()).isEqualTo("rosa@example.test");
    assertThat(listed.path("registeredAt").asText()).isEqualTo("2026-11-22T07:14:30Z");
    assertThat(listed.path("retiredAt").isNull()).isTrue();
    assertThat(listed.path("sessions").asInt()).isEqualTo(1);
    JsonNode shown = new ObjectMapper().readTree(run("show", SEEN, "--json").out());
    assertThat(shown.path("statements")).hasSize(1);
    assertThat(shown.path("instances")).hasSize(1);
    assertThat(shown.path("instances").path(0).path("session").asText())
        .isEqualTo(Incident.SESSION);
    assertThat(shown.path("vouchedBy").path(0).asText())
        .isEqualTo("spiffe://local/collector/laptop");
    assertThat(shown.path("delegations").path(0).asText()).isEqualTo("dlg-8f2a11");
  }

  @Test
  void theHistoryOfAnAnswerIsShownOnRequestAndToPrograms() throws IOException {
    Attribution replaced = Incident.DELETED;
    add(
        Incident.event(5, "CloudCall")
            .revision(replaced.revision() + 1)
            .action("s3:DeleteBucket")
            .resources("arn:aws:s3:::acme-prod-builds")
            .best(Incident.candidate("toolu_other", Grade.PROVEN, "issued to the session"))
            .build());
    String who =
        CommandRun.run("--data", data.toString(), "who", "s3:DeleteBucket", "--history").out();
    assertThat(who)
        .contains(
            "  earlier      revision 1: claude-code for dana@example.test, session de69fa27…  CORROBORATED: key id shown in the tool's result (toolu_01dj); the call's time lies inside the tool call; delegation OUTSIDE dlg-8f2a11\n");
    assertThat(CommandRun.run("--data", data.toString(), "who", "s3:DeleteBucket").out())
        .contains("  history      1 earlier answer; --history shows it\n");
    JsonNode json =
        new ObjectMapper()
            .readTree(
                CommandRun.run("--data", data.toString(), "who", "s3:DeleteBucket", "--json")
                    .out());
    assertThat(json.path("history")).hasSize(1);
    assertThat(json.path("history").path(0).path("revision").asLong()).isEqualTo(1);
    assertThat(json.path("history").path(0).path("grade").asText()).isEqualTo("CORROBORATED");
    assertThat(json.path("history").path(0).path("delegationVerdict").asText())
        .isEqualTo("OUTSIDE");
    assertThat(json.path("history").path(0).path("reasons")).hasSize(2);
  }

  @Test
  void anAgentThatIsNoneIsRefusedBeforeAnythingIsSigned() {
    for (String[] args :
        List.of(
            new String[] {"--agent", "claude-code"},
            new String[] {"--agent", "spiffe://local/agent/claude-code"},
            new String[] {"--agent", "spiffe://local/collector/laptop/x"},
            new String[] {"--agent", "spiffe://local/agent/a/b", "--project", "c"},
            new String[] {"--agent", "claude-code", "--project", "x", "--trust-domain", "A b"})) {
      String[] all = new String[args.length + 3];
      all[0] = "register";
      all[1] = "--human";
      all[2] = "dana@example.test";
      System.arraycopy(args, 0, all, 3, args.length);
      CommandRun.Result result = run(all);
      assertThat(result.code()).as("%s", List.of(args)).isEqualTo(2);
      assertThat(result.err()).startsWith("custody: ").contains("\nhint: ");
      assertThat(data.resolve("keys")).doesNotExist();
    }
  }

  @Test
  void helpHasExamples() {
    for (String command : List.of("register", "retire", "list", "show")) {
      assertThat(CommandRun.run("agent", command, "--help").out()).contains("Examples:", "--data");
    }
    assertThat(CommandRun.run("agent").err()).contains("register, retire, list, show");
  }
}
