package dev.custody.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.custody.admission.TrustedRoots;
import dev.custody.cli.CommandRun;
import dev.custody.local.CollectorClient;
import dev.custody.local.Installation;
import dev.custody.trust.Revocations;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A running installation changes its keys, and its root takes trust away from one of them. */
class KeysTest {
  private static final Duration LONG = Duration.ofMinutes(2);

  @Test
  void aRunningCollectorRotatesTwiceAndARevocationIsShownBesideEveryAnswer(@TempDir Path directory)
      throws Exception {
    Path data = directory.resolve("data");
    Asking custody = new Asking(data);
    try (CustodyProcess up =
            CustodyProcess.start(
                directory,
                "up",
                "up",
                "--http-port",
                "0",
                "--kafka-port",
                "0",
                "--data",
                data.toString());
        CollectorClient collector = new CollectorClient(up.ready("http"))) {
      AgentSession agent =
          new AgentSession(List.of(collector), directory.resolve("api"), "session-keys");
      agent.starts();
      agent.prompted("prompt-1", "say one");
      agent.ran("call-1", "echo first", "first");
      rotate(custody, directory);
      agent.ran("call-2", "echo second", "second");
      rotate(custody, directory);
      agent.ran("call-3", "echo third", "third");
      JsonNode third = awaitOne(custody, "third");
      agent.ran("call-4", "echo fourth", "fourth");
      JsonNode fourth = awaitOne(custody, "fourth");
      assertThat(fourth.path("untrusted").isNull()).isTrue();

      Path out = directory.resolve("revoked");
      revoke(custody, directory, third, out);
      Await.until(
          "the revocation is indexed",
          LONG,
          () -> custody.json("search", "--kind", "KeyRevoked").size() == 1);
      Files.delete(Installation.revocationFile(data));
      judged(custody, third, fourth);
      revoked(custody);
      assertThat(Revocations.read(out, TrustedRoots.read(Installation.rootFile(data))).all())
          .hasSize(1);
    }
  }

  private static void rotate(Asking custody, Path directory) {
    CommandRun.Result rotated =
        custody.run(
            "keys",
            "rotate",
            "collector",
            "--wrapping-key",
            CustodyProcess.wrappingKey(directory).toString());
    assertThat(rotated.code()).as(rotated.err()).isZero();
    assertThat(rotated.out()).contains("the running collector seals with it from now on");
  }

  private static JsonNode awaitOne(Asking custody, String word) throws Exception {
    Await.until(
        word + " is indexed",
        LONG,
        () -> !custody.json("search", word, "--kind", "ToolCallCompleted").isEmpty());
    return custody.json("search", word, "--kind", "ToolCallCompleted").getFirst();
  }

  private static void revoke(Asking custody, Path directory, JsonNode last, Path out) {
    CommandRun.Result revoked =
        custody.run(
            "keys",
            "revoke",
            "--chain",
            last.at("/position/chain").asText(),
            "--after",
            last.at("/position/sequence").asText(),
            "--reason",
            "laptop stolen",
            "--out",
            out.toString(),
            "--wrapping-key",
            CustodyProcess.wrappingKey(directory).toString());
    assertThat(revoked.code()).as(revoked.err()).isZero();
    assertThat(revoked.out()).contains("recorded in the log");
  }

  private static void judged(Asking custody, JsonNode third, JsonNode fourth) throws Exception {
    String why =
        "UNTRUSTED: key .{8} revoked after #%s \\(laptop stolen\\)"
            .formatted(third.at("/position/sequence").asText());
    assertThat(awaitOne(custody, "fourth").path("untrusted").asText()).matches(why);
    for (String word : List.of("first", "second", "third")) {
      assertThat(awaitOne(custody, word).path("untrusted").isNull()).as(word).isTrue();
    }
    assertThat(custody.text("search", "fourth", "--kind", "ToolCallCompleted"))
        .containsPattern(why);
    assertThat(custody.text("who", fourth.path("id").asText())).containsPattern("trust +" + why);
    assertThat(custody.text("search", "third", "--kind", "ToolCallCompleted"))
        .doesNotContain("UNTRUSTED");
  }

  /** What the revoked key sealed behind the last trusted position is named, and nothing else. */
  private static void revoked(Asking custody) {
    CommandRun.Result verified = custody.run("verify");
    assertThat(verified.code()).as("%s", verified).isEqualTo(1);
    assertThat(verified.out()).contains("RevokedKey  ", "NOT INTACT: 1 failure in 1 chain");
  }
}
