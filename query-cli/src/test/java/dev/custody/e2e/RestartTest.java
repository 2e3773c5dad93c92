package dev.custody.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.custody.access.TokenFile;
import dev.custody.cli.CommandRun;
import dev.custody.index.IndexSearch;
import dev.custody.local.CollectorClient;
import dev.custody.local.Quiescence;
import dev.custody.query.Condition;
import dev.custody.query.Query;
import dev.custody.query.Term;
import dev.custody.source.cloudtrail.CloudTrailSource;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** One data directory lives through all of this, in order. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RestartTest {
  private static final Duration LONG = Duration.ofMinutes(2);
  private static final Duration LONGEST_TO_AN_ANSWER = Duration.ofSeconds(30);
  private static final Duration LONGEST_STOP = Duration.ofSeconds(10);
  private static final int FILES = 6;
  private static final int RECORDS_A_FILE = 1_000;
  private static final int RECORDS = FILES * RECORDS_A_FILE;

  /** Questions whose answers have to outlive everything. */
  private static final List<String[]> QUESTIONS =
      List.of(
          new String[] {"who", "ec2:TerminateInstances"},
          new String[] {"who", "rds:DeleteDBInstance"},
          new String[] {"who", "sqs:PurgeQueue"},
          new String[] {"who", Story.NOBODYS_KEY},
          new String[] {"who", "--session", Story.ROSAS_SESSION, "--limit", "100"},
          new String[] {"who", "touched", ".env"},
          new String[] {"who", "tool:Bash", "--limit", "100"},
          new String[] {"trace", Story.ROSAS_PROMPT},
          new String[] {"alerts", "--limit", "100"});

  private static final List<String> HOW_IT_CAME_ABOUT =
      List.of("revision", "history", "activity_id", "activity_name", "type_uid", "type_name");

  private final long seed = System.nanoTime();
  private final Random random = new Random(seed);
  private final Path directory;
  private final Path data;
  private final Asking custody;
  private CustodyProcess up;

  RestartTest(@TempDir Path directory) throws IOException {
    this.directory = directory;
    data = directory.resolve("data");
    custody = new Asking(data);
    up = start();
    System.out.println("RestartTest: seed " + seed);
  }

  @BeforeAll
  void tellTheStory() throws Exception {
    try (CollectorClient collector = new CollectorClient(up.ready("http"))) {
      Story story = new Story(directory, List.of(collector));
      story.agents();
      collector.importing(importTokens()).records(CloudTrailSource.SHAPE, story.trail().lines());
    }
    awaitTheStory();
  }

  private Path importTokens() {
    return data.resolve(TokenFile.IMPORT_NAME);
  }

  @AfterAll
  void stop() {
    up.close();
  }

  @Test
  @Order(1)
  void theReadyLineIsAllOfStandardOutput() throws Exception {
    assertThat(up.out())
        .isEqualTo(
            "ready http=%s kafka=%s log=%s data=%s%n"
                .formatted(up.ready("http"), up.ready("kafka"), up.ready("log"), data));
    assertThat(up.ready("http")).startsWith("http://127.0.0.1:");
    assertThat(up.ready("kafka")).startsWith("127.0.0.1:");
  }

  @Test
  @Order(2)
  void aSecondUpOnTheSameDirectoryIsRefusedAtOnce() throws Exception {
    try (CustodyProcess second = start()) {
      assertThat(second.exitCode(Duration.ofSeconds(20))).isEqualTo(2);
      assertThat(second.out()).isEmpty();
      assertThat(second.err())
          .contains("custody: kafka data directory " + data.resolve("kafka") + " is in use by")
          .contains("hint: stop that one first");
    }
    custody.one("who", "ec2:TerminateInstances");
  }

  @Test
  @Order(2)
  void aTakenPortIsRefusedWithTheOptionThatHelps() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      Asking other = new Asking(directory.resolve("other"));
      String port = Integer.toString(taken.getLocalPort());
      String key = CustodyProcess.wrappingKey(directory).toString();
      CommandRun.Result http =
          other.run("up", "--http-port", port, "--kafka-port", "0", "--wrapping-key", key);
      assertThat(http.code()).isEqualTo(2);
      assertThat(http.out()).isEmpty();
      assertThat(http.err())
          .contains("custody: http port " + port + " is taken")
          .contains("hint: --http-port 0");
      CommandRun.Result kafka =
          other.run("up", "--http-port", "0", "--kafka-port", port, "--wrapping-key", key);
      assertThat(kafka.code()).isEqualTo(2);
      assertThat(kafka.out()).isEmpty();
      assertThat(kafka.err())
          .contains("custody: kafka port " + port + " is taken")
          .contains("hint: --kafka-port 0");
    }
  }

  @Test
  @Order(3)
  void aTermInTheMiddleOfAnImportLosesAndRepeatsNothing() throws Exception {
    interruptAnImport(
        "term",
        () -> {
          Duration took = up.terminate(LONGEST_STOP);
          System.out.printf("RestartTest: stopped by SIGTERM within %.1f s%n", seconds(took));
        });
    assertThat(up.err()).doesNotContain("ERROR");
  }

  @Test
  @Order(4)
  void aKillInTheMiddleOfAnImportLosesAndRepeatsNothing() throws Exception {
    interruptAnImport("kill", () -> up.close());
  }

  @Test
  @Order(5)
  void indexAndStreamStateAreRebuiltToTheSameAnswers() throws Exception {
    List<List<JsonNode>> before = answers();
    Duration took = up.terminate(LONGEST_STOP);
    System.out.printf("RestartTest: stopped by SIGTERM within %.1f s%n", seconds(took));
    SecretHunt.findsNone(data, Story.SECRETS, Story.ROSAS_KEY);
    delete(data.resolve("index"));
    delete(data.resolve("streams"));
    up = start();
    String http = up.ready("http");
    Await.until("the same answers", LONG, () -> answers().equals(before));
    System.out.printf("RestartTest: rebuilt %.1f s after its start%n", seconds(up.age()));
    // The rebuilt state still knows which session holds which key.
    Trail trail = new Trail();
    trail.call(
        "after-1", Instant.now(), "rds:StopDBInstance", "billing-ci", Story.IVOS_KEY, "invoices");
    try (CollectorClient collector = new CollectorClient(http)) {
      collector.importing(importTokens()).records(CloudTrailSource.SHAPE, trail.lines());
    }
    Await.until("a new answer", LONG, () -> !custody.json("who", "rds:StopDBInstance").isEmpty());
    // No call ran: who merely knows the key is shown, not named.
    assertThat(custody.one("who", "rds:StopDBInstance").path("rivals").findValuesAsText("session"))
        .containsExactly(Story.IVOS_SESSION);
    Await.until("all is there", LONG, () -> indexed("term") + indexed("kill") == 2 * RECORDS);
    assertThat(answers()).isEqualTo(before);
    allOnce("term");
    allOnce("kill");
    intact();
  }

  @Test
  @Order(6)
  void aLogThatIsOpenedAnewLeavesTheSameAnswersUnderHigherRevisions() throws Exception {
    List<List<JsonNode>> before = answers();
    long revision = lowestRevision(before);
    assertThat(up.terminate(LONGEST_STOP)).isLessThan(LONGEST_STOP);
    CommandRun.Result reopened =
        custody.run(
            "tlog",
            "reopen",
            "0",
            "--wrapping-key",
            CustodyProcess.wrappingKey(directory).toString());
    assertThat(reopened.code()).as(reopened.err()).isZero();
    up = start();
    assertThat(Quiescence.awaitProcessor(up.ready("kafka"), LONG)).isTrue();
    Await.until("everything is answered anew", LONG, () -> lowestRevision(answers()) >= 1L << 44);
    assertThat(revision).as("what was said before").isLessThan(1L << 44);
    Await.until(
        "the same answers",
        LONG,
        () -> {
          List<List<JsonNode>> after = inTheEnd(answers());
          for (int i = 0; i < QUESTIONS.size(); i++) {
            assertThat(after.get(i))
                .as(String.join(" ", QUESTIONS.get(i)))
                .isEqualTo(inTheEnd(before).get(i));
          }
          return true;
        });
    awaitTheStory();
    assertThat(custody.text("tlog", "list")).contains("/0/1");
    intact();
  }

  private static long lowestRevision(List<List<JsonNode>> answers) {
    return answers.stream()
        .flatMap(List::stream)
        .filter(answer -> answer.has("revision"))
        .mapToLong(answer -> answer.path("revision").asLong())
        .min()
        .orElseThrow();
  }

  /** The answers as they are, without what tells how they came about. */
  private static List<List<JsonNode>> inTheEnd(List<List<JsonNode>> answers) {
    return answers.stream()
        .map(found ->
            found.stream()
                .<JsonNode>map(answer -> answer.<ObjectNode>deepCopy().remove(HOW_IT_CAME_ABOUT))
                .toList())
        .toList();
  }

  @FunctionalInterface
  private interface Stop {
    void now() throws IOException, InterruptedException;
  }

  private void interruptAnImport(String name, Stop stop) throws Exception {
    Path files = trails(name);
    double captured = CustodyProcess.metric(up.ready("http"), "custody_captured_total");
    int enough = random.nextInt(1, RECORDS / 8);
    try (CustodyProcess importing = importing(files)) {
      Await.until(
          "more than " + enough + " records are captured",
          LONG,
          () -> captured(captured) > enough || !importing.isAlive());
      double at = captured(captured);
      stop.now();
      assertThat(importing.exitCode(LONG)).as(importing.err()).isEqualTo(2);
      assertThat(importing.err()).contains("custody: ").contains("hint: ");
      System.out.printf(
          "RestartTest: %s in the middle of an import, at %.0f of %d records%n", name, at, RECORDS);
    }
    up = start();
    firstAnswer();
    try (CustodyProcess again = importing(files)) {
      assertThat(again.exitCode(LONG)).as(again.err()).isZero();
      System.out.print("RestartTest: " + again.out());
      assertThat(again.out()).contains(RECORDS + " records read").contains(" 0 refused");
      assertThat(again.out()).doesNotContain(" " + RECORDS + " events recorded");
    }
    Await.until("all is indexed", LONG, () -> indexed(name) >= RECORDS);
    allOnce(name);
    intact();
  }

  private double captured(double before) throws IOException, InterruptedException {
    return CustodyProcess.metric(up.ready("http"), "custody_captured_total") - before;
  }

  /** From the start of the process to the answer about something that was captured after it. */
  private void firstAnswer() throws Exception {
    String http = up.ready("http");
    Duration ready = up.age();
    awaitTheStory();
    Duration old = up.age();
    String id = "probe-" + random.nextInt(1 << 30);
    Trail trail = new Trail();
    trail.call(id, Instant.now(), "iam:Get" + id.replace("-", ""), "x", Story.NOBODYS_KEY, id);
    try (CollectorClient collector = new CollectorClient(http)) {
      collector.importing(importTokens()).records(CloudTrailSource.SHAPE, trail.lines());
    }
    Await.until(
        "an answer about a new event",
        LONG,
        () -> custody.json("who", "iam:Get" + id.replace("-", "")).size() == 1);
    System.out.printf(
        "RestartTest: after the start of the process: ready %.1f s, first right answer %.1f s,"
            + " an answer about a new event %.1f s%n",
        seconds(ready), seconds(old), seconds(up.age()));
    assertThat(old).isLessThan(LONGEST_TO_AN_ANSWER);
  }

  private void awaitTheStory() throws InterruptedException {
    Await.until(
        "who answers",
        LONG,
        () -> {
          JsonNode ended = custody.one("who", "ec2:TerminateInstances");
          return ended.path("session").asText().equals(Story.ROSAS_SESSION)
              && custody.one("who", "sqs:PurgeQueue").path("rivals").size() == 2
              && custody
                  .one("who", "rds:DeleteDBInstance")
                  .path("human")
                  .asText()
                  .equals(Story.IVO);
        });
  }

  private List<List<JsonNode>> answers() throws IOException {
    List<List<JsonNode>> answers = new ArrayList<>();
    for (String[] question : QUESTIONS) {
      answers.add(custody.json(question));
    }
    return answers;
  }

  private Path trails(String name) throws IOException {
    Path files = Files.createDirectories(directory.resolve("trails-" + name));
    Instant day = Instant.parse("2026-03-01T08:00:00Z");
    for (int file = 0; file < FILES; file++) {
      Trail trail = new Trail();
      for (int i = 0; i < RECORDS_A_FILE; i++) {
        String id = "%s-%d-%04d".formatted(name, file, i);
        trail.call(id, day.plusSeconds(i), "s3:GetObject", name, Story.NOBODYS_KEY, "o/" + id);
      }
      trail.writeTo(files.resolve(file + ".json"));
    }
    return files;
  }

  private long indexed(String user) {
    try (IndexSearch search = IndexSearch.open(data.resolve("index"))) {
      // A total past 10,000 is not counted out.
      return search.events(imported(user, 10 * RECORDS)).items().size();
    }
  }

  private void allOnce(String user) {
    try (IndexSearch search = IndexSearch.open(data.resolve("index"))) {
      TreeMap<String, Integer> times = new TreeMap<>();
      search
          .events(imported(user, 10 * RECORDS))
          .items()
          .forEach(event -> times.merge(String.valueOf(event.source().id()), 1, Integer::sum));
      assertThat(times).hasSize(RECORDS);
      assertThat(times.values()).allMatch(n -> n == 1);
    }
  }

  private static Query imported(String user, int limit) {
    return new Query(
        new Condition.AllOf(
            List.of(
                new Condition.Is(Term.ACTION, "s3:GetObject"),
                new Condition.Is(Term.IDENTIFIER, user))),
        Query.Order.OLDEST_FIRST,
        limit);
  }

  private void intact() throws IOException {
    JsonNode summary = custody.json("verify").getLast();
    assertThat(summary.path("verdict").asText()).as(summary.toString()).isEqualTo("intact");
    System.out.println("RestartTest: verify: " + summary);
  }

  private CustodyProcess start() throws IOException {
    return CustodyProcess.start(
        directory, "up", "up", "--data", data + "", "--http-port", "0", "--kafka-port", "0");
  }

  private CustodyProcess importing(Path files) throws IOException {
    return CustodyProcess.start(
        directory, "import", "import", "cloudtrail", files + "", "--data", data + "");
  }

  private static double seconds(Duration duration) {
    return duration.toMillis() / 1000.0;
  }

  private static void delete(Path tree) throws IOException {
    List<Path> paths;
    try (Stream<Path> all = Files.walk(tree)) {
      paths = all.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : paths) {
      Files.delete(path);
    }
  }
}
