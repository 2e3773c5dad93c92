package dev.custody.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.custody.attribution.Attribution;
import dev.custody.attribution.Candidate;
import dev.custody.attribution.DelegationUse;
import dev.custody.attribution.DelegationVerdict;
import dev.custody.attribution.Grade;
import dev.custody.delegation.HopSigner;
import dev.custody.event.Body.Hop;
import dev.custody.event.Human;
import dev.custody.event.HumanBasis;
import dev.custody.identity.Delegation;
import dev.custody.identity.Scope;
import dev.custody.identity.SpiffeId;
import dev.custody.index.EventIndex;
import dev.custody.index.Incident;
import dev.custody.local.Installation;
import dev.custody.source.delegation.DelegationRequest;
import dev.custody.wire.Formats;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What people are told of delegations, and what a file with one is worth. */
class DelegateCommandTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String DANA = "dana@example.test";
  private static final String LAPTOP = "spiffe://local/collector/laptop";
  private static final SpiffeId AGENT = SpiffeId.parse("spiffe://local/agent/claude-code/api");

  @TempDir private Path directory;

  private final Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
  private Path data;
  private Installation keys;
  private Hop grant;

  @BeforeEach
  void signGrant() throws Exception {
    data = directory.resolve("data");
    keys = Installation.open(data, directory.resolve("wrapping.key"));
    grant = granted("s3:Get*", 1);
  }

  private static Scope scope(String action) {
    return new Scope(List.of(new Scope.Grant(List.of(action), List.of("*"))));
  }

  private Hop granted(String action, int maxDepth) throws Exception {
    return granted(action, maxDepth, now, now.plusSeconds(60));
  }

  private Hop granted(String action, int maxDepth, Instant from, Instant until) throws Exception {
    Installation.EnrolledHuman dana = keys.enrol(DANA, from.isBefore(now) ? from : now);
    Delegation own =
        new Delegation(
            "dlg-parent01",
            DANA,
            AGENT,
            scope(action),
            from.isBefore(now) ? from : now,
            from,
            until,
            "",
            maxDepth);
    return new Hop(dana.signer().sign(own), dana.certificate());
  }

  private Hop handedOn(String action, Hop parent) throws Exception {
    HopSigner signer = keys.agents(LAPTOP, now).orElseThrow();
    Delegation hop =
        new Delegation(
            "dlg-hop00001",
            LAPTOP,
            DANA,
            List.of(SpiffeId.parse(AGENT + "/a1"), AGENT),
            scope(action),
            now,
            now,
            now.plusSeconds(60),
            "",
            0,
            null,
            Delegation.commitment(parent.token()));
    return new Hop(signer.key().sign(hop), signer.certificate());
  }

  private CommandRun.Result run(String... words) {
    List<String> all = new ArrayList<>(List.of("--data", data.toString(), "delegate"));
    all.addAll(Arrays.asList(words));
    return CommandRun.run(all.toArray(String[]::new));
  }

  private String file(Hop signed, Hop... parents) throws IOException {
    return Files.writeString(
            directory.resolve("delegation.json"),
            new DelegationRequest(signed, List.of(parents)).toJson())
        .toString();
  }

  @Test
  void aGrantIsNeverWiderThanWhatWasAskedFor() {
    CommandRun.assumeOutsideAgents();
    CommandRun.Result result =
        run(
            "grant",
            "--human",
            DANA,
            "--agent",
            "spiffe://local/agent/claude-code",
            "--project",
            "api",
            "--action",
            "s3:*",
            "--for",
            "1h");
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err())
        .contains("--project goes with a product; the SPIFFE ID names the project itself")
        .contains("hint: custody delegate grant --help");
  }

  @Test
  void aDelegateIsSpeltAsTheIdsOfAgentsAre() {
    assertThat(DelegateCommand.Grant.delegate("local", "Claude-Code", null))
        .hasToString("spiffe://local/agent/claude-code");
    assertThat(DelegateCommand.Grant.delegate("local", "Claude-Code", "Acme API"))
        .isEqualTo(SpiffeId.agent("local", "claude-code", "Acme API"));
    assertThat(DelegateCommand.Grant.delegate("local", AGENT + "/A1b2", null))
        .as("a sub-agent is called as it calls itself")
        .hasToString(AGENT + "/A1b2");
    assertThatThrownBy(
            () -> DelegateCommand.Grant.delegate("local", "spiffe://local/agent/Claude-Code", null))
        .hasMessage(
            "--agent: expected product and project in lower case, as agents' ids have them, found spiffe://local/agent/Claude-Code");
  }

  @Test
  void aFileWhoseHopsAllVerifyIsToldHopByHop() throws Exception {
    CommandRun.Result result = run("verify", file(handedOn("s3:Get*", grant), grant));
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.out())
        .contains("hop 1  dlg-parent01  signed by " + DANA)
        .contains("hop 2  dlg-hop00001  signed by " + LAPTOP)
        .endsWith("VERIFIES: 2 hops\n");
    List<String> lines =
        run("verify", "--json", file(handedOn("s3:Get*", grant), grant)).out().lines().toList();
    assertThat(lines).hasSize(3);
    assertThat(JSON.readTree(lines.getLast()).path("verdict").asText()).isEqualTo("VERIFIES");
  }

  @ParameterizedTest
  @CsvSource({
    "-7200, -3600, ended, ENDED",
    "-60, 3600, in force unless revoked, IN_FORCE",
    "1800, 3600, not begun, NOT_BEGUN"
  })
  void howADelegationStandsByItsTimesIsTold(int from, int until, String words, String standing)
      throws Exception {
    Hop hop = granted("s3:*", 0, now.plusSeconds(from), now.plusSeconds(until));
    CommandRun.Result result = run("verify", file(hop));
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.out())
        .contains("until " + now.plusSeconds(until) + ": " + words + "\n")
        .endsWith("VERIFIES: 1 hop\n");
    String first = run("verify", "--json", file(hop)).out().lines().findFirst().orElseThrow();
    assertThat(JSON.readTree(first).path("standing").asText()).isEqualTo(standing);
  }

  @Test
  void aHopThatWidensIsNamedAndTheExitCodeIsOne() throws Exception {
    CommandRun.Result widened = run("verify", file(handedOn("s3:*", grant), grant));
    assertThat(widened.code()).isEqualTo(1);
    assertThat(widened.out()).contains("hop 1  dlg-parent01").contains("WIDENED: hop 2 of 2: ");
    Hop other = granted("s3:Get*", 1);
    CommandRun.Result spliced = run("verify", file(handedOn("s3:Get*", grant), other));
    assertThat(spliced.code()).isEqualTo(1);
    assertThat(spliced.out()).contains("SPLICED: hop 2 of 2: ");
    Installation stranger =
        Installation.open(directory.resolve("else"), directory.resolve("wrapping.key"));
    CommandRun.Result unknown =
        run("verify", file(new Hop(grant.token(), stranger.enrol(DANA, now).certificate())));
    assertThat(unknown.code()).isEqualTo(1);
    assertThat(unknown.out()).contains("UNKNOWN_SIGNER: ");
  }

  @Test
  void aRevocationVerifiesToo() throws Exception {
    Installation.EnrolledHuman dana = keys.enrol(DANA, now);
    Delegation.Revocation revocation =
        new Delegation.Revocation("rev-00000001", DANA, "dlg-parent01", now, "moved");
    CommandRun.Result result =
        run("verify", file(new Hop(dana.signer().sign(revocation), dana.certificate())));
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.out()).startsWith("REVOKES: dlg-parent01 by " + DANA).endsWith(": moved\n");
  }

  @Test
  void whatCannotBeCheckedIsNoVerdict() throws Exception {
    Path noJson = Files.writeString(directory.resolve("no.json"), "{");
    CommandRun.Result malformed = run("verify", noJson.toString());
    assertThat(malformed.code()).isEqualTo(2);
    assertThat(malformed.err()).contains("no.json is no delegation: expected JSON");
    CommandRun.Result unknown = run("verify", "dlg-nowhere1");
    assertThat(unknown.code()).isEqualTo(2);
    assertThat(unknown.err()).contains("no log: ");
    Path none = directory.resolve("none.pub");
    CommandRun.Result rootless = run("verify", file(grant), "--root", none.toString());
    assertThat(rootless.code()).isEqualTo(2);
    assertThat(rootless.err()).contains("no root key: expected the file " + none);
  }

  private static Attribution statement(
      long second, String kind, String id, String human, Instant until, String reason) {
    return Incident.event(second, kind)
        .best(
            new Candidate(
                null,
                new Human(human, HumanBasis.SIGNED_DELEGATION, null, null),
                null,
                null,
                null,
                null,
                Grade.PROVEN,
                List.of("signed"),
                List.of(),
                id))
        .delegation(
            new DelegationUse(
                DelegationVerdict.NOT_APPLICABLE,
                id,
                human,
                List.of("s3:Get* on *"),
                until,
                null,
                reason))
        .build();
  }

  private void index(Attribution... events) throws IOException {
    Incident.index(data.resolve("index"));
    try (EventIndex index = EventIndex.open(data.resolve("index"))) {
      for (Attribution event : events) {
        index.add(event, Formats.ATTRIBUTION.encode(event));
      }
      index.commit(Map.of());
    }
  }

  private JsonNode shown(String id) throws IOException {
    CommandRun.Result result = run("show", id, "--json");
    assertThat(result.code()).as(result.err()).isZero();
    return JSON.readTree(result.out());
  }

  @Test
  void aDelegationIsInForceUntilItsEndOrUntilItsGrantorRevokesIt() throws Exception {
    Instant later = now.plus(Duration.ofHours(1));
    index(
        statement(30, "DelegationGranted", "dlg-00000001", DANA, later, "granted"),
        statement(31, "DelegationGranted", "dlg-00000002", DANA, later, "granted"),
        statement(32, "DelegationGranted", "dlg-00000003", DANA, Incident.START, "granted"),
        statement(40, "DelegationRevoked", "dlg-00000001", "joe@example.test", later, "no"),
        statement(41, "DelegationRevoked", "dlg-00000002", DANA, later, "moved"));
    assertThat(shown("dlg-00000001").path("state").asText())
        .as("somebody else's revocation ends nothing")
        .isEqualTo("IN_FORCE");
    assertThat(shown("dlg-00000002").path("state").asText()).isEqualTo("REVOKED");
    assertThat(shown("dlg-00000002").path("since").asText())
        .isEqualTo(Incident.START.plusSeconds(41).toString());
    assertThat(shown("dlg-00000003").path("state").asText()).isEqualTo("ENDED");
    assertThat(run("show", "dlg-00000002").out()).contains("revoked since ").contains("(moved)");
    assertThat(run("list").out())
        .contains("dlg-00000001", "dlg-00000002", "dlg-00000003")
        .contains("in force");
    assertThat(run("show", "dlg-nowhere1").code()).isEqualTo(1);
  }

  @Test
  void aGrantWithADepthOrATimeOutOfRangeIsRefusedBeforeAnythingIsSigned() {
    String[] usual = {
      "grant", "--human", DANA, "--agent", "claude-code", "--action", "s3:*", "--for"
    };
    for (List<String> rest : List.of(List.of("1h", "--max-depth", "9"), List.of("1 hour"))) {
      List<String> words = new ArrayList<>(Arrays.asList(usual));
      words.addAll(rest);
      CommandRun.Result result = run(words.toArray(String[]::new));
      assertThat(result.code()).isEqualTo(2);
      assertThat(result.err()).contains(AgentProcess.around().isPresent() ? "refused" : "expected");
    }
  }
}
