package dev.custody.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.custody.detect.ShippedRules;
import dev.custody.enforce.Policy;
import dev.custody.local.AllInOne;
import dev.custody.local.CollectorClient;
import dev.custody.local.Installation;
import dev.custody.log.LogKeys;
import dev.custody.note.Checkpoint;
import dev.custody.note.Cosigner;
import dev.custody.note.SignedNote;
import dev.custody.signing.KeyDirectory;
import dev.custody.tiles.Cosigning;
import dev.custody.tiles.Witnessed;
import dev.custody.tlog.WitnessPolicy;
import dev.custody.witness.Witness;
import dev.custody.witness.WitnessServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever runs Custody has every key and every file; the auditor has a checkpoint. */
class OperatorTest {
  private static final Duration LONG = Duration.ofMinutes(2);

  @TempDir Path directory;

  private static void record(AllInOne all, int from, int to) throws Exception {
    try (CollectorClient client = new CollectorClient(all.http())) {
      for (int i = from; i < to; i++) {
        client.hook(
            """
            {"hook_event_name": "PreToolUse", "session_id": "s", "prompt_id": "p", "cwd": "/tmp",
             "tool_name": "Bash", "tool_use_id": "call-%d", "tool_input": {"command": "ls"}}\
            """
                .formatted(i)
                .getBytes(StandardCharsets.UTF_8));
      }
    }
  }

  /** The checkpoint of the only partition, once it covers {@code size}. */
  private static byte[] served(AllInOne all, long size) throws Exception {
    byte[][] found = new byte[1][];
    try (HttpClient http = HttpClient.newHttpClient()) {
      Await.until(
          "a checkpoint covers " + size,
          LONG,
          () -> {
            HttpResponse<byte[]> answer =
                http.send(
                    HttpRequest.newBuilder(URI.create(all.log() + "/0/0/checkpoint")).build(),
                    HttpResponse.BodyHandlers.ofByteArray());
            if (answer.statusCode() == 200
                && Checkpoint.of(SignedNote.parse(answer.body())).size() >= size) {
              found[0] = answer.body();
              return true;
            }
            return false;
          });
    }
    return found[0];
  }

  @Test
  void whoRebuildsTheWholeLogWithItsOwnKeyIsCaughtByAKeptCheckpointAndByAWitness()
      throws Exception {
    Path data = directory.resolve("data");
    Path key = CustodyProcess.wrappingKey(directory);
    LogKeys logs = Installation.open(data, key).logs(1, Instant.now());
    Cosigner cosigner =
        new Cosigner(
            "witness.example/w1",
            KeyDirectory.open(directory.resolve("witness-keys"), directory.resolve("witness.key"))
                .signer("witness"));
    try (WitnessServer witness =
        WitnessServer.start(
            Witness.open(
                directory.resolve("witness"),
                cosigner,
                true,
                logs.list().keys(),
                InstantSource.system()),
            "127.0.0.1",
            0)) {
      byte[] policy =
          "witness w1 %s http://127.0.0.1:%d/\nquorum w1\n"
              .formatted(cosigner.key(), witness.port())
              .getBytes(StandardCharsets.UTF_8);
      Path policyFile = Files.write(directory.resolve("policy"), policy);
      Path kept = directory.resolve("kept.checkpoint");
      try (AllInOne all = start(data, key, cosigning(policy))) {
        record(all, 0, 300);
        Files.write(kept, served(all, 300));
      }
      String root = data.resolve("keys/root.pub").toString();
      String[] audit = {
        "verify", "--root", root, "--checkpoint", kept.toString(), "--policy", policyFile.toString()
      };
      assertThat(new Asking(data).run(audit).code()).isZero();

      Path cut = copy(data, "cut");
      cutTail(cut, 5);
      var afterCut = new Asking(cut).run("verify", "--root", root);
      assertThat(afterCut.code()).isEqualTo(1);
      assertThat(afterCut.out()).contains("RolledBackLog", "missing; first ");

      Path forged = copy(data, "forged");
      cutTail(forged, 5);
      forgetEverythingDerived(forged);
      try (AllInOne all = start(forged, key, Cosigning.none())) {
        // However many records the cut batches held.
        record(all, 1000, 1320);
        byte[] other = served(all, 310);
        assertThat(other).isNotEqualTo(Files.readAllBytes(kept));
      }
      assertThat(new Asking(forged).run("verify", "--root", root).code())
          .as("without anything of their own an auditor cannot know")
          .isZero();
      var caught = new Asking(forged).run(audit);
      assertThat(caught.code()).isEqualTo(1);
      assertThat(caught.out()).contains("ForkedLog", "(kept checkpoint)");

      delete(forged.resolve("log"));
      AtomicInteger refusals = new AtomicInteger();
      Cosigning witnessed = cosigning(policy);
      Cosigning counting =
          (origin, note, checkpoint, nodes) -> {
            Optional<SignedNote> signed = witnessed.cosign(origin, note, checkpoint, nodes);
            refusals.addAndGet(signed.isEmpty() ? 1 : 0);
            return signed;
          };
      try (AllInOne all = start(forged, key, counting)) {
        record(all, 2000, 2005);
        Await.until("the witness was asked for the other history", LONG, () -> refusals.get() > 0);
        assertThat(shown(forged)).as("no witness signs it, so it is not shown").isFalse();
      }
    }
  }

