package dev.custody.witness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.custody.note.Cosigner;
import dev.custody.note.NoteException;
import dev.custody.note.NoteSignature;
import dev.custody.note.SignedNote;
import dev.custody.signing.TestSigner;
import dev.custody.tlog.WitnessPolicy;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against real witnesses, and against servers that answer whatever a test wants. */
class WitnessClientTest {
  private static final Instant NOW = Instant.parse("2026-11-22T07:00:00Z");
  private static final Duration TIMEOUT = Duration.ofSeconds(20);
  private static final GrowingLog LOG = GrowingLog.named("log.example/0/1");

  private final HttpClient http = HttpClient.newHttpClient();
  private final List<AutoCloseable> opened = new ArrayList<>();

  @TempDir private Path directory;

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : opened.reversed()) {
      each.close();
    }
    http.close();
  }

  private static Cosigner cosigner(String name) {
    return new Cosigner(name + ".example", TestSigner.named(name));
  }

  private WitnessServer witness(String name) throws Exception {
    WitnessServer server =
        WitnessServer.start(
            Witness.open(
                directory.resolve(name),
                cosigner(name),
                true,
                List.of(LOG.key()),
                InstantSource.fixed(NOW)),
            "127.0.0.1",
            0);
    opened.add(server);
    return server;
  }

  private WitnessClient client(int port, Duration timeout) throws WitnessException {
    return new WitnessClient(http, "http://127.0.0.1:" + port + "/", cosigner("w1").key(), timeout);
  }

  /** A server whose answer to each {@code add-checkpoint} is {@code handler}'s. */
  private int answering(Handler handler) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext(
        "/add-checkpoint",
        exchange -> {
          try (exchange) {
            exchange.getRequestBody().readAllBytes();
            handler.answer(exchange);
          }
        });
    server.start();
    opened.add(() -> server.stop(0));
    return server.getAddress().getPort();
  }

  @FunctionalInterface
  private interface Handler {
    void answer(HttpExchange exchange) throws IOException;
  }

  private int answering(int status, String body) throws IOException {
    return answering(exchange -> {
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
      exchange.getResponseBody().write(bytes);
    });
  }

  private Submission submit(int port) throws Exception {
    return client(port, TIMEOUT).submit(LOG.at(20), 0, LOG.nodes());
  }

  private static void assertCosigned(Submission submission, SignedNote note) throws NoteException {
    assertThat(submission).isInstanceOf(Submission.Cosigned.class);
    NoteSignature cosignature = ((Submission.Cosigned) submission).cosignatures().getFirst();
    assertThat(note.with(cosignature).requireSignedBy(cosigner("w1").key()).time()).isEqualTo(NOW);
  }

  @Test
  void aWitnessThatIsFurtherThanKnownIsAskedFromWhereItIs() throws Exception {
    WitnessClient client = client(witness("w1").port(), TIMEOUT);
    assertCosigned(client.submit(LOG.at(7), 0, LOG.nodes()), LOG.at(7));
    assertCosigned(client.submit(LOG.at(20), 0, LOG.nodes()), LOG.at(20));
    assertCosigned(client.submit(LOG.at(300), 9, LOG.nodes()), LOG.at(300));
    assertCosigned(client.submit(LOG.at(300), 300, LOG.nodes()), LOG.at(300));
    assertCosigned(client.submit(LOG.at(301), 600, LOG.nodes()), LOG.at(301));
  }

  @Test
  void aLogThatWasCutShortIsToldHowFarItOnceWas() throws Exception {
    WitnessClient client = client(witness("w1").port(), TIMEOUT);
    client.submit(LOG.at(300), 0, LOG.nodes());
    assertThat(client.submit(LOG.at(20), 0, LOG.nodes())).isEqualTo(new Submission.Ahead(300));
  }

  @Test
  void aForkIsRefused() throws Exception {
    WitnessClient client = client(witness("w1").port(), TIMEOUT);
    client.submit(LOG.at(20), 0, LOG.nodes());
    GrowingLog fork = LOG.forkedAt(3);
    assertThat(client.submit(fork.at(40), 20, fork.nodes()))
        .isInstanceOfSatisfying(
            Submission.Refused.class, refused -> assertThat(refused.status()).isEqualTo(422));
    assertThat(client.submit(fork.at(40), 0, fork.nodes())).isInstanceOf(Submission.Refused.class);
  }

  @Test
  void onlyACosignatureThatVerifiesIsTaken() throws Exception {
    String good = cosigner("w1").cosign(LOG.at(20).text(), NOW) + "\n";
    String other = cosigner("w2").cosign(LOG.at(20).text(), NOW) + "\n";
    String moved = cosigner("w1").cosign(LOG.at(19).text(), NOW) + "\n";
    assertCosigned(submit(answering(200, good)), LOG.at(20));
    assertCosigned(submit(answering(200, other + good)), LOG.at(20));
    assertUnreadable(submit(answering(200, other)), "expected a cosignature of ");
    assertUnreadable(submit(answering(200, moved)), "the signature of w1.example+");
    assertUnreadable(
        submit(answering(200, good + good)), "expected each signature once, found that of ");
    assertUnreadable(submit(answering(200, "")), "expected signature lines, found no newline");
    assertUnreadable(submit(answering(200, good + "\n")), "not a signature line: ");
    assertUnreadable(submit(answering(200, "hello\n")), "not a signature line: ");
    assertUnreadable(submit(answering(200, good.strip())), "expected signature lines, found no");
  }

  private static void assertUnreadable(Submission submission, String reason) {
    assertThat(submission)
        .isInstanceOfSatisfying(
            Submission.Refused.class,
            refused ->
                assertThat(refused.reason()).startsWith("its answer cannot be read: " + reason));
  }

  @Test
  void aConflictWithoutASizeIsRefused() throws Exception {
    assertUnreadable(submit(answering(409, "20")), "expected a size and a newline");
    assertUnreadable(submit(answering(409, "020\n")), "expected a decimal number");
    assertUnreadable(submit(answering(409, "-1\n")), "expected a decimal number");
    assertThat(submit(answering(409, "0\n")))
        .isEqualTo(new Submission.Refused(409, "it is at 0, and was asked from there"));
    assertThat(submit(answering(409, "9223372036854775807\n")))
        .isEqualTo(new Submission.Ahead(Long.MAX_VALUE));
  }

  @Test
  void aWitnessThatMovesOnForEverIsGivenUp() throws Exception {
    int[] at = {0};
    int port =
        answering(exchange -> {
          byte[] size = (++at[0] + "\n").getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(409, size.length);
          exchange.getResponseBody().write(size);
        });
    assertThat(submit(port))
        .isEqualTo(new Submission.Refused(409, "others were faster 3 times; it is at 3 now"));
  }

  @Test
  void otherAnswersAreTold() throws Exception {
    assertThat(submit(answering(404, "unknown log\n")))
        .isEqualTo(new Submission.Refused(404, "\"unknown log\""));
    assertThat(submit(answering(403, ""))).isEqualTo(new Submission.Refused(403, "\"\""));
    assertThat(submit(answering(500, "\u001b[31m")))
        .isEqualTo(new Submission.Refused(500, "\"\\u001b[31m\""));
    int port =
        answering(exchange -> {
          exchange.getResponseHeaders().set("Location", "http://127.0.0.1:1/");
          exchange.sendResponseHeaders(302, -1);
        });
    assertThat(submit(port)).isEqualTo(new Submission.Refused(302, "\"\""));
  }

  @Test
  void anEndlessAnswerIsCutOff() throws Exception {
    int port =
        answering(exchange -> {
          exchange.sendResponseHeaders(200, 0);
          byte[] chunk = new byte[8192];
          Arrays.fill(chunk, (byte) 'x');
          OutputStream out = exchange.getResponseBody();
          for (int i = 0; i < 10_000; i++) {
            out.write(chunk);
          }
        });
    assertThat(submit(port)).isInstanceOf(Submission.Unreachable.class);
  }

  @Test
  void aWitnessThatDoesNotAnswerIsGivenUp() throws Exception {
    CountDownLatch done = new CountDownLatch(1);
    opened.add(done::countDown);
    int port =
        answering(exchange -> {
          // The headers come, the body never does.
          exchange.sendResponseHeaders(200, 100);
          exchange.getResponseBody().write('x');
          exchange.getResponseBody().flush();
          await(done);
        });
    assertThat(client(port, Duration.ofMillis(300)).submit(LOG.at(20), 0, LOG.nodes()))
        .isEqualTo(new Submission.Unreachable("no answer within 300 ms"));
    done.countDown();
    assertThat(submit(closedPort())).isInstanceOf(Submission.Unreachable.class);
  }

  private static void await(CountDownLatch done) {
    try {
      done.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static int closedPort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  @Test
  void anAddressThatIsNoneIsRefused() {
    for (String prefix :
        List.of("", "witness.example", "file:///etc", "http://a b/", "http:///x")) {
      assertThatThrownBy(() -> new WitnessClient(http, prefix, cosigner("w1").key(), TIMEOUT))
          .as(prefix)
          .isInstanceOf(WitnessException.class)
          .hasMessage(
              "expected the URL of a witness, found \"%s\"; try: https://HOST/PREFIX", prefix);
    }
  }

  @Test
  void nodesThatCannotBeReadAreNoAnswerOfTheWitness() throws Exception {
    WitnessClient client = client(witness("w1").port(), TIMEOUT);
    client.submit(LOG.at(7), 0, LOG.nodes());
    assertThatThrownBy(() ->
            client.submit(
                LOG.at(20),
                7,
                (level, index) -> {
                  throw new IOException("no tile");
                }))
        .isInstanceOf(IOException.class)
        .hasMessage("no tile");
  }

  private static WitnessPolicy policy(int... ports) throws Exception {
    StringBuilder text = new StringBuilder("log " + LOG.key() + "\n");
    for (int i = 1; i <= ports.length; i++) {
      text.append(
          "witness w%d %s http://127.0.0.1:%d\n"
              .formatted(i, cosigner("w" + i).key(), ports[i - 1]));
    }
    return WitnessPolicy.parse(
        (text + "group g 2 w1 w2 w3\nquorum g\n").getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void twoOfThreeWitnessesAreAQuorumWhileOneIsDown() throws Exception {
    WitnessPolicy policy = policy(witness("w1").port(), closedPort(), witness("w3").port());
    try (Witnesses witnesses = new Witnesses(policy, TIMEOUT)) {
      Witnesses.Round round = witnesses.cosign(LOG.at(20), Map.of(), LOG.nodes());
      assertThat(round.quorum()).isTrue();
      assertThat(policy.satisfiedBy(round.note())).isTrue();
      assertThat(policy.cosignedBy(round.note())).containsExactlyInAnyOrder("w1", "w3");
      assertThat(round.submissions().get("w2")).isInstanceOf(Submission.Unreachable.class);
      Witnesses.Round next = witnesses.cosign(LOG.at(300), Map.of("w1", 20L), LOG.nodes());
      assertThat(next.quorum()).isTrue();
    }
  }

  @Test
  void oneOfThreeWitnessesIsNoQuorum() throws Exception {
    WitnessPolicy policy = policy(witness("w1").port(), closedPort(), closedPort());
    try (Witnesses witnesses = new Witnesses(policy, TIMEOUT)) {
      Witnesses.Round round = witnesses.cosign(LOG.at(20), Map.of(), LOG.nodes());
      assertThat(round.quorum()).isFalse();
      assertThat(policy.satisfiedBy(round.note())).isFalse();
      assertThat(policy.cosignedBy(round.note())).containsExactly("w1");
    }
  }
}
