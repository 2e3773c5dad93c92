package dev.custody.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.custody.access.TokenFile;
import dev.custody.cli.CommandRun;
import dev.custody.detect.ShippedRules;
import dev.custody.local.AllInOne;
import dev.custody.local.CollectorClient;
import dev.custody.local.DelegationDesk;
import dev.custody.local.EmbeddedBroker;
import dev.custody.sigma.RuleSet;
import dev.custody.source.cloudtrail.CloudTrailSource;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The same story is told to an all-in-one and to a collector of its own, whose Kafka is down at
 * first.
 */
class RolesTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration LONG = Duration.ofMinutes(2);

  /** What is each installation's own: ids, places, times, and how often it changed its mind. */
  private static final List<String> ITS_OWN =
      List.of(
          "id",
          "revision",
          "history",
          "time",
          "observedAt",
          "position",
          "evidence",
          "delegationGrantedIn");

  private static final String OWN_RULE =
      """
      title: Own
      id: own
      level: low
      logsource: {product: custody, category: agent_event}
      detection: {all: {custody.kind: '*'}, condition: all}
      """;

  private static final List<String[]> QUESTIONS =
      List.of(
          new String[] {"who", "ec2:TerminateInstances"},
          new String[] {"who", "ec2:DescribeInstances"},
          new String[] {"who", "rds:DeleteDBInstance"},
          new String[] {"who", "rds:CreateDBSnapshot"},
          new String[] {"who", "sqs:PurgeQueue"},
          new String[] {"who", "sns:DeleteTopic"},
          new String[] {"who", Story.NOBODYS_KEY},
          new String[] {"who", "touched", ".env"},
          new String[] {"who", "--kind", "CommitCreated", "--limit", "100"},
          new String[] {"who", "--session", Story.ROSAS_SESSION, "--limit", "100"},
          new String[] {"who", "--session", Story.FIRST_RIVAL, "--limit", "100"},
          new String[] {"search", "--session", Story.HOSTILE_SESSION, "--limit", "100"});

  @Test
  void threeProcessesGiveTheAnswersOfOneAndACollectorWithoutKafkaKeepsRecording(
      @TempDir Path directory) throws Exception {
    Path collectorData = directory.resolve("collector");
    Path key = CustodyProcess.wrappingKey(directory);
    int port = freePort();
    String kafka = "127.0.0.1:" + port;
    AllInOne.Config config =
        AllInOne.Config.onAnyPort(directory.resolve("one"), 2, "local", ShippedRules.load());
    try (CustodyProcess collector =
            role(directory, "collector", kafka, collectorData, "--http-port", "0");
        AllInOne all = AllInOne.start(config, key);
        CollectorClient toOne = new CollectorClient(all.http());
        CollectorClient toRoles = new CollectorClient(collector.ready("http"))) {
      Story story = new Story(directory, List.of(toOne, toRoles));
      DelegationDesk.Request grant = Story.rosasGrant();
      String grantOfOne = DelegationDesk.grant(config.data(), key, grant, toOne);
      String grantOfRoles = DelegationDesk.grant(collectorData, key, grant, toRoles);
      story.agents();
      assertThat(CustodyProcess.metric(collector.ready("http"), "custody_unpublished"))
          .as("recorded, and nowhere to publish it")
          .isGreaterThan(50);

      Asking one = new Asking(config.data());
      Asking roles = new Asking(directory.resolve("index"));
      String root = collectorData.resolve("keys/root.pub").toString();
      Path token = collectorData.resolve(TokenFile.IMPORT_NAME);
      String list = logList(directory, root);
      try (EmbeddedBroker broker = EmbeddedBroker.start(directory.resolve("broker"), port);
          CustodyProcess processor =
              CustodyProcess.startIn(
                  directory,
                  "processor",
                  Map.of(TokenFile.IMPORT_VARIABLE, token.toString()),
                  words(
                      "processor",
                      kafka,
                      directory.resolve("processor"),
                      "--root",
                      root,
                      "--logs",
                      list,
                      "--collector",
                      collector.ready("http")));
          CustodyProcess index = role(directory, "index", kafka, roles.data())) {
        assertThat(broker.bootstrapServers()).isEqualTo(kafka);
        assertThat(processor.ready("kafka")).isEqualTo(kafka);
        assertThat(index.ready("kafka")).isEqualTo(kafka);
        // Half of the story was published late, the other half is published at once.
        toOne
            .importing(config.data().resolve(TokenFile.IMPORT_NAME))
            .records(CloudTrailSource.SHAPE, story.trail().lines());
        toRoles.importing(token).records(CloudTrailSource.SHAPE, story.trail().lines());
        assertThat(all.awaitIndexed(LONG)).isTrue();

        List<List<JsonNode>> expected = answers(one, grantOfOne);
        assertThat(expected).noneMatch(List::isEmpty);
        Await.until(
            "the three processes answer like the one",
            LONG,
            () -> {
              assertThat(answers(roles, grantOfRoles)).isEqualTo(expected);
              return true;
            });
        Await.until(
            "findings, which are told by the clock",
            LONG,
            () -> roles.run("alerts").out().contains("Agent acted outside its delegation"));
        theRulesInForceAreEvents(roles, token, toRoles);
        CommandRun.Result verified =
            roles.run("verify", "--bootstrap-servers", kafka, "--root", root);
        assertThat(verified.code()).as(verified.out()).isZero();
        for (CustodyProcess role : List.of(index, processor, collector)) {
          Duration took = role.terminate(Duration.ofSeconds(10));
          System.out.printf("RolesTest: a role stopped within %d ms%n", took.toMillis());
          assertThat(role.out()).startsWith("ready ").hasLineCount(1);
        }
      }
    }
  }

  /** The processor told its own; another set is told by hand, once. */
  private static void theRulesInForceAreEvents(Asking roles, Path token, CollectorClient collector)
      throws Exception {
    RuleSet own = RuleSet.of(Map.of("own.yml", OWN_RULE.getBytes(UTF_8)));
    assertThat(collector.importing(token).rules(ShippedRules.load()))
        .as("the processor's, again")
        .isFalse();
    assertThat(collector.importing(token).rules(own)).isTrue();
    assertThat(collector.importing(token).rules(own)).as("again").isFalse();
    assertThatThrownBy(() -> collector.rules(own))
        .as("an agent has no token")
        .hasMessageContaining("token");
    Await.until(
        "both sets are found",
        LONG,
        () -> roles.json("search", "--kind", "RulesLoaded").size() == 2);
    String digest = ShippedRules.load().digest();
    assertThat(roles.json("alerts"))
        .isNotEmpty()
        .allSatisfy(finding ->
            assertThat(finding.at("/finding_info/analytic/version").asText()).isEqualTo(digest));
  }

  /** The processor's key is signed for where the root is, and the list is brought back. */
  private static String logList(Path directory, String root) {
    String key = CustodyProcess.wrappingKey(directory).toString();
    CommandRun.Result log =
        new Asking(directory.resolve("processor"))
            .run("tlog", "key", "--root", root, "--wrapping-key", key);
    assertThat(log.code()).as(log.err()).isZero();
    String list = directory.resolve("logs").toString();
    CommandRun.Result signed =
        new Asking(directory.resolve("collector"))
            .run(
                "tlog",
                "register",
                "--log-key",
                log.out().strip(),
                "--out",
                list,
                "--wrapping-key",
                key);
    assertThat(signed.code()).as(signed.err()).isZero();
    return list;
  }

  private static CustodyProcess role(
      Path directory, String name, String kafka, Path data, String... more) throws IOException {
    return CustodyProcess.start(directory, name, words(name, kafka, data, more));
  }

  private static String[] words(String name, String kafka, Path data, String... more) {
    List<String> words = new ArrayList<>(List.of(name, "--bootstrap-servers", kafka));
    words.addAll(List.of("--data", data.toString()));
    words.addAll(List.of(more));
    return words.toArray(String[]::new);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      return socket.getLocalPort();
    }
  }

  private static List<List<JsonNode>> answers(Asking custody, String grant) throws IOException {
    List<List<JsonNode>> answers = new ArrayList<>();
    for (String[] question : QUESTIONS) {
      List<JsonNode> comparable = new ArrayList<>();
      for (JsonNode answer : custody.json(question)) {
        // Two watchers look at two times: one may see two moves of a branch where one sees one.
        if (!answer.path("kind").asText().equals("ReferenceUpdated")) {
          comparable.add(comparable((ObjectNode) answer, grant));
        }
      }
      comparable.sort(Comparator.comparing(JsonNode::toString));
      answers.add(comparable);
    }
    return answers;
  }

  private static JsonNode comparable(ObjectNode answer, String grant) throws IOException {
    answer.remove(ITS_OWN);
    answer.path("rivals").forEach(rival -> ((ObjectNode) rival).remove(ITS_OWN));
    // Fingerprints of secrets and names of contents are made with a key of the installation.
    String text =
        answer
            .toString()
            .replace(grant, "dlg-of-rosa")
            .replaceAll("([a-z]+(?:-[a-z]+)+):[0-9a-f]{16}", "$1")
            .replaceAll("(\"FILE_CONTENT\",\"value\":\")[0-9a-f]{20}", "$1");
    return JSON.readTree(text);
  }
}
