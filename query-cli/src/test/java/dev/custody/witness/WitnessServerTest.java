package dev.custody.witness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.custody.digest.Digest;
import dev.custody.note.Checkpoint;
import dev.custody.note.Cosigner;
import dev.custody.note.NoteSignature;
import dev.custody.note.SignedNote;
import dev.custody.signing.TestSigner;
import dev.custody.tlog.AddCheckpoint;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real server, spoken to over HTTP, byte by byte as the protocol has it. */
class WitnessServerTest {
  private static final Instant NOW = Instant.parse("2026-11-22T07:00:00Z");
  private static final GrowingLog LOG = GrowingLog.named("log.example/0/1");

  private final HttpClient http = HttpClient.newHttpClient();
  private final Cosigner cosigner =
      new Cosigner("witness.example", TestSigner.named("witness.example"));

  @TempDir private Path directory;
  private WitnessServer server;

  @BeforeEach
  void start() throws Exception {
    server = open(true);
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
    http.close();
  }

  private WitnessServer open(boolean fresh) throws WitnessException, IOException {
    return WitnessServer.start(witness(cosigner, fresh), "127.0.0.1", 0);
  }

  private Witness witness(Cosigner by, boolean fresh) throws WitnessException, IOException {
    return Witness.open(
        directory.resolve("state"), by, fresh, List.of(LOG.key()), InstantSource.fixed(NOW));
  }

  private void restart() throws Exception {
    server.close();
    server = open(false);
  }

