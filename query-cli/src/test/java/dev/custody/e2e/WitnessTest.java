package dev.custody.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.custody.cli.CommandRun;
import dev.custody.note.VerifierKey;
import dev.custody.witness.GrowingLog;
import dev.custody.witness.Submission;
import dev.custody.witness.WitnessClient;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code custody witness} in a process of its own. */
class WitnessTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final GrowingLog LOG = GrowingLog.named("log.example/0/1");

  @TempDir private Path directory;

  private CustodyProcess start() throws Exception {
    return CustodyProcess.start(
        directory,
        "witness",
        "witness",
        "--name",
        "witness.example/w1",
        "--key-dir",
        directory.resolve("keys").toString(),
        "--state",
        directory.resolve("state").toString(),
        "--listen",
        "127.0.0.1:0",
        "--origin",
        LOG.key().toString());
  }

  @Test
  void aWitnessKilledBetweenTwoCheckpointsRemembersTheFirst() throws Exception {
    VerifierKey key;
    try (HttpClient http = HttpClient.newHttpClient()) {
      try (CustodyProcess witness = start()) {
        key = VerifierKey.parse(witness.ready("vkey"));
        WitnessClient client = new WitnessClient(http, witness.ready("witness"), key, TIMEOUT);
        assertThat(client.submit(LOG.at(20), 0, LOG.nodes()))
            .isInstanceOf(Submission.Cosigned.class);
        // Closing kills it: SIGKILL, no farewell.
      }
      try (CustodyProcess witness = start()) {
        assertThat(witness.ready("vkey")).isEqualTo(key.toString());
        WitnessClient client = new WitnessClient(http, witness.ready("witness"), key, TIMEOUT);
        assertThat(client.submit(LOG.at(7), 0, LOG.nodes())).isEqualTo(new Submission.Ahead(20));
        assertThat(client.submit(LOG.at(300), 20, LOG.nodes()))
            .isInstanceOf(Submission.Cosigned.class);
      }
    }
  }

  @Test
  void aWitnessSaysWhatItCannotStartWith() {
    String keys = directory.resolve("keys").toString();
    String state = directory.resolve("state").toString();
    CommandRun.Result noKey =
        CommandRun.run(
            "witness", "--name", "w", "--key-dir", keys, "--state", state, "--origin", "log");
    assertThat(noKey.code()).isEqualTo(2);
    assertThat(noKey.err())
        .isEqualTo(
            """
            custody: --origin: not a verifier key: expected name+id+key, found "log"
            hint: give the log's vkey, name+id+key
            """);
    CommandRun.Result noPort =
        CommandRun.run(
            "witness",
            "--name",
            "w",
            "--key-dir",
            keys,
            "--state",
            state,
            "--listen",
            "here",
            "--origin",
            LOG.key().toString());
    assertThat(noPort.code()).isEqualTo(2);
    assertThat(noPort.err())
        .isEqualTo(
            """
            custody: --listen: expected HOST:PORT, found here
            hint: leave it out for 127.0.0.1:7480
            """);
  }
}
