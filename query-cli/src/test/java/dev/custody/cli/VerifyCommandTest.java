package dev.custody.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.custody.admission.TestChain;
import dev.custody.audit.TestLog;
import dev.custody.chain.Envelope;
import dev.custody.local.EmbeddedBroker;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class VerifyCommandTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private Path data;
  private TestLog log;
  private String chain;
  private String link;
  private String fingerprint;

  @BeforeAll
  void writeLog(@TempDir Path directory) throws Exception {
    data = directory;
    log = TestLog.in(data);
    TestChain written = log.chain();
    written.sealHeartbeats(20);
    log.write(written.envelopes());
    Envelope last = written.envelopes().getLast();
    chain = last.chain().hex();
    link = dev.custody.chain.Link.of(last).hash().hex();
    fingerprint = written.roots().fingerprints().getFirst();
  }

  @Test
  void anIntactLogSaysSoAndWhatItCannotTell() {
    CommandRun.Result result = verify(data);
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.err()).isEmpty();
    assertThat(result.out())
        .isEqualTo(
            """
            operator-supplied root %s (keys/root.pub)
            chain %s  spiffe://test/collector/laptop  #0..#20  21 records  intact

            not checked: whether the newest records were cut off (no transparency log)
            intact: 1 chain, 21 records
            """
                .formatted(fingerprint, chain.substring(0, 8)));
  }

  @Test
  void anIntactLogIsOneObjectALineForPrograms() throws Exception {
    List<JsonNode> lines = json(CommandRun.run("verify", "--json", "--data", data.toString()));
    assertThat(lines).hasSize(2);
    assertThat(lines.get(0))
        .isEqualTo(
            JSON.readTree(
                """
                {"kind":"Chain","verdict":"intact","chain":"%s","collector":"spiffe://test/collector/laptop",
                 "lastSequence":20,"lastLink":"%s","records":21,"repeats":0,"failures":0,"predecessorUnknown":false}
                """
                    .formatted(chain, link)));
    assertThat(lines.get(1))
        .isEqualTo(
            JSON.readTree(
                """
                {"kind":"Summary","verdict":"intact","chains":1,"records":21,"failures":0,"stored":21,"repeats":0,
                 "rootSource":"operator-supplied root","roots":["%s"],
                 "notChecked":["whether the newest records were cut off (no transparency log)"]}
                """
                    .formatted(fingerprint)));
  }

  @Test
  void aChangedByteNamesTheExactRecordAndTheNextStep(@TempDir Path copies) throws Exception {
    long position = change(log.copyTo(copies), 13);
    CommandRun.Result result = verify(copies);
    assertThat(result.code()).isEqualTo(1);
    String stored =
        "partition 0, offset 13, kafka/custody.events-0/00000000000000000000.log byte %d"
            .formatted(position);
    String id = chain.substring(0, 8);
    assertThat(result.out())
        .contains(
            "chain %s  spiffe://test/collector/laptop  #0..#20  20 records  2 failures"
                .formatted(id))
        .contains("DamagedStorage\n  stored  partition 0, offsets 8 to 15, kafka/custody.events-0/")
        .contains("BadSeal  %s#13\n  stored  %s\n  why     key ".formatted(id, stored))
        .contains("  next    keep the directory as it is, as evidence; ")
        .contains("Gap  %s#13\n".formatted(id))
        .contains("  why     expected #13, found #14: 1 missing\n")
        .endsWith(
            "NOT INTACT: 3 failures in 1 chain, 20 records; first: BadSeal %s#13 at %s\n"
                .formatted(id, stored));
  }

  @Test
  void aChangedByteIsAFailureObjectForPrograms(@TempDir Path copies) throws Exception {
    TestLog copy = log.copyTo(copies);
    long position = change(copy, 13);
    List<JsonNode> lines = json(CommandRun.run("--data", copies.toString(), "verify", "--json"));
    JsonNode failure = lines.get(2);
    assertThat(failure.get("kind").textValue()).isEqualTo("Failure");
    assertThat(failure.get("verdict").textValue()).isEqualTo("BadSeal");
    assertThat(failure.get("position"))
        .isEqualTo(
            JSON.readTree(
                "{\"partition\":0,\"offset\":13,\"chain\":\"%s\",\"sequence\":13}"
                    .formatted(chain)));
    assertThat(failure.get("lastOffset").longValue()).isEqualTo(13);
    assertThat(failure.get("file").textValue()).isEqualTo(copy.segment(0).toString());
    assertThat(failure.get("filePosition").longValue()).isEqualTo(position);
    assertThat(lines.getLast().get("verdict").textValue()).isEqualTo("not intact");
  }

  @Test
  void theRootOfAnotherOrganisationMakesEveryChainUnknown(@TempDir Path other) throws Exception {
    Path root = TestLog.in(other).root();
    CommandRun.Result result =
        CommandRun.run("verify", "--data", data.toString(), "--root", root.toString());
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.out())
        .startsWith("pinned root ")
        .contains("unknown collector  nothing verified  0 records  21 failures")
        .contains("UnknownSigner  %s#0".formatted(chain.substring(0, 8)))
        .contains("next    verify with the root of the organisation that enrolled this collector")
        .contains("19 more of the same kinds are counted, not listed");
  }

  @Test
  void theSameAnswerComesFromTheTopic(@TempDir Path copies) throws Exception {
    log.copyTo(copies);
    try (EmbeddedBroker broker = EmbeddedBroker.start(copies.resolve("kafka"), 0)) {
      assertThat(
              CommandRun.run(
                      "verify",
                      "--data",
                      copies.toString(),
                      "--bootstrap-servers",
                      broker.bootstrapServers())
                  .out())
          .isEqualTo(verify(data).out());
    }
  }

  @Test
  void whatCannotBeCheckedIsNeitherIntactNorDamaged(@TempDir Path empty, @TempDir Path noRoot)
      throws Exception {
    assertThat(verify(empty.resolve("none")))
        .satisfies(
            r -> assertThat(r.code()).isEqualTo(2),
            r -> assertThat(r.err()).startsWith("custody: no root key: expected the file "),
            r -> assertThat(r.err()).contains("hint: `custody up` makes it"));
    TestLog.in(empty);
    assertThat(verify(empty))
        .satisfies(
            r -> assertThat(r.code()).isEqualTo(2),
            r ->
                assertThat(r.err()).startsWith("custody: no log: expected partitions of the topic"),
            r -> assertThat(r.err()).contains("hint: name another data directory: --data DIR"));
    Files.createDirectories(empty.resolve("kafka/custody.events-0"));
    Files.createFile(empty.resolve("kafka/custody.events-0/00000000000000000000.log"));
    assertThat(verify(empty))
        .satisfies(
            r -> assertThat(r.code()).isEqualTo(2),
            r -> assertThat(r.err()).startsWith("custody: nothing to verify: expected records"),
            r -> assertThat(r.err()).contains("hint: record something first"));
    Files.createDirectories(noRoot.resolve("keys"));
    Files.writeString(noRoot.resolve("keys/root.pub"), "custody-root-v1 AAAA\n");
    assertThat(verify(noRoot))
        .satisfies(
            r -> assertThat(r.code()).isEqualTo(2),
            r -> assertThat(r.err()).startsWith("custody: root key file cannot be used: "));
  }

  @Test
  void hostileNamesInARecordCannotActOnTheTerminal(@TempDir Path hostile) throws Exception {
    TestLog log = TestLog.in(hostile);
    String name = "spiffe://test/\u001b[2J\u202eevil\nintact: 9 chains";
    var opened = log.open(name, null);
    List<Envelope> all = new ArrayList<>(List.of(opened.genesis()));
    log.write(all);
    CommandRun.Result result = verify(hostile);
    assertThat(result.out()).doesNotContain("\u001b").doesNotContain("\u202e").contains("<U+001B>");
    assertThat(result.out().lines().filter(l -> l.startsWith("intact"))).hasSize(1);
  }

  private static CommandRun.Result verify(Path data) {
    return CommandRun.run("verify", "--data", data.toString());
  }

  private static List<JsonNode> json(CommandRun.Result result) throws Exception {
    List<JsonNode> lines = new ArrayList<>();
    for (String line : result.out().split("\n")) {
      lines.add(JSON.readTree(line));
    }
    return lines;
  }

  /** Changes a byte of the text of the record at an offset; says where that record begins. */
  private static long change(TestLog log, int offset) throws Exception {
    var place = log.stored().get(offset).place();
    byte[] bytes = Files.readAllBytes(log.segment(0));
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    bytes[text.indexOf("laptop", (int) place.position())] ^= 1;
    Files.write(log.segment(0), bytes);
    return place.position();
  }
}
