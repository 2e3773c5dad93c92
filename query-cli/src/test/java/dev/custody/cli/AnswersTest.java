package dev.custody.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.custody.attribution.Attribution;
import dev.custody.attribution.DelegationUse;
import dev.custody.attribution.DelegationVerdict;
import dev.custody.attribution.Grade;
import dev.custody.event.Identifier;
import dev.custody.event.IdentifierKind;
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

class AnswersTest {
  @TempDir private Path data;

  @BeforeEach
  void makeIndex() throws IOException {
    Incident.index(data.resolve("index"));
  }

  @Test
  void whoNamesAgentHumanDelegationPromptToolCallCredentialGradeAndRecord() {
    assertThat(run("who", "s3:DeleteBucket").out())
        .isEqualTo(
            """
            s3:DeleteBucket  arn:aws:s3:::acme-prod-builds  2026-11-22 07:14:05Z  SUCCESS
              agent        claude-code (version unknown), session de69fa27…  spiffe://local/agent/claude-code/acme-api
              acting for   dana@example.test  INFERRED (user.email of the repository; operating-system user dana)
              delegation   dlg-8f2a11 by dana@example.test: s3:Get*, s3:List* on *, until 2026-11-22 14:00:00Z  -> OUTSIDE: the scope does not allow s3:DeleteBucket
              prompt       69689aad…  "The deploy fails because the build bucket is full. Free up space."
              tool call    toolu_0113SX…  Bash: aws s3 rb s3://acme-prod-builds --force
              credential   AKIA2E0A8F3B244C9986 of acme-deployer, used from 203.0.113.7
              grade        CORROBORATED: key id shown in the tool's result (toolu_01dj); the call's time lies inside the tool call
              rivals       none
              rule fired   custody-outside-delegation
              record       partition 1 offset 45, chain 7f3a1c0d…#5, event 019a9c1e-0000-7000-8000-000000000005
              vouched by   unknown: the chain's first event is not in the index (chain 7f3a1c0d…)
              next         custody trace 69689aad-5b97-4537-b976-2744f2b85ffa; custody verify
            """);
  }

  @Test
  void whoFindsTheSameActByWhateverNamesIt() {
    String expected = run("who", "s3:DeleteBucket").out();
    assertThat(expected).startsWith("s3:DeleteBucket");
    for (String word :
        List.of(
            "s3:deletebucket",
            "s3:Delete*",
            "DeleteBucket",
            "019a9c1e-0000-7000-8000-000000000005")) {
      assertThat(run("who", word).out()).as(word).isEqualTo(expected);
    }
    for (String[] words :
        List.of(
            new String[] {"arn:aws:s3:::acme-prod-builds"},
            new String[] {"arn:aws:s3:::acme-*"},
            new String[] {"acme-prod-builds"},
            new String[] {Incident.KEY},
            new String[] {"--resource", "arn:aws:s3:::acme-*"},
            new String[] {"--session", Incident.SESSION},
            new String[] {Incident.SESSION},
            new String[] {Incident.PROMPT},
            new String[] {"--agent", "claude-code"},
            new String[] {"--human", "DANA@example.test"},
            new String[] {"--verdict", "outside"},
            new String[] {"--kind", "cloudcall"},
            new String[] {"--delegation", "dlg-8f2a11"})) {
      String[] args = new String[words.length + 1];
      args[0] = "who";
      System.arraycopy(words, 0, args, 1, words.length);
      assertThat(run(args).out()).as(String.join(" ", words)).contains(expected);
    }
  }

  @Test
  void whoTouchedFindsARefusedReadByFileNameAndByTheEndOfThePath() {
    for (String path : List.of(".env", "./.env", "acme-api/.env", "/home/dana/acme-api/.env")) {
      assertThat(run("who", "touched", path).out())
          .as(path)
          .startsWith(
              "tool:Read  /home/dana/acme-api/.env  2026-11-22 07:14:02Z"
                  + "  DENIED (denied by your permission settings)\n");
    }
    assertThat(run("who", "touched", "env").code()).isEqualTo(1);
  }

  @Test
  void whoCommitTakesTheBeginningOfAnId() {
    assertThat(run("who", "commit", "d625").out())
        .startsWith("git:commit  scripts/cleanup.sh")
        .contains("  commit       " + Incident.COMMIT + "  \"Add build bucket cleanup script\"\n");
    assertThat(run("who", "commit", "ffff").code()).isEqualTo(1);
  }

  @Test
  void aToolCallIsOneAnswerNotItsRequestAndItsEnd() {
    assertThat(run("who", "tool:Bash", "--resource", "arn:aws:s3:::acme-prod-builds").out())
        .containsOnlyOnce("tool:Bash");
  }

