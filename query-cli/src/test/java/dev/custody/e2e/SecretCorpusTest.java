package dev.custody.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.custody.access.TokenFile;
import dev.custody.local.CollectorClient;
import dev.custody.redact.SecretCorpus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Secrets of every kind go through every front door of a running {@code custody up}, which is
 * killed in the middle; then all that it wrote is read, unpacked and searched for them.
 */
class SecretCorpusTest {
  private static final Duration LONG = Duration.ofMinutes(2);
  private static final int CONTEXTS_OF_EACH = 2;
  private static final int KINDS = 60;
  private static final int CONTEXTS = 500;

  private final long seed = Long.getLong("custody.seed", new Random().nextLong());
  private final List<SecretCorpus.Entry> corpus = SecretCorpus.sample(seed, CONTEXTS_OF_EACH);

  @Test
  void noSecretOfAnyKindIsAnywhereOnDiskWhateverDoorItCameThrough(
      @TempDir Path directory, @TempDir Path work) throws Exception {
    System.out.println("SecretCorpusTest: seed " + seed);
    Path data = directory.resolve("data");
    FrontDoors doors =
        new FrontDoors(corpus, new Random(seed), work, data.resolve(TokenFile.IMPORT_NAME));
    List<FrontDoors.Delivery> deliveries = doors.deliveries();
    int half = deliveries.size() / 2;
    try (CustodyProcess up = up(directory, data)) {
      String http = up.ready("http");
      try (CollectorClient collector = new CollectorClient(http)) {
        doors.commits(collector);
      }
      doors.toolServer(http, directory);
      for (FrontDoors.Delivery delivery : deliveries.subList(0, half)) {
        delivery.to(http);
      }
      half += killWhileSending(up, http, deliveries.subList(half, deliveries.size()));
    }
    try (CustodyProcess up = up(directory, data)) {
      String http = up.ready("http");
      for (FrontDoors.Delivery delivery : deliveries.subList(half, deliveries.size())) {
        delivery.to(http);
      }
      doors.importTrail(directory, data);
      for (String mark : FrontDoors.ANSWERED) {
        Await.until(mark, LONG, () -> !new Asking(data).json("search", mark).isEmpty());
      }
      up.terminate(Duration.ofSeconds(20));
    }
    assertThat(doors.planted()).isGreaterThanOrEqualTo(CONTEXTS);
    hunt(directory, doors.used());
  }

  private static CustodyProcess up(Path directory, Path data) throws IOException {
    return CustodyProcess.start(
        directory,
        "up",
        "up",
        "--data",
        data + "",
        "--http-port",
        "0",
        "--kafka-port",
        "0",
        "--log-port",
        "0");
  }

  /** Answers how many were surely taken before it was killed; the next one may be. */
  private static int killWhileSending(
      CustodyProcess up, String http, List<FrontDoors.Delivery> deliveries) throws Exception {
    AtomicInteger taken = new AtomicInteger();
    CompletableFuture<Void> sending =
        CompletableFuture.runAsync(() -> {
          try {
            for (FrontDoors.Delivery delivery : deliveries) {
              delivery.to(http);
              taken.incrementAndGet();
            }
          } catch (IOException | InterruptedException e) {
            return; // It was killed.
          }
        });
    Await.until("some are taken", LONG, () -> taken.get() > deliveries.size() / 4);
    up.close();
    sending.join();
    assertThat(taken).as("killed in the middle").hasValueLessThan(deliveries.size());
    return taken.get();
  }

  private void hunt(Path directory, List<SecretCorpus.Entry> used) throws IOException {
    Map<String, String> secrets = new LinkedHashMap<>();
    Set<String> kinds = new HashSet<>();
    for (SecretCorpus.Entry entry : used) {
      secrets.put(entry.secret(), entry.kind() + " in " + entry.context());
      kinds.add(entry.kind());
    }
    assertThat(kinds).hasSizeGreaterThanOrEqualTo(KINDS);
    SecretGrams grams =
        new SecretGrams(
            secrets,
            SecretCorpus.sample(seed + 1, 1).stream().map(SecretCorpus.Entry::secret).toList());
    Map<String, String> marks = new LinkedHashMap<>();
    FrontDoors.MARKS.forEach(mark -> marks.put(mark, mark));
    SecretGrams known = new SecretGrams(marks, List.of());
    List<String> leaks = new ArrayList<>();
    Set<String> log = new TreeSet<>();
    Set<String> index = new TreeSet<>();
    DiskReading reading =
        new DiskReading((place, bytes) -> {
          grams.in(bytes).forEach(part -> leaks.add(part + " in " + place));
          boolean isLog = place.contains("custody.events-");
          Set<String> of = isLog ? log : index;
          if (isLog || place.contains("index/")) {
            known.in(bytes).forEach(part -> of.add(part.substring(0, part.indexOf(':'))));
          }
        });
    reading.below(directory);
    System.out.printf(
        "SecretCorpusTest: %d secrets of %d kinds in %d contexts, %d parts, %d compressed streams%n",
        secrets.size(), kinds.size(), used.size(), grams.size(), reading.streams());
    assertThat(leaks).as("seed %d", seed).isEmpty();
    assertThat(log).as("the hunt itself: in Kafka").containsAll(FrontDoors.MARKS);
    assertThat(index).as("the hunt itself: in the index").containsAll(FrontDoors.ANSWERED);
    assertThat(outputs(directory)).as("outputs of processes").isGreaterThanOrEqualTo(4);
  }

  private static long outputs(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(file -> file.toString().matches(".*\\.(out|err)")).count();
    }
  }
}
