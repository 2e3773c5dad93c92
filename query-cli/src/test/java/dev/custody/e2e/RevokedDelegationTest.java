package dev.custody.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.custody.access.TokenFile;
import dev.custody.cli.CommandRun;
import dev.custody.detect.ShippedRules;
import dev.custody.local.AllInOne;
import dev.custody.local.CollectorClient;
import dev.custody.local.Installation;
import dev.custody.source.cloudtrail.CloudTrailSource;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Rosa lets her agent look at machines, it looks, she takes it back, it looks again. The story is
 * told once, to an all-in-one that is stopped then; each test asks about it.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RevokedDelegationTest {
  private static final Duration LONG = Duration.ofMinutes(2);

  /** Nearer than this to a revocation an act is UNCERTAIN (docs/scope.md): it is waited out. */
  private static final Duration SKEW = Duration.ofSeconds(5);

  private static final String BEFORE = "ec2:DescribeInstances";
  private static final String AFTER = "ec2:DescribeVolumes";
  private static final String REASON = "the machines are counted";

  private final Path directory;
  private final Asking custody;
  private String delegation = "";
  private @Nullable JsonNode saidBefore;
  private List<JsonNode> verifiedWhileRunning = List.of();

  RevokedDelegationTest(@TempDir Path directory) {
    this.directory = directory;
    this.custody = new Asking(directory.resolve("data"));
  }

  @BeforeAll
  void tellTheStory() throws Exception {
    CommandRun.assumeOutsideAgents();
    GitRepository ledger = GitRepository.make(directory.resolve("ledger"), Story.ROSA);
    try (AllInOne all =
            AllInOne.start(
                AllInOne.Config.onAnyPort(custody.data(), 2, "local", ShippedRules.load()),
                CustodyProcess.wrappingKey(directory));
        CollectorClient collector = new CollectorClient(all.http())) {
      delegation = granted();
      await(nextSecond());
      AgentSession agent =
          new AgentSession(List.of(collector), ledger.directory(), Story.ROSAS_SESSION);
      agent.starts();
      agent.prompted(Story.ROSAS_PROMPT, "Count the machines");
      agent.ran(Story.SHOWS, "cat config.ini", Story.configuration(Story.ROSAS_KEY));
      looks(agent, collector, Story.LOOKS, "aws ec2 describe-instances", BEFORE);
      await(Instant.now().plus(SKEW));
      assertThat(all.awaitIndexed(LONG)).isTrue();
      saidBefore = custody.one("who", BEFORE);

      byHuman("delegate", "revoke", delegation, "--reason", REASON);
      await(nextSecond().plus(SKEW));
      looks(agent, collector, Story.ENDS, "aws ec2 describe-volumes", AFTER);
      assertThat(all.awaitIndexed(LONG)).isTrue();
      verifiedWhileRunning = custody.json("delegate", "verify", delegation);
    }
  }

  private String granted() {
    String said =
        byHuman(
            "delegate",
            "grant",
            "--human",
            Story.ROSA,
            "--agent",
            "claude-code",
            "--project",
            "ledger",
            "--action",
            "ec2:Describe*",
            "--not-before",
            Instant.now().minus(10, ChronoUnit.MINUTES).toString(),
            "--for",
            "8h");
    assertThat(said).startsWith("granted dlg-");
    return said.split(" ", -1)[1];
  }

  private String byHuman(String... words) {
    List<String> all = new ArrayList<>(List.of(words));
    all.addAll(List.of("--wrapping-key", CustodyProcess.wrappingKey(directory).toString()));
    return custody.text(all.toArray(String[]::new));
  }

  /** A command, and what the cloud recorded of it while it ran. */
  private void looks(
      AgentSession agent, CollectorClient collector, String call, String command, String action)
      throws Exception {
    agent.begins(call, command);
    Trail trail = new Trail();
    trail.call(call, Instant.now(), action, "ledger-ops", Story.ROSAS_KEY, "all");
    JsonNode taken =
        collector
            .importing(custody.data().resolve(TokenFile.IMPORT_NAME))
            .records(CloudTrailSource.SHAPE, trail.lines());
    assertThat(taken.path("recorded").asInt()).as("%s", taken).isEqualTo(1);
    agent.finishes(call, command, "none");
  }

  // A cloud tells whole seconds: what it did in the second of a grant may have been done before it.
  private static Instant nextSecond() {
    return Instant.now().truncatedTo(ChronoUnit.SECONDS).plusSeconds(1);
  }

  private static void await(Instant moment) throws InterruptedException {
    Await.until("the clock shows " + moment, LONG, () -> !Instant.now().isBefore(moment));
  }

  @Test
  void whatWasDoneBeforeTheRevocationStaysWithin() throws Exception {
    JsonNode before = Objects.requireNonNull(saidBefore);
    assertThat(before.path("delegationVerdict").asText()).isEqualTo("WITHIN");
    assertThat(before.path("delegation").asText()).isEqualTo(delegation);
    assertThat(before.path("session").asText()).isEqualTo(Story.ROSAS_SESSION);
    assertThat(custody.one("who", BEFORE)).isEqualTo(before);
  }

  @Test
  void whatWasDoneAfterTheRevocationIsRevoked() throws Exception {
    JsonNode after = custody.one("who", AFTER);
    assertThat(after.path("delegationVerdict").asText()).isEqualTo("REVOKED");
    assertThat(after.path("delegation").asText()).isEqualTo(delegation);
    assertThat(after.path("delegationGrantor").asText()).isEqualTo(Story.ROSA);
    assertThat(after.path("delegationReason").asText())
        .startsWith(delegation + " was revoked at ")
        .endsWith(": " + REASON);
    assertThat(after.path("human").asText()).isEqualTo(Story.ROSA);
    assertThat(after.path("session").asText()).isEqualTo(Story.ROSAS_SESSION);
    assertThat(custody.text("who", AFTER)).contains("REVOKED", delegation, REASON);
  }

  @Test
  void theDelegationIsShownAsRevokedWithBothActs() throws Exception {
    JsonNode shown = custody.one("delegate", "show", delegation);
    assertThat(shown.path("state").asText()).isEqualTo("REVOKED");
    assertThat(shown.at("/judged/WITHIN").asInt()).isEqualTo(1);
    assertThat(shown.at("/judged/REVOKED").asInt()).isPositive();
    assertThat(custody.text("delegate", "list")).contains("revoked since ", REASON);
  }

  @Test
  void theStoredGrantAndItsRevocationVerifyWhetherCustodyRunsOrNot() throws Exception {
    List<JsonNode> stopped = custody.json("delegate", "verify", delegation);
    assertThat(stopped).hasSize(3).isEqualTo(verifiedWhileRunning);
    assertThat(stopped.get(0).path("id").asText()).isEqualTo(delegation);
    assertThat(stopped.get(0).path("signer").asText()).isEqualTo(Story.ROSA);
    assertThat(stopped.get(1).path("verdict").asText()).isEqualTo("VERIFIES");
    assertThat(stopped.get(2).path("verdict").asText()).isEqualTo("REVOKES");
    assertThat(stopped.get(2).path("why").asText())
        .startsWith(delegation + " by " + Story.ROSA + " at ")
        .endsWith(": " + REASON);
    assertThat(custody.text("delegate", "verify", delegation))
        .contains("hop 1  " + delegation + "  signed by " + Story.ROSA)
        .contains("VERIFIES: 1 hop\n", "REVOKES: " + delegation);
  }

  @Test
  void underAnotherRootNeitherTheStoredGrantNorItsRevocationVerifies() throws Exception {
    Path elsewhere = directory.resolve("elsewhere");
    var _ =
        Installation.open(elsewhere, CustodyProcess.wrappingKey(directory))
            .enrol(Story.ROSA, Instant.now());
    CommandRun.Result result =
        custody.run(
            "delegate",
            "verify",
            delegation,
            "--root",
            Installation.rootFile(elsewhere).toString());
    assertThat(result.code()).as(result.err()).isEqualTo(1);
    assertThat(result.out().lines())
        .hasSize(2)
        .allSatisfy(line -> assertThat(line).startsWith("UNKNOWN_SIGNER: "));
  }

  @Test
  void anIdThatTheStoredLogDoesNotHoldIsNoVerdict() {
    CommandRun.Result result = custody.run("delegate", "verify", "dlg-nowhere1");
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.out()).isEmpty();
    assertThat(result.err())
        .contains("no delegation dlg-nowhere1: ", "none is recorded under that id");
  }
}
