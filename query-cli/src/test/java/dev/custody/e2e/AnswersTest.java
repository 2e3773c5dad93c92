package dev.custody.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.custody.cli.CommandRun;
import dev.custody.detect.ShippedRules;
import dev.custody.local.AllInOne;
import dev.custody.local.CollectorClient;
import dev.custody.local.DelegationDesk;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The story is told once; each test asks about it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AnswersTest {
  private final Path directory;
  private final Path data;
  private final AllInOne all;
  private final CollectorClient collector;
  private final Asking custody;
  private final Story story;
  private final String grant;

  AnswersTest(@TempDir Path directory) throws Exception {
    this.directory = directory;
    data = directory.resolve("data");
    Path wrappingKey = CustodyProcess.wrappingKey(directory);
    all =
        AllInOne.start(
            AllInOne.Config.onAnyPort(data, 2, "local", ShippedRules.load()), wrappingKey);
    collector = new CollectorClient(all.http());
    custody = new Asking(data);
    story = new Story(directory, List.of(collector));
    grant = DelegationDesk.grant(data, wrappingKey, Story.rosasGrant(), collector);
  }

  @BeforeAll
  void tellTheStory() throws Exception {
    story.agents();
    Path file = story.trail().writeTo(directory.resolve("trail.json"));
    CommandRun.Result imported = custody.run("import", "cloudtrail", file.toString());
    assertThat(imported.code()).as("%s", imported).isZero();
    assertThat(all.awaitIndexed(Duration.ofMinutes(1))).isTrue();
  }

  @AfterAll
  void stop() {
    collector.close();
    all.close();
  }

  @Test
  void aCallWithAShownKeyIsTracedToHumanSessionPromptAndToolCall() throws Exception {
    JsonNode ended = custody.one("who", "ec2:TerminateInstances");
    assertThat(ended.path("agent").asText()).isEqualTo("claude-code");
    assertThat(ended.path("agentSpiffeId").asText())
        .isEqualTo("spiffe://local/agent/claude-code/ledger");
    assertThat(ended.path("human").asText()).isEqualTo(Story.ROSA);
    assertThat(ended.path("humanBasis").asText()).isEqualTo("GIT_EMAIL");
    assertThat(ended.path("session").asText()).isEqualTo(Story.ROSAS_SESSION);
    assertThat(ended.path("prompt").asText()).isEqualTo(Story.ROSAS_PROMPT);
    assertThat(ended.path("toolCall").asText()).isEqualTo(Story.ENDS);
    assertThat(ended.path("grade").asText()).isEqualTo("CORROBORATED");
    assertThat(ended.path("credential").asText()).isEqualTo(Story.ROSAS_KEY);
    assertThat(ended.path("resource").asText()).isEqualTo(Story.MACHINE);
    assertThat(ended.path("project").asText()).isEqualTo(story.ledger().toString());
    assertThat(ended.path("sourceId").asText()).isEqualTo("ends-1");
    assertThat(ended.path("rivals")).isEmpty();
    assertThat(ended.path("reasons").toString()).contains(Story.SHOWS);
  }

  @Test
  void eachCallIsGivenToTheToolCallWhoseCommandNamesIt() throws Exception {
    assertThat(custody.one("who", "ec2:DescribeInstances").path("toolCall").asText())
        .isEqualTo(Story.LOOKS);
    assertThat(custody.one("who", "rds:DeleteDBInstance").path("toolCall").asText())
        .isEqualTo(Story.DROPS);
  }

  @Test
  void delegationsAreJudgedWithinOutsideAndNone() throws Exception {
    JsonNode within = custody.one("who", "ec2:DescribeInstances");
    assertThat(within.path("delegationVerdict").asText()).isEqualTo("WITHIN");
    assertThat(within.path("delegation").asText()).isEqualTo(grant);
    assertThat(within.path("delegationGrantor").asText()).isEqualTo(Story.ROSA);

    JsonNode outside = custody.one("who", "ec2:TerminateInstances");
    assertThat(outside.path("delegationVerdict").asText()).isEqualTo("OUTSIDE");
    assertThat(outside.path("delegation").asText()).isEqualTo(grant);
    assertThat(outside.path("delegationReason").asText()).contains("ec2:TerminateInstances");

    JsonNode none = custody.one("who", "rds:DeleteDBInstance");
    assertThat(none.path("delegationVerdict").asText()).isEqualTo("NONE");
    assertThat(none.path("delegation").isNull()).isTrue();
    assertThat(none.path("human").asText()).isEqualTo(Story.IVO);
    assertThat(custody.text("who", "rds:DeleteDBInstance"))
        .contains("no delegation: borrowed identity of billing-ci");
    assertThat(custody.text("delegate", "list")).contains(grant).contains("ec2:Describe*");
  }

  @Test
  void aLongTermKeyThatAnAgentWasShownIsListedWithWhereItIsValidUntilTheProviderEndsIt()
      throws Exception {
    JsonNode key = longTermKey();
    assertThat(key.path("state").asText()).isEqualTo("UNKNOWN");
    assertThat(key.path("sessions").has(Story.ROSAS_SESSION)).isTrue();
    assertThat(custody.one("credential", "show", Story.ROSAS_KEY).path("accounts").toString())
        .isEqualTo("[\"210987654321\"]");
    Trail trail = new Trail();
    ObjectNode deletion =
        trail.call(
            "deletes-1", Instant.now(), "iam:DeleteAccessKey", "admin", Story.NOBODYS_KEY, "x");
    deletion
        .putObject("requestParameters")
        .put("userName", "ledger-ops")
        .put("accessKeyId", Story.ROSAS_KEY);
    Path file = trail.writeTo(directory.resolve("deletion.json"));
    CommandRun.Result imported = custody.run("import", "cloudtrail", file.toString());
    assertThat(imported.out()).as("the call, and what it ended").contains("2 events recorded");
    assertThat(all.awaitIndexed(Duration.ofMinutes(1))).isTrue();
    assertThat(longTermKey().path("state").asText()).isEqualTo("REVOKED");
  }

  private JsonNode longTermKey() throws Exception {
    return custody.json("credential", "list", "--static").stream()
        .filter(c -> c.path("credential").asText().equals(Story.ROSAS_KEY))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aCallWhileNoToolRanNamesNobody() throws Exception {
    JsonNode later = custody.one("who", "rds:CreateDBSnapshot");
    assertThat(later.path("grade").asText()).isEqualTo("UNATTRIBUTED");
    assertThat(later.path("session").isNull()).isTrue();
    assertThat(later.path("rivals").get(0).path("session").asText()).isEqualTo(Story.IVOS_SESSION);
    assertThat(custody.text("who", "rds:CreateDBSnapshot")).contains("not attributed");
  }

  @Test
  void aKeyThatNobodyShowedIsNeverMoreThanInferred() throws Exception {
    JsonNode stranger = custody.one("who", "kms:Decrypt");
    assertThat(stranger.path("grade").asText()).isEqualTo("UNATTRIBUTED");
    assertThat(stranger.path("session").isNull()).isTrue();
    assertThat(custody.text("who", "kms:Decrypt")).contains("not attributed");

    JsonNode namesake = custody.one("who", "kms:Encrypt");
    assertThat(namesake.path("grade").asText()).isEqualTo("UNATTRIBUTED");
    for (JsonNode answer : custody.json("who", Story.NOBODYS_KEY)) {
      assertThat(answer.path("grade").asText()).isIn("INFERRED", "UNATTRIBUTED");
    }
  }

  @Test
  void twoSessionsThatShowedTheSameKeyAreRivalsAndBothAreNamed() throws Exception {
    JsonNode both = custody.one("who", "sqs:PurgeQueue");
    assertThat(both.path("grade").asText()).isEqualTo("UNATTRIBUTED");
    assertThat(both.path("rivals")).hasSize(2);
    JsonNode one = both.path("rivals").get(0);
    JsonNode other = both.path("rivals").get(1);
    assertThat(List.of(one.path("session").asText(), other.path("session").asText()))
        .containsExactlyInAnyOrder(Story.FIRST_RIVAL, Story.SECOND_RIVAL);
    assertThat(List.of(one.path("human").asText(), other.path("human").asText()))
        .containsExactlyInAnyOrder(Story.ROSA, Story.IVO);
    assertThat(custody.text("who", "sqs:PurgeQueue"))
        .contains("session " + Story.FIRST_RIVAL.substring(0, 8))
        .contains("session " + Story.SECOND_RIVAL.substring(0, 8))
        .doesNotContain("rivals       none");
    for (String session : List.of(Story.FIRST_RIVAL, Story.SECOND_RIVAL)) {
      assertThat(custody.one("who", "sqs:PurgeQueue", "--session", session).path("id"))
          .isEqualTo(both.path("id"));
    }
  }

  @Test
  void aCommitIsTracedToTheToolCallThatReportedIt() throws Exception {
    JsonNode commit = custody.one("who", "commit", story.rosasCommit().substring(0, 7));
    assertThat(commit.path("kind").asText()).isEqualTo("CommitCreated");
    assertThat(commit.path("human").asText()).isEqualTo(Story.ROSA);
    assertThat(commit.path("session").asText()).isEqualTo(Story.ROSAS_SESSION);
    assertThat(commit.path("prompt").asText()).isEqualTo(Story.ROSAS_PROMPT);
    assertThat(commit.path("toolCall").asText()).isEqualTo(Story.COMMITS);
    assertThat(commit.path("grade").asText()).isEqualTo("CORROBORATED");
    assertThat(commit.path("resources").toString()).contains("notes/machines.md");
  }

  @Test
  void aCommitThatNoToolReportedIsNoAgents() throws Exception {
    JsonNode commit = custody.one("who", "commit", story.handMadeCommit());
    assertThat(commit.path("grade").asText()).isIn("INFERRED", "UNATTRIBUTED");
    assertThat(commit.path("toolCall").isNull()).isTrue();
  }

  @Test
  void aRefusedReadIsFoundByWhoTouchedIt() throws Exception {
    JsonNode refused = custody.one("who", "touched", ".env");
    assertThat(refused.path("kind").asText()).isEqualTo("ToolCallRefused");
    assertThat(refused.path("outcome").asText()).isEqualTo("DENIED");
    assertThat(refused.path("toolCall").asText()).isEqualTo(Story.REFUSED);
    assertThat(refused.path("human").asText()).isEqualTo(Story.ROSA);
    assertThat(refused.path("session").asText()).isEqualTo(Story.ROSAS_SESSION);
    assertThat(refused.path("resource").asText())
        .isEqualTo(story.ledger().resolve(".env").toString());
    assertThat(custody.text("who", "touched", ".env")).contains("DENIED (File is in a directory");
  }

  @Test
  void searchFindsWordsOfPromptsAndCommandsInTheOrderOfTime() throws Exception {
    assertThat(custody.one("search", "staging", "cluster").path("kind").asText())
        .isEqualTo("PromptSubmitted");
    assertThat(
            custody.json("search", "terminate-instances", "--tool-call", Story.ENDS).stream()
                .map(event -> event.path("kind").asText()))
        .startsWith("ToolCallRequested", "ToolCallCompleted");
    assertThat(custody.run("search", "xylophone").code()).isEqualTo(1);
  }

  @Test
  void traceJoinsPromptToolCallsCredentialCloudCallAndCommit() throws Exception {
    List<JsonNode> edges = custody.json("trace", Story.ROSAS_PROMPT);
    String ended = custody.one("who", "ec2:TerminateInstances").path("id").asText();
    String commit = custody.one("who", "commit", story.rosasCommit()).path("id").asText();
    assertThat(edges.stream().map(e -> e.path("from").asText() + " " + e.path("to").asText()))
        .contains(
            "prompt:" + Story.ROSAS_PROMPT + " refused:" + Story.REFUSED,
            "prompt:" + Story.ROSAS_PROMPT + " tool:" + Story.SHOWS,
            "tool:" + Story.SHOWS + " credential:" + Story.ROSAS_KEY,
            "tool:" + Story.ENDS + " cloud:" + ended,
            "tool:" + Story.COMMITS + " commit:" + commit);
    for (String start : List.of(Story.ROSAS_PROMPT, Story.ENDS, ended, story.rosasCommit())) {
      assertThat(custody.text("trace", start))
          .as(start)
          .contains("├─ refused")
          .contains("OUTSIDE " + grant)
          .contains(Story.MESSAGE);
    }
  }

  @Test
  void alertsNameTheActOutsideTheDelegationAndWhoDidIt() throws Exception {
    JsonNode finding =
        custody.one(
            "alerts",
            "--rule",
            "6a1f0b52-5f0e-4e0c-9a53-0c7a1f2d3e01",
            "--session",
            Story.ROSAS_SESSION);
    assertThat(finding.path("class_uid").asInt()).isEqualTo(2004);
    assertThat(finding.path("evidences"))
        .allSatisfy(evidence -> {
          assertThat(evidence.at("/actor/session/uid").asText()).isEqualTo(Story.ROSAS_SESSION);
          assertThat(evidence.at("/actor/user/name").asText()).isEqualTo(Story.ROSA);
        })
        .anySatisfy(evidence ->
            assertThat(evidence.at("/api/operation").asText()).isEqualTo("TerminateInstances"));
    assertThat(custody.text("alerts", "--session", Story.ROSAS_SESSION))
        .contains("Agent acted outside its delegation")
        .contains("custody trace " + Story.ROSAS_PROMPT);
  }

  @Test
  void hostileTextReachesNoTerminal() throws Exception {
    for (String[] words :
        List.of(
            new String[] {"who", "--session", Story.HOSTILE_SESSION},
            new String[] {"who", "sns:DeleteTopic"},
            new String[] {"trace", Story.HOSTILE_PROMPT},
            new String[] {"search", "--session", Story.HOSTILE_SESSION},
            new String[] {"alerts", "--session", Story.HOSTILE_SESSION})) {
      String shown = custody.text(words);
      assertThat(shown).as(String.join(" ", words)).contains("<U+001B>");
      assertThat(shown.codePoints().filter(c -> c != '\n').filter(Character::isISOControl))
          .as(shown)
          .isEmpty();
      assertThat(shown).doesNotContain(Story.BACKWARDS).doesNotContain(Story.NO_WIDTH);
      assertThat(shown).doesNotContainPattern("(?m)^ *grade +PROVEN: forged");
    }
    JsonNode prompt =
        custody.one("search", "--kind", "PromptSubmitted", "--session", Story.HOSTILE_SESSION);
    assertThat(prompt.path("extract").asText()).as("as it was").contains(Story.ESCAPE);
  }

  @Test
  void noSecretThatWasSentIsAnywhereOnTheDisk() throws Exception {
    SecretHunt.findsNone(data, Story.SECRETS, Story.ROSAS_KEY);
    for (String secret : Story.SECRETS) {
      assertThat(custody.run("search", secret).code()).as(secret).isEqualTo(1);
    }
    JsonNode shown =
        custody.one("search", "--tool-call", Story.SHOWS, "--kind", "ToolCallCompleted");
    assertThat(shown.path("redactions").asInt()).isGreaterThanOrEqualTo(3);
  }

  @Test
  void theLogIsIntact() throws Exception {
    List<JsonNode> lines = custody.json("verify");
    assertThat(lines.getLast().path("verdict").asText()).isEqualTo("intact");
    assertThat(lines.getLast().path("failures").asInt()).isZero();
    assertThat(lines.getLast().path("chains").asInt()).isEqualTo(1);
  }
}
