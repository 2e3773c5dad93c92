package dev.custody.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.custody.cli.CommandRun;
import dev.custody.detect.ShippedRules;
import dev.custody.digest.Digest;
import dev.custody.local.AllInOne;
import dev.custody.local.CollectorClient;
import dev.custody.merkle.Proofs;
import dev.custody.note.VerifierKey;
import dev.custody.tlog.TlogProof;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An agent works; an event is proven to somebody who has nothing but the root. */
@Timeout(300)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EvidenceTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration LONG = Duration.ofMinutes(1);

  private final Path directory;
  private final Path elsewhere;
  private final AllInOne all;
  private final CollectorClient collector;
  private final Asking custody;
  private final Path bundle;
  private final Path root;

  EvidenceTest(@TempDir Path directory, @TempDir Path elsewhere) throws Exception {
    this.directory = directory;
    this.elsewhere = elsewhere;
    Path data = directory.resolve("data");
    all =
        AllInOne.start(
            AllInOne.Config.onAnyPort(data, 2, "local", ShippedRules.load()),
            CustodyProcess.wrappingKey(directory));
    collector = new CollectorClient(all.http());
    custody = new Asking(data);
    bundle = directory.resolve("case.tar");
    root = elsewhere.resolve("acme-root.pub");
    Files.copy(data.resolve("keys/root.pub"), root);
  }

  @BeforeAll
  void work() throws Exception {
    Path project = Files.createDirectories(directory.resolve("ledger"));
    AgentSession session = new AgentSession(List.of(collector), project, "case-session-1");
    session.starts();
    session.prompted("prompt-1", "clean up, quietly");
    session.ran("call-1", "ls unrelated-listing", "unrelated-output");
    session.ran("call-2", "rm -rf /srv/evidence-of-interest", "");
    session.ran("call-3", "echo unrelated-afterwards", "unrelated-output");
    session.ends();
    assertThat(all.awaitIndexed(LONG)).isTrue();
    Await.until("covered by a checkpoint", LONG, () -> export(bundle).code() == 0);
  }

  private CommandRun.Result export(Path to) {
    return custody.run("evidence", "export", "--query", "\"evidence of interest\"", to.toString());
  }

  @AfterAll
  void stop() {
    collector.close();
    all.close();
  }

  private CommandRun.Result verify(Path file, String... more) {
    List<String> words = new java.util.ArrayList<>(List.of("verify", file.toString()));
    words.addAll(List.of(more));
    // There is no data directory here.
    words.addAll(List.of("--data", elsewhere.resolve("none").toString()));
    return CommandRun.run(words.toArray(String[]::new));
  }

  @Test
  void aBundleIsVerifiedElsewhereWithNothingButTheRoot() throws Exception {
    Path there = Files.copy(bundle, elsewhere.resolve("received.tar"));

    CommandRun.Result result = verify(there, "--root", root.toString());
    assertThat(result.code()).as("%s", result).isZero();
    assertThat(result.err()).isEmpty();
    assertThat(result.out())
        .contains("pinned root ")
        .contains("asked for: \"evidence of interest\"")
        .contains("not checked: whether more events match: the query is the exporter's claim")
        .contains("intact: ");

    JsonNode summary = JSON.readTree(lastLine(verify(there, "--json").out()));
    assertThat(summary.path("verdict").asText()).isEqualTo("intact");
    assertThat(summary.path("rootSource").asText()).isEqualTo("root of the bundle");
    assertThat(summary.path("disclosed").asInt()).isGreaterThan(1);
    assertThat(summary.path("withheld").asInt()).isGreaterThan(1);
  }

  private static String lastLine(String text) {
    return text.lines().toList().getLast();
  }

  @Test
  void nothingOfOtherEventsIsInIt() throws Exception {
    String bytes = Files.readString(bundle, StandardCharsets.ISO_8859_1);
    assertThat(bytes).contains("evidence-of-interest").doesNotContain("unrelated-");
  }

  @Test
  void aChangedBundleSaysWhatWasChanged() throws Exception {
    byte[] bytes = Files.readAllBytes(bundle);
    int at = new String(bytes, StandardCharsets.ISO_8859_1).lastIndexOf("evidence-of-interest");
    bytes[at] = 'E';
    Path changed = Files.write(elsewhere.resolve("changed.tar"), bytes);

    CommandRun.Result result = verify(changed, "--root", root.toString());
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.out()).contains("AlteredMember").contains("NOT INTACT: 1 failure");
  }

  @Test
  void aFileThatIsThereIsNotReplaced() {
    CommandRun.Result result = export(bundle);
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).contains("case.tar exists: expected a new file");
  }

  @Test
  void aQueryWithoutAnswersWritesNothing() {
    Path none = directory.resolve("none.tar");
    CommandRun.Result result =
        custody.run("evidence", "export", "--query", "nobodyeverwrotethis", none.toString());
    assertThat(result.code()).isEqualTo(1);
    assertThat(none).doesNotExist();
  }

  @Test
  void anExportedLogIsVerifiedElsewhereAndAChangedTileIsNamed() throws Exception {
    JsonNode event = custody.json("search", "evidence-of-interest").getFirst();
    Path exported = elsewhere.resolve("log");
    custody.text(
        "tlog", "export", event.path("position").path("partition").asText(), exported.toString());

    CommandRun.Result result = verify(exported, "--root", root.toString());
    assertThat(result.code()).as("%s", result).isZero();
    assertThat(result.out()).contains("intact: ");
    assertThat(verify(exported).err()).contains("expected a key to trust for the log in ");

    try (var files = Files.walk(exported.resolve("tile/0"))) {
      Path tile = files.filter(Files::isRegularFile).findFirst().orElseThrow();
      byte[] hashes = Files.readAllBytes(tile);
      hashes[5] ^= 1;
      Files.write(tile, hashes);
    }
    CommandRun.Result changed = verify(exported, "--root", root.toString(), "--json");
    assertThat(changed.code()).isEqualTo(1);
    JsonNode failure = JSON.readTree(changed.out().lines().findFirst().orElseThrow());
    assertThat(failure.path("verdict").asText()).isEqualTo("BadTile");
    assertThat(failure.path("index").asLong()).isZero();
  }

  @Test
  void aRecordIsProvenToBeInItsLogByAFileAndTheLogsKey() throws Exception {
    JsonNode event = custody.json("search", "evidence-of-interest").getFirst();
    String position =
        event.at("/position/chain").asText() + "#" + event.at("/position/sequence").asLong();
    Path file = elsewhere.resolve("record.tlog-proof");
    CommandRun.Result proven = custody.run("tlog", "prove", position, "--out", file.toString());
    assertThat(proven.code()).as(proven.err()).isZero();

    TlogProof proof = TlogProof.parse(Files.readAllBytes(file));
    String key = lastLine(custody.text("tlog", "vkey", proof.checkpoint().origin()));
    proof.note().requireSignedBy(VerifierKey.parse(key));
    JsonNode explained = custody.json("explain", position).getFirst();
    assertThat(proof.includes(Digest.ofHex(explained.path("link").asText()))).isTrue();
    assertThat(proof.includes(Digest.ZERO)).isFalse();
    assertThat(proven.err()).contains("leaf hash " + explained.path("link").asText());

    CommandRun.Result none =
        custody.run("tlog", "prove", event.at("/position/chain").asText() + "#9999");
    assertThat(none.code()).isEqualTo(1);
    assertThat(none.err()).contains("no entry at ");
  }

  @Test
  void oneSizeOfALogIsProvenToContinueAnother() throws Exception {
    JsonNode log = theLog();
    String origin = log.path("origin").asText();
    long size = log.path("size").asLong();
    List<String> lines =
        custody.text("tlog", "consistency", origin, "3", size + "").lines().toList();
    Digest small = root(lines.get(0), 3);
    Digest large = root(lines.get(1), size);
    List<Digest> proof = lines.stream().skip(3).map(Digest::ofBase64).toList();
    assertThat(lines.get(2)).isEmpty();
    assertThat(large.base64()).isEqualTo(log.path("root").asText());
    assertThat(Proofs.consistent(3, small, size, large, proof)).isTrue();
    assertThat(Proofs.consistent(3, Digest.ZERO, size, large, proof)).isFalse();

    CommandRun.Result beyond = custody.run("tlog", "consistency", origin, "3", "99999");
    assertThat(beyond.code()).isEqualTo(2);
    assertThat(beyond.err()).contains("expected 1 <= FROM <= TO <= ");
  }

  /** The log that the session is in. */
  private JsonNode theLog() throws Exception {
    return custody.json("tlog", "list").stream()
        .filter(log -> log.path("size").asLong() > 3)
        .findFirst()
        .orElseThrow();
  }

  private static Digest root(String line, long size) {
    assertThat(line).startsWith(size + " ");
    return Digest.ofBase64(line.substring(line.indexOf(' ') + 1));
  }

  @Test
  void aLogIsServedByAProcessThatHasOnlyTheRootAndKafka() throws Exception {
    try (CustodyProcess serving =
            CustodyProcess.start(
                elsewhere,
                "serve",
                "tlog",
                "serve",
                "--bootstrap-servers",
                all.kafka(),
                "--root",
                root.toString(),
                "--port",
                "0",
                "--data",
                elsewhere.resolve("mirror").toString());
        HttpClient http = HttpClient.newHttpClient()) {
      String[] place = theLog().path("origin").asText().split("/");
      String path = "/" + place[place.length - 2] + "/" + place[place.length - 1] + "/checkpoint";
      String served = serving.ready("log");
      Await.until(
          "both serve one checkpoint",
          LONG,
          () -> {
            HttpResponse<String> one = get(http, served + path);
            return one.statusCode() == 200 && one.body().equals(get(http, all.log() + path).body());
          });
    }
  }

  private static HttpResponse<String> get(HttpClient http, String address) throws Exception {
    return http.send(
        HttpRequest.newBuilder(URI.create(address)).build(), HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void aSetOfRulesIsRecordedOnce() throws Exception {
    Path rules = Files.createDirectories(directory.resolve("rules"));
    Files.writeString(
        rules.resolve("one.yml"),
        """
        title: A repository was made public
        id: 7a1c2a5e-3a0f-4a5b-9d43-0c5d6a7b8c9d
        logsource: {product: github, service: audit}
        detection:
          selection: {action: repo.access, visibility: public}
          condition: selection
        """);
    String recorded = custody.text("rule", "load", "--rules", rules.toString());
    assertThat(recorded).startsWith("recorded 1 rules, digest ");
    String digest = recorded.strip().substring(recorded.lastIndexOf(' ') + 1);
    assertThat(custody.text("rule", "load", "--rules", rules.toString()))
        .startsWith("known already: 1 rules, digest " + digest);
    assertThat(all.awaitIndexed(LONG)).isTrue();
    assertThat(custody.json("search", "--kind", "RulesLoaded"))
        .filteredOn(event -> event.toString().contains(digest))
        .hasSize(1);
  }

  @Test
  void aPositionIsExplained() throws Exception {
    JsonNode event = custody.json("search", "evidence-of-interest").getFirst();
    String chain = event.path("position").path("chain").asText();
    long sequence = event.path("position").path("sequence").asLong();

    String text = custody.text("explain", chain.substring(0, 10) + "#" + sequence);
    assertThat(text)
        .contains("Intact  partition ")
        .contains("in the log")
        .contains("(the next record names it)")
        .contains("trusted")
        .contains("verifies");

    List<JsonNode> lines = custody.json("explain", chain + "#" + sequence);
    assertThat(lines.getFirst().path("event").asText()).isEqualTo(event.path("id").asText());
    assertThat(lines.getLast().path("verdict").asText()).isEqualTo("intact");
    assertThat(lines.getLast().path("logLink")).isEqualTo(lines.getFirst().path("link"));
  }

  @Test
  void aPositionBehindTheEndIsSaidToBeEmpty() throws Exception {
    JsonNode event = custody.json("search", "evidence-of-interest").getFirst();
    String chain = event.path("position").path("chain").asText();
    CommandRun.Result result = custody.run("explain", chain + "#99999");
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.out()).contains("nothing is stored here: the chain goes to #");
  }

  @Test
  void anUnknownChainAndAnotherSpellingAreRefused() {
    CommandRun.Result unknown = custody.run("explain", "00000000#1");
    assertThat(unknown.code()).isEqualTo(2);
    assertThat(unknown.err()).contains("no chain begins with 00000000");
    CommandRun.Result other = custody.run("explain", "7f3a-42");
    assertThat(other.code()).isEqualTo(2);
    assertThat(other.err()).contains("expected CHAIN#SEQUENCE with 4 to 32 hex digits");
  }
}