  private HttpResponse<String> post(byte[] body) throws IOException, InterruptedException {
    return http.send(
        HttpRequest.newBuilder(uri("/add-checkpoint"))
            .POST(BodyPublishers.ofByteArray(body))
            .build(),
        BodyHandlers.ofString());
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + server.port() + path);
  }

  private HttpResponse<String> add(int old, List<Digest> proof, SignedNote note)
      throws IOException, InterruptedException {
    return post(new AddCheckpoint(old, proof, note).encode());
  }

  private HttpResponse<String> grow(GrowingLog log, int old, int size)
      throws IOException, InterruptedException {
    return add(old, old == 0 ? List.of() : log.proof(old, size), log.at(size));
  }

  private void assertCosigned(HttpResponse<String> answer, SignedNote note) throws Exception {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(answer.body()).endsWith("\n");
    SignedNote cosigned = note.with(NoteSignature.parse(answer.body().strip()));
    assertThat(cosigned.requireSignedBy(cosigner.key()).time()).isEqualTo(NOW);
  }

  private static void assertRefused(HttpResponse<String> answer, int status, String reason) {
    assertThat(answer.body()).isEqualTo(reason + "\n");
    assertThat(answer.statusCode()).isEqualTo(status);
  }

  private static void assertStale(HttpResponse<String> answer, int size) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(409);
    assertThat(answer.headers().firstValue("Content-Type")).hasValue("text/x.tlog.size");
    assertThat(answer.body()).isEqualTo(size + "\n");
  }

  @Test
  void aGrowingLogIsCosignedAtEachSize() throws Exception {
    int old = 0;
    for (int size : new int[] {0, 1, 2, 7, 8, 255, 256, 257, 600}) {
      assertCosigned(grow(LOG, old, size), LOG.at(size));
      old = size;
    }
  }

  @Test
  void theSameCheckpointIsCosignedAgain() throws Exception {
    grow(LOG, 0, 7);
    assertCosigned(add(7, List.of(), LOG.at(7)), LOG.at(7));
  }

  @Test
  void aProofFromAnotherSizeIsAnsweredWithTheSize() throws Exception {
    grow(LOG, 0, 7);
    grow(LOG, 7, 20);
    assertStale(grow(LOG, 7, 30), 20);
    assertStale(grow(LOG, 0, 30), 20);
    assertStale(grow(LOG, 25, 30), 20);
    assertStale(grow(LOG, 7, 20), 20);
  }

  @Test
  void aRollbackIsNeverCosigned() throws Exception {
    grow(LOG, 0, 20);
    assertStale(grow(LOG, 0, 7), 20);
    assertStale(add(7, List.of(), LOG.at(7)), 20);
    assertRefused(
        add(20, List.of(), LOG.at(7)), 400, "expected an old size of at most 7, found 20");
  }

  @Test
  void aForkOfTheSameSizeIsRefusedAndKept() throws Exception {
    GrowingLog fork = LOG.forkedAt(10);
    grow(LOG, 0, 20);
    HttpResponse<String> answer = add(20, List.of(), fork.at(20));
    assertThat(answer.statusCode()).isEqualTo(422);
    assertThat(answer.body())
        .startsWith("expected an extension of size 20 with root ")
        .contains("found none in size 20 with root ");
    Path kept = directory.resolve("state").resolve(WitnessMemory.hash("log.example/0/1") + ".fork");
    assertThat(SignedNote.parse(Files.readAllBytes(kept))).isEqualTo(fork.at(20));
  }

  @Test
  void aForkOfALargerSizeIsRefusedWhateverItsProof() throws Exception {
    GrowingLog fork = LOG.forkedAt(10);
    grow(LOG, 0, 20);
    assertThat(grow(fork, 20, 40).statusCode()).isEqualTo(422);
    assertThat(add(20, LOG.proof(20, 40), fork.at(40)).statusCode()).isEqualTo(422);
    assertThat(add(20, List.of(), fork.at(40)).statusCode()).isEqualTo(422);
    assertCosigned(grow(LOG, 20, 40), LOG.at(40));
  }

  @Test
  void aProofFromNothingIsRefused() throws Exception {
    assertThat(add(0, LOG.proof(7, 20), LOG.at(20)).statusCode()).isEqualTo(422);
    assertCosigned(grow(LOG, 0, 20), LOG.at(20));
  }

  @Test
  void anEmptyLogHasOneRootOnly() throws Exception {
    Digest root = Digest.sha256(new byte[] {1});
    SignedNote wrong = LOG.signed(new Checkpoint("log.example/0/1", 0, root));
    assertThat(add(0, List.of(), wrong).statusCode()).isEqualTo(422);
    assertCosigned(grow(LOG, 0, 0), LOG.at(0));
  }

  @Test
  void aLogThatIsNotWatchedIsNotFound() throws Exception {
    GrowingLog other = GrowingLog.named("other.example");
    assertRefused(
        grow(other, 0, 7), 404, "expected a log that is watched here, found \"other.example\"");
  }

  @Test
  void aCheckpointThatTheLogDidNotSignIsForbidden() throws Exception {
    GrowingLog other = LOG.signedBySomebodyElse();
    assertRefused(grow(other, 0, 7), 403, "expected a signature of the log, found none");
    SignedNote moved = new SignedNote(LOG.at(7).text(), LOG.at(8).signatures());
    assertRefused(
        add(0, List.of(), moved),
        403,
        "the signature of log.example/0/1+%08x fails".formatted(LOG.key().id()));
  }

  @Test
  void signaturesOfOthersAreIgnoredAndNotKept() throws Exception {
    SignedNote note = LOG.at(7).with(LOG.signedBySomebodyElse().at(8).signatures().getFirst());
    assertCosigned(add(0, List.of(), note), LOG.at(7));
    assertThat(latest().signatures()).hasSize(2);
  }

  @Test
  void whatIsNoRequestIsRefused() throws Exception {
    String note = new String(LOG.at(7).encode(), StandardCharsets.UTF_8);
    String hash = LOG.proof(7, 20).getFirst().base64() + "\n";
    for (String body :
        List.of(
            "",
            "old 0\n",
            note,
            "old 00\n\n" + note,
            "old  0\n\n" + note,
            "old -1\n\n" + note,
            "Old 0\n\n" + note,
            "old 0\r\n\r\n" + note,
            "old 0\n" + note,
            "old 0\n\n\n" + note,
            "old 7\n" + hash.repeat(64) + "\n" + note,
            "old 7\n" + hash.replace("=", "") + "\n" + note,
            "old 0\n\n" + note + "\n",
            "old 0\n\n" + note.replace("\n7\n", "\n07\n"))) {
      assertThat(post(body.getBytes(StandardCharsets.UTF_8)).statusCode()).as(body).isEqualTo(400);
    }
    assertThat(post(new byte[AddCheckpoint.MAX_BYTES + 1]).statusCode()).isEqualTo(400);
    assertCosigned(grow(LOG, 0, 7), LOG.at(7));
  }

  private SignedNote latest() throws Exception {
    HttpResponse<byte[]> answer =
        http.send(
            HttpRequest.newBuilder(uri("/" + WitnessMemory.hash("log.example/0/1") + "/checkpoint"))
                .build(),
            BodyHandlers.ofByteArray());
    assertThat(answer.statusCode()).isEqualTo(200);
    return SignedNote.parse(answer.body());
  }

  @Test
  void theLatestCheckpointIsServedWithItsCosignature() throws Exception {
    HttpResponse<String> none =
        http.send(
            HttpRequest.newBuilder(uri("/" + WitnessMemory.hash("log.example/0/1") + "/checkpoint"))
                .build(),
            BodyHandlers.ofString());
    assertThat(none.statusCode()).isEqualTo(404);
    grow(LOG, 0, 7);
    grow(LOG, 7, 20);
    SignedNote latest = latest();
    assertThat(latest.text()).isEqualTo(LOG.at(20).text());
    assertThat(latest.verify(List.of(LOG.key(), cosigner.key()))).hasSize(2);
  }

  @Test
  void oneOfTwoRacingHistoriesIsCosignedAndTheOtherNever() throws Exception {
    GrowingLog fork = LOG.forkedAt(0);
    for (int size = 1; size <= 40; size++) {
      grow(LOG, size - 1, size);
    }
    restart();
    int from = 40;
    List<Callable<Integer>> rivals = new ArrayList<>();
    for (int i = 1; i <= 20; i++) {
      int size = from + i;
      rivals.add(() -> grow(LOG, from, size).statusCode());
      rivals.add(() -> add(from, LOG.proof(from, size), fork.at(size)).statusCode());
    }
    List<Integer> answers = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Integer> answer : threads.invokeAll(rivals)) {
        answers.add(answer.get());
      }
    }
    assertThat(answers).containsOnlyOnce(200);
    Set<Integer> others = new HashSet<>(answers);
    others.remove(200);
    assertThat(others).isSubsetOf(409, 422);
    assertThat(latest().text()).isEqualTo(LOG.at(size(latest())).text());
  }

  private static int size(SignedNote note) throws Exception {
    return (int) Checkpoint.of(note).size();
  }

  @Test
  void twoFirstCheckpointsRaceForOneHistory() throws Exception {
    GrowingLog fork = LOG.forkedAt(0);
    List<Callable<Integer>> rivals = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      rivals.add(() -> grow(LOG, 0, 9).statusCode());
      rivals.add(() -> grow(fork, 0, 9).statusCode());
    }
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Integer> answers = new ArrayList<>();
      for (Future<Integer> answer : threads.invokeAll(rivals)) {
        answers.add(answer.get());
      }
      assertThat(answers).containsOnlyOnce(200).contains(409);
    }
  }

  @Test
  void aRestartForgetsNothing() throws Exception {
    grow(LOG, 0, 20);
    SignedNote before = latest();
    restart();
    assertThat(latest()).isEqualTo(before);
    assertStale(grow(LOG, 0, 7), 20);
    assertThat(add(20, List.of(), LOG.forkedAt(3).at(20)).statusCode()).isEqualTo(422);
    assertCosigned(grow(LOG, 20, 21), LOG.at(21));
  }

  @Test
  void aStateThatWasLostIsToldRatherThanForgotten() throws Exception {
    grow(LOG, 0, 20);
    server.close();
    Path lost = directory.resolve("lost");
    Files.move(directory.resolve("state"), lost);
    assertThatThrownBy(() -> open(false))
        .isInstanceOf(WitnessException.class)
        .hasMessage(
            "%s does not hold what witness.example has cosigned, and a witness that forgot may"
                + " cosign a fork; try: restore the directory, or begin with a new key",
            directory.resolve("state"));
    server = WitnessServer.start(elsewhere(), "127.0.0.1", 0);
  }

  private Witness elsewhere() throws Exception {
    return Witness.open(
        directory.resolve("elsewhere"),
        cosigner,
        true,
        List.of(LOG.key()),
        InstantSource.fixed(NOW));
  }

  @Test
  void aStateOfAnotherWitnessIsRefused() throws Exception {
    server.close();
    Cosigner other = new Cosigner("other.example", TestSigner.named("other"));
    assertThatThrownBy(() -> witness(other, true))
        .isInstanceOf(WitnessException.class)
        .hasMessage(
            "%s belongs to another witness: expected %s, found %s; try: another directory",
            directory.resolve("state"), other.key(), cosigner.key());
  }

  @Test
  void aDamagedStateIsRefused() throws Exception {
    grow(LOG, 0, 20);
    server.close();
    Path file =
        directory.resolve("state").resolve(WitnessMemory.hash("log.example/0/1") + ".checkpoint");
    String good = Files.readString(file);
    Files.writeString(file, good.replace("\n20\n", "\n2\n"));
    assertThatThrownBy(() -> open(false))
        .isInstanceOf(WitnessException.class)
        .hasMessage(
            "%s is damaged: the signature of witness.example+%08x fails; try: restore it from a"
                + " backup that is not older than the last cosignature",
            file, cosigner.key().id());
    Files.writeString(file, "");
    assertThatThrownBy(() -> open(false)).isInstanceOf(WitnessException.class);
    Files.writeString(file, good);
    server = open(false);
    assertStale(grow(LOG, 0, 7), 20);
  }

  @Test
  void twoWitnessesDoNotShareAState() {
    assertThatThrownBy(() -> witness(cosigner, false))
        .isInstanceOf(WitnessException.class)
        .hasMessage(
            "%s is in use by another witness; try: stop it, or name another directory",
            directory.resolve("state"));
  }

  @Test
  void aHalfWrittenFileOfACrashIsNotRead() throws Exception {
    grow(LOG, 0, 20);
    server.close();
    Path half =
        directory
            .resolve("state")
            .resolve(WitnessMemory.hash("log.example/0/1") + ".checkpoint.tmp");
    Files.write(half, LOG.at(30).encode());
    server = open(false);
    assertThat(half).doesNotExist();
    assertStale(grow(LOG, 0, 7), 20);
  }

  @Test
  void whatCannotBeKeptIsNotCosigned() throws Exception {
    grow(LOG, 0, 20);
    Path aside =
        directory
            .resolve("state")
            .resolve(WitnessMemory.hash("log.example/0/1") + ".checkpoint.tmp");
    Files.createDirectory(aside);
    String reason = "the state could not be written; see the log";
    assertRefused(grow(LOG, 20, 30), 503, reason);
    Files.delete(aside);
    assertRefused(grow(LOG, 20, 30), 503, reason);
    restart();
    assertCosigned(grow(LOG, 20, 30), LOG.at(30));
  }

  @Test
  void aWitnessDoesNotWatchAWitness() {
    assertThatThrownBy(() ->
            Witness.open(
                directory.resolve("x"),
                cosigner,
                true,
                List.of(cosigner.key()),
                InstantSource.system()))
        .isInstanceOf(WitnessException.class)
        .hasMessageStartingWith("expected the key of a log, found that of a witness: ");
  }
}