  private static boolean shown(Path data) throws IOException {
    try (Stream<Path> files = Files.walk(data.resolve("log"))) {
      return files.anyMatch(f -> f.getFileName().toString().equals("checkpoint"));
    }
  }

  private static Cosigning cosigning(byte[] policy) throws Exception {
    return new Witnessed(WitnessPolicy.parse(policy));
  }

  private static AllInOne start(Path data, Path key, Cosigning cosigning) throws Exception {
    return AllInOne.start(
        new AllInOne.Config(
            data, 0, 0, 0, 1, "local", ShippedRules.load(), cosigning, Policy.OBSERVE),
        key);
  }

  private Path copy(Path data, String name) throws IOException {
    Path target = directory.resolve(name);
    try (Stream<Path> files = Files.walk(data)) {
      for (Path file : files.toList()) {
        Files.copy(file, target.resolve(data.relativize(file)));
      }
    }
    return target;
  }

  /** Removes the last batches of the longest segment of the events. */
  private static void cutTail(Path data, int batches) throws IOException {
    Path segment;
    try (Stream<Path> files = Files.walk(data.resolve("kafka"))) {
      segment =
          files
              .filter(f -> f.toString().matches(".*custody\\.events-\\d+/\\d{20}\\.log"))
              .max(Comparator.comparingLong(f -> f.toFile().length()))
              .orElseThrow();
    }
    byte[] bytes = Files.readAllBytes(segment);
    List<Integer> starts = new java.util.ArrayList<>();
    int at = 0;
    while (at + 12 <= bytes.length) {
      starts.add(at);
      at += 12 + ByteBuffer.wrap(bytes).getInt(at + 8);
    }
    Files.write(segment, java.util.Arrays.copyOf(bytes, starts.get(starts.size() - batches)));
  }

  /** What an operator deletes who wants the log built again from the events alone. */
  private static void forgetEverythingDerived(Path data) throws IOException {
    for (String derived : List.of("streams", "index", "log", "collector")) {
      delete(data.resolve(derived));
    }
    try (Stream<Path> entries = Files.list(data.resolve("kafka"))) {
      for (Path entry : entries.toList()) {
        String name = entry.getFileName().toString();
        if (!name.startsWith("custody.events-")
            && !name.startsWith("__cluster_metadata")
            && !name.equals("meta.properties")
            && !name.equals("bootstrap.checkpoint")) {
          delete(entry);
        }
      }
    }
    try (Stream<Path> files = Files.walk(data.resolve("kafka"))) {
      for (Path index :
          files.filter(f -> f.toString().matches(".*custody\\.events-.*index")).toList()) {
        Files.delete(index);
      }
    }
  }

  private static void delete(Path tree) throws IOException {
    if (!Files.exists(tree)) {
      return;
    }
    try (Stream<Path> files = Files.walk(tree)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