  @Test
  void theLimitSaysHowManyMoreThereAre() {
    assertThat(run("who", "--agent", "claude-code", "--limit", "1").out())
        .startsWith("git:commit")
        .endsWith("4 more records; --limit N shows more, --since and --until narrow\n");
  }

  @Test
  void nothingFoundExitsWithOneAndSaysWhatToTry() {
    CommandRun.Result result = run("who", "ec2:RunInstances");
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.out())
        .isEqualTo("nothing found; custody search WORDS looks at every event\n");
    assertThat(run("who", "ec2:RunInstances", "--json").out()).isEmpty();
  }

  @Test
  void whatNobodyIsKnownToHaveDoneIsSaidPlainly() {
    add(
        Incident.event(20, "CloudCall")
            .action("iam:CreateUser")
            .identifiers(new Identifier(IdentifierKind.PRINCIPAL, "root"))
            .delegation(
                new DelegationUse(
                    DelegationVerdict.NONE, null, null, List.of(), null, null, "none was found"))
            .build());
    assertThat(run("who", "iam:CreateUser").out())
        .contains("  agent        not attributed: no agent is known to have done this\n")
        .contains("  acting for   unknown human\n")
        .contains("  delegation   no delegation: borrowed identity of root  (none was found)\n")
        .contains("  prompt       unknown\n")
        .contains("  grade        UNATTRIBUTED\n");
  }

  @Test
  void aGuessIsNotShownAsAFactAndRivalsAreNamed() {
    add(
        Incident.event(21, "CloudCall")
            .action("iam:CreateRole")
            .best(Incident.candidate(null, Grade.INFERRED, "time only"))
            .rivals(Incident.candidate(null, Grade.INFERRED, "the same time"))
            .build());
    assertThat(run("who", "iam:CreateRole").out())
        .contains("  agent        perhaps claude-code (version unknown)")
        .contains(
            "  rival        claude-code for dana@example.test, session de69fa27…"
                + "  INFERRED: the same time\n");
  }

  @Test
  void hostileTextCannotActOnATerminalOrHideItself() {
    add(
        Incident.event(22, "CloudCall")
            .action("s3:Evil\u001b[2J\u0007")
            .resources("arn:aws:s3:::a\u202egnp.exe", "b\r\nagent  innocent")
            .best(Incident.candidate(null, Grade.PROVEN, "x\u001b]0;title\u0007\u2028y\u200bz"))
            .build());
    for (String command : List.of("who", "search")) {
      String out = run(command, "--resource", "arn:aws:s3:::a*gnp.exe").out();
      assertThat(out).contains("s3:Evil<U+001B>[2J<U+0007>").contains("a<U+202E>gnp.exe");
      assertThat(out.chars().filter(c -> c < 32 && c != '\n')).isEmpty();
      assertThat(out).doesNotContainPattern("(?m)^agent  innocent");
    }
  }

  @Test
  void traceDrawsPromptToolCallsCredentialCloudCallAndCommit() {
    String expected =
        """
        prompt 69689aad-5b97-4537-b976-2744f2b85ffa  2026-11-22 07:14:01Z
           claude-code for dana@example.test, session de69fa27…  human: INFERRED
           "The deploy fails because the build bucket is full. Free up space."
        ├─ refused toolu_01JuoP…  Read: /home/dana/acme-api/.env  DENIED (denied by your permission settings)  was refused CORROBORATED
        ├─ tool call toolu_01djPF…  Bash: docker compose config  SUCCESS  requested CORROBORATED
        │  └─ credential AKIA2E0A8F3B244C9986  showed CORROBORATED
        │     └─ s3:DeleteBucket  arn:aws:s3:::acme-prod-builds  2026-11-22 07:14:05Z  SUCCESS  with AKIA2E0A8F3B244C9986  OUTSIDE dlg-8f2a11  used CORROBORATED
        │           because key id shown in the tool's result
        ├─ tool call toolu_0113SX…  Bash: aws s3 rb s3://acme-prod-builds --force  SUCCESS  requested CORROBORATED
        │  └─ s3:DeleteBucket  arn:aws:s3:::acme-prod-builds  2026-11-22 07:14:05Z  SUCCESS  with AKIA2E0A8F3B244C9986  OUTSIDE dlg-8f2a11  made CORROBORATED  (drawn above)
        └─ tool call toolu_01TZ86…  requested CORROBORATED
           └─ commit d6256e0c0ffe…  "Add build bucket cleanup script"  made CORROBORATED
        """;
    for (String start :
        List.of(
            Incident.PROMPT,
            "69689aad",
            Incident.SESSION,
            "de69",
            "d6256e0",
            Incident.DELETED.event().toString(),
            "toolu_0113SXBW9COEzLQFRjCiukjb")) {
      assertThat(run("trace", start).out()).as(start).isEqualTo(expected);
    }
  }

  @Test
  void anEdgeThatHangsOnNothingAndACircleAreDrawnOnce() {
    try (EventIndex index = EventIndex.open(data.resolve("index"))) {
      for (var edge :
          List.of(
              Incident.edge("tool:lost", "credential:lost", "showed", 30),
              Incident.edge("secret:a", "secret:b", "became", 31),
              Incident.edge("secret:b", "secret:a", "became", 32))) {
        index.add(edge, Formats.EDGE.encode(edge));
      }
      index.commit(Map.of());
    }
    assertThat(run("trace", Incident.PROMPT).out())
        .contains(
            """
            not joined to the prompt: tool call lost
            └─ credential lost  showed CORROBORATED
            """)
        .contains(
            """
            not joined to the prompt: secret a
            └─ secret b  became CORROBORATED
               └─ secret a  became CORROBORATED  (drawn above)
            """);
  }

  @Test
  void searchGoesByTimeAndTakesWordsOfAnyField() {
    assertThat(run("search", "docker", "compose").out())
        .isEqualTo(
            "2026-11-22 07:14:03Z  ToolCallCompleted   Bash: docker compose config  SUCCESS"
                + "  claude-code for dana@example.test  CORROBORATED\n");
    assertThat(run("search", "acme-prod-builds").out().lines().toList())
        .hasSize(3)
        .first()
        .asString()
        .contains("ToolCallRequested");
    assertThat(run("search", "acme-prod-builds", "--reverse").out().lines().toList())
        .first()
        .asString()
        .contains("ToolCallCompleted");
  }

  @Test
  void alertsTellSeverityWhoEvidenceRuleAndNextStep() {
    assertThat(run("alerts").out())
        .isEqualTo(
            """
            CRITICAL  Cloud call outside the delegation  2026-11-22 07:14:06Z
              what      claude-code called s3:DeleteBucket outside dlg-8f2a11
              who       claude-code for dana@example.test, session de69fa27…
              evidence  2026-11-22 07:14:05Z  CloudCall           s3:DeleteBucket  arn:aws:s3:::acme-prod-builds  SUCCESS  claude-code for dana@example.test  CORROBORATED
              rule      custody-outside-delegation  Use outside the delegation
              finding   custody-outside-delegation:69689aad-5b97-4537-b976-2744f2b85ffa
              next      Revoke AKIA2E0A8F3B244C9986; custody trace 69689aad-5b97-4537-b976-2744f2b85ffa
            """);
    assertThat(run("alerts", "--severity", "low").code()).isEqualTo(1);
    assertThat(run("alerts", "--session", Incident.SESSION).code()).isZero();
    assertThat(run("alerts", "--rule", "custody-outside-*", "delegation").code()).isZero();
  }

  @Test
  void alertsForProgramsAreTheOcsfRecordsAsTheyAre() {
    assertThat(run("alerts", "--json").out()).isEqualTo(Incident.FINDING + "\n");
  }

  @Test
  void jsonIsOneObjectALineWithTheFixedFields() {
    assertThat(run("who", "s3:DeleteBucket", "--json").out())
        .isEqualTo(
            ("{\"id\":\"019a9c1e-0000-7000-8000-000000000005\",\"kind\":\"CloudCall\",\"revision\":1,"
                    + "\"time\":\"2026-11-22T07:14:05Z\",\"observedAt\":\"2026-11-22T07:14:05Z\","
                    + "\"agent\":\"claude-code\",\"agentVersion\":null,"
                    + "\"agentSpiffeId\":\"spiffe://local/agent/claude-code/acme-api\","
                    + "\"agentInstance\":\"SESSION\",\"subAgent\":null,\"session\":\"SESSION\","
                    + "\"human\":\"dana@example.test\",\"humanBasis\":\"GIT_EMAIL\","
                    + "\"prompt\":\"PROMPT\",\"toolCall\":\"toolu_0113SXBW9COEzLQFRjCiukjb\","
                    + "\"project\":\"/home/dana/acme-api\",\"humanGrade\":\"INFERRED\","
                    + "\"delegation\":\"dlg-8f2a11\",\"delegationVerdict\":\"OUTSIDE\","
                    + "\"delegationReason\":\"the scope does not allow s3:DeleteBucket\","
                    + "\"delegationGrantor\":\"dana@example.test\","
                    + "\"delegationScope\":[\"s3:Get*, s3:List* on *\"],"
                    + "\"delegationExpiresAt\":\"2026-11-22T14:00:00Z\",\"delegationGrantedIn\":null,"
                    + "\"delegationChain\":[],"
                    + "\"credential\":\"AKIA2E0A8F3B244C9986\",\"action\":\"s3:DeleteBucket\","
                    + "\"resource\":\"arn:aws:s3:::acme-prod-builds\","
                    + "\"resources\":[\"arn:aws:s3:::acme-prod-builds\"],"
                    + "\"outcome\":\"SUCCESS\",\"outcomeReason\":null,\"grade\":\"CORROBORATED\","
                    + "\"concerns\":[],"
                    + "\"reasons\":[\"key id shown in the tool's result (toolu_01dj)\","
                    + "\"the call's time lies inside the tool call\"],\"evidence\":[],"
                    + "\"rivals\":[],\"moreRivals\":0,"
                    + "\"position\":{\"partition\":1,\"offset\":45,"
                    + "\"chain\":\"7f3a1c0d000102030405060708090a0b\",\"sequence\":5},\"untrusted\":null,"
                    + "\"source\":\"test\",\"sourceEvent\":null,\"sourceId\":null,\"host\":\"laptop\","
                    + "\"identifiers\":[{\"kind\":\"AWS_ACCESS_KEY_ID\",\"value\":\"AKIA2E0A8F3B244C9986\"},"
                    + "{\"kind\":\"PRINCIPAL\",\"value\":\"acme-deployer\"},"
                    + "{\"kind\":\"SOURCE_ADDRESS\",\"value\":\"203.0.113.7\"}],"
                    + "\"redactions\":0,\"extract\":\"\",\"rules\":[\"custody-outside-delegation\"],"
                    + "\"vouchedBy\":null,\"history\":[],\"witnesses\":[]}\n")
                .replace("SESSION", Incident.SESSION)
                .replace("PROMPT", Incident.PROMPT));
  }

  @Test
  void traceForProgramsIsOneEdgeALine() {
    assertThat(run("trace", Incident.PROMPT, "--json").out().lines())
        .hasSize(Incident.EDGES.size())
        .allMatch(line -> line.startsWith("{\"kind\":\"TraceEdge\",\"prompt\":\"69689aad-"));
  }

  @Test
  void errorsAreTwoLinesOnStandardErrorAndExitWithTwo() {
    CommandRun.Result noIndex =
        CommandRun.run("who", "s3:DeleteBucket", "--data", data.resolve("no") + "");
    assertThat(noIndex.code()).isEqualTo(2);
    assertThat(noIndex.out()).isEmpty();
    assertThat(noIndex.err())
        .isEqualTo(
            """
            custody: no index at %s/no/index: expected the one that `custody up` makes, found nothing
            hint: start Custody with `custody up`, or name its data directory with --data DIR
            """
                .formatted(data));
    assertThat(run("who", "--since", "soon").err())
        .startsWith("custody: --since: expected a duration, a date or an instant, found 'soon'\n")
        .contains("\nhint: for example --since 90m");
    assertThat(run("whom").err())
        .isEqualTo(
            """
            custody: not understood: 'whom'
            hint: did you mean who or hook? custody --help shows what it takes
            """);
    assertThat(run("whom").code()).isEqualTo(2);
    assertThat(run("who", "--limit", "0").code()).isEqualTo(2);
    assertThat(run().code()).isEqualTo(2);
  }

  @Test
  void dataIsAcceptedAnywhere() {
    String index = data.toString();
    String expected = run("who", "s3:DeleteBucket").out();
    assertThat(CommandRun.run("--data", index, "who", "s3:DeleteBucket").out()).isEqualTo(expected);
    assertThat(CommandRun.run("who", "--data", index, "s3:DeleteBucket").out()).isEqualTo(expected);
    assertThat(CommandRun.run("who", "s3:DeleteBucket", "--data=" + index).out())
        .isEqualTo(expected);
  }

  @Test
  void helpOfEachCommandHasExamples() {
    for (String command : List.of("who", "trace", "search", "alerts")) {
      CommandRun.Result help = CommandRun.run(command, "--help");
      assertThat(help.code()).as(command).isZero();
      assertThat(help.out()).as(command).contains("Examples:", "--data", "--json");
    }
    assertThat(CommandRun.run("--version").out()).startsWith("custody ");
  }

  private void add(Attribution event) {
    try (EventIndex index = EventIndex.open(data.resolve("index"))) {
      index.add(event, Formats.ATTRIBUTION.encode(event));
      index.commit(Map.of());
    }
  }

  private CommandRun.Result run(String... args) {
    String[] all = new String[args.length + 2];
    all[0] = "--data";
    all[1] = data.toString();
    System.arraycopy(args, 0, all, 2, args.length);
    return CommandRun.run(all);
  }
}
