package dev.custody.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.custody.e2e.Await;
import dev.custody.e2e.CustodyProcess;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A collector's disk is full, and has room again. */
class FullDiskTest {
  private static final Duration LONG = Duration.ofMinutes(2);
  private static final int SMALL_OUTPUT = 2_000;
  private static final int LARGE_OUTPUT = 400_000;

  /** Twice what recording leaves free, and some. */
  private static final String DISK = "160m";

  @TempDir Path directory;

  private final long seed = Long.getLong("custody.seed", System.nanoTime());
  private final Journal journal = new Journal();
  private @Nullable Path mounted;

  @BeforeEach
  void say() {
    System.out.println("custody.seed=" + seed);
  }

  private long refused() {
    return journal.refusals().getOrDefault(503, 0L);
  }

  @AfterEach
  void unmount() throws Exception {
    if (mounted != null) {
      assertThat(run("umount", "--lazy", mounted.toString())).isZero();
    }
  }

  @Test
  void withoutRoomNothingIsAnswered200AndRecordingGoesOnByItselfOnceThereIs() throws Exception {
    assumeTrue(succeeds("prlimit", "--version"), "skipped: prlimit of util-linux is not here");
    try (Machine machine = new Machine(directory, directory.resolve("data"));
        Load load = Load.start(journal, directory.resolve("data"), "limit", SMALL_OUTPUT, seed)) {
      machine.kafkaComes();
      CustodyProcess collector = machine.startCollector();
      String http = collector.ready("http");
      load.sendTo(http);
      Await.until("hooks are answered", LONG, () -> journal.answers() > 100);
      // No file may grow any more: every write fails, as on a full disk.
      limit(collector, "1");
      Await.until("hooks are refused", LONG, () -> journal.refusals().containsKey(503));
      Await.until("it says that it does not record", LONG, () -> health(http) == 503);
      int full = journal.answers();
      long refused = refused();
      Await.until("many more refused", LONG, () -> refused() > refused + 200);
      assertThat(journal.answers()).as("answers without room, seed %d", seed).isEqualTo(full);
      load.sendTo(null);
      limit(collector, "unlimited");
      Await.until("it records again, and nobody called", LONG, () -> health(http) == 200);
      load.sendTo(http);
      Await.until("hooks are answered again", LONG, () -> journal.answers() > full + 100);
      load.sendTo(null);
      machine.settle();
      assertThat(journal.refusals()).containsOnlyKeys(503);
      System.out.println("FullDiskTest: " + journal + "; " + Judge.judge(machine, journal));
    }
  }

  @Test
  void whatWaitsForKafkaStopsBeforeTheDiskIsFullAndGivesItsRoomBack() throws Exception {
    Path disk = mount();
    try (Machine machine = new Machine(directory, disk.resolve("data"));
        Load load = Load.start(journal, disk.resolve("data"), "disk", LARGE_OUTPUT, seed)) {
      CustodyProcess collector = machine.startCollector();
      String http = collector.ready("http");
      load.sendTo(http);
      Await.until("hooks are refused", LONG, () -> journal.refusals().containsKey(503));
      Await.until("it says that it does not record", LONG, () -> health(http) == 503);
      assertThat(disk.toFile().getUsableSpace()).as("room is left").isPositive();
      int full = journal.answers();
      machine.kafkaComes();
      Await.until("hooks are answered again", LONG, () -> journal.answers() > full + 50);
      load.sendTo(null);
      machine.settle();
      assertThat(journal.refusals()).containsOnlyKeys(503);
      System.out.println("FullDiskTest: " + journal + "; " + Judge.judge(machine, journal));
    }
  }

  @Test
  void aStartOnAFullDiskIsRefusedAndKeepsWhatWasRecorded() throws Exception {
    Path disk = mount();
    Path filler = disk.resolve("filler");
    try (Machine machine = new Machine(directory, disk.resolve("data"));
        Load load = Load.start(journal, disk.resolve("data"), "start", SMALL_OUTPUT, seed)) {
      CustodyProcess collector = machine.startCollector();
      load.sendTo(collector.ready("http"));
      Await.until("hooks are answered", LONG, () -> journal.answers() > 100);
      // Somebody else takes everything, while it records.
      fill(filler);
      Await.until("hooks are refused", LONG, () -> journal.refusals().containsKey(503));
      collector.close();
      load.sendTo(null);
      CustodyProcess refused = machine.startCollector();
      assertThat(refused.exitCode(LONG)).as(refused.err()).isEqualTo(2);
      assertThat(refused.err()).contains("No space left").doesNotContain("move it aside");
      Files.delete(filler);
      machine.kafkaComes();
      CustodyProcess _ = machine.startCollector();
      machine.settle();
      assertThat(journal.refusals()).containsOnlyKeys(503);
      System.out.println("FullDiskTest: " + journal + "; " + Judge.judge(machine, journal));
    }
  }

  private static int health(String http) throws IOException {
    return ((HttpURLConnection) URI.create(http + "/health").toURL().openConnection())
        .getResponseCode();
  }

  /** The soft limit of its files: it may be raised again. */
  private static void limit(CustodyProcess process, String bytes) throws Exception {
    assertThat(run("prlimit", "--pid", process.pid() + "", "--fsize=" + bytes + ":")).isZero();
  }

  private Path mount() throws Exception {
    Path point = Files.createDirectories(directory.resolve("disk"));
    assumeTrue(
        succeeds("mount", "-t", "tmpfs", "-o", "size=" + DISK, "tmpfs", point.toString()),
        "skipped: only root may mount a small disk");
    mounted = point;
    return Objects.requireNonNull(mounted);
  }

  private static void fill(Path file) throws IOException {
    byte[] block = new byte[1 << 16];
    try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
      for (int size = block.length; size > 0; size /= 2) {
        boolean room = true;
        while (room) {
          try {
            out.write(block, 0, size);
          } catch (IOException e) {
            room = false;
          }
        }
      }
    }
  }

  private static boolean succeeds(String... command) throws InterruptedException {
    try {
      return run(command) == 0;
    } catch (IOException e) {
      return false;
    }
  }

  private static int run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(List.of(command)).redirectErrorStream(true).start();
    try (var output = process.getInputStream()) {
      String said = new String(output.readAllBytes(), StandardCharsets.UTF_8);
      int code = process.waitFor();
      if (code != 0) {
        System.out.println("FullDiskTest: " + String.join(" ", command) + ": " + said.strip());
      }
      return code;
    }
  }
}
