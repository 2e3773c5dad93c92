package dev.custody.source.records;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.custody.source.kubernetes.KubernetesSource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileFollowerTest {
  @TempDir private Path directory;
  private final List<String> taken = new ArrayList<>();
  private final List<String> problems = new ArrayList<>();
  private Path log;
  private FollowPositions positions;
  private FileFollower follower;
  private Instant now = Instant.now();
  private Instant modified = now.minusSeconds(600);
  private boolean delivers = true;

  @BeforeEach
  void open() throws IOException {
    log = directory.resolve("audit.log");
    start(log);
  }

  @AfterEach
  void close() throws IOException {
    follower.close();
    positions.close();
  }

  private void start(Path source) throws IOException {
    positions = FollowPositions.open(directory.resolve("state/kubernetes.positions"));
    InstantSource clock = () -> now;
    follower =
        new FileFollower(KubernetesSource.SHAPE, List.of(source), positions, new Taking(), clock);
  }

  private void restart() throws IOException {
    close();
    start(log);
  }

  private final class Taking implements FileFollower.Sink {
    private final List<String> underWay = new ArrayList<>();

    @Override
    public void record(RecordFiles.Item item) {
      underWay.add(new String(item.record(), UTF_8));
    }

    @Override
    public void problem(RecordFiles.Problem problem) {
      problems.add(problem.toString().replace(directory + "/", ""));
    }

    @Override
    public void delivered() {
      if (!delivers) {
        throw new IllegalStateException("no collector");
      }
      taken.addAll(underWay);
      underWay.clear();
    }
  }

  private static String record(int number) {
    return "{\"n\":" + number + ",\"a\":\"" + "x".repeat(60) + "\"}";
  }

  private static List<String> records(int from, int to) {
    return IntStream.range(from, to).mapToObj(FileFollowerTest::record).toList();
  }

  private static String lines(int from, int to) {
    return String.join("\n", records(from, to)) + "\n";
  }

  private void append(Path file, String text) throws IOException {
    Files.writeString(file, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    // Writes of a test follow each other faster than a file system's clock goes.
    modified = modified.plusMillis(10);
    Files.setLastModifiedTime(file, FileTime.from(modified));
  }

  private void pollAll() {
    while (follower.poll()) {
      // Until nothing is new.
    }
  }

  private static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (OutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    }
    return out.toByteArray();
  }

  @Test
  void aFileThatIsNotThereYetIsWaitedForAndThenReadAsItGrows() throws IOException {
    assertThat(follower.poll()).isFalse();
    append(log, lines(0, 3));
    pollAll();
    append(log, lines(3, 5));
    pollAll();
    assertThat(taken).isEqualTo(records(0, 5));
    assertThat(follower.poll()).isFalse();
    assertThat(problems).isEmpty();
  }

  @Test
  void aLineThatIsHalfWrittenWaits() throws IOException {
    String third = record(2);
    append(log, lines(0, 2) + third.substring(0, 20));
    pollAll();
    assertThat(taken).isEqualTo(records(0, 2));
    append(log, third.substring(20, 40));
    pollAll();
    assertThat(taken).hasSize(2);
    append(log, third.substring(40) + "\n" + lines(3, 4));
    pollAll();
    assertThat(taken).isEqualTo(records(0, 4));
    assertThat(problems).isEmpty();
  }

  @Test
  void anotherProcessGoesOnWhereThisOneEnded() throws IOException {
    append(log, lines(0, 3));
    pollAll();
    restart();
    assertThat(follower.poll()).isFalse();
    append(log, lines(3, 4));
    pollAll();
    assertThat(taken).isEqualTo(records(0, 4));
  }

  @Test
  void whatWasNotDeliveredComesAgain() throws IOException {
    append(log, lines(0, 3));
    pollAll();
    append(log, lines(3, 6));
    delivers = false;
    assertThatThrownBy(() -> follower.poll()).hasMessage("no collector");
    delivers = true;
    restart();
    pollAll();
    assertThat(taken).isEqualTo(records(0, 6));
  }

  @Test
  void aPositionThatACrashToreIsReadAgainAndTheOthersCount() throws IOException {
    append(log, lines(0, 3));
    pollAll();
    append(log, lines(3, 4));
    pollAll();
    close();
    Path state = directory.resolve("state/kubernetes.positions");
    byte[] written = Files.readAllBytes(state);
    Files.write(state, java.util.Arrays.copyOf(written, written.length - 30));
    start(log);
    pollAll();
    assertThat(taken).isEqualTo(IntStream.of(0, 1, 2, 3, 3).mapToObj(i -> record(i)).toList());
  }

  @Test
  void whatWasWrittenBeforeTheFileWasRenamedIsReadToItsEnd() throws IOException {
    append(log, lines(0, 2));
    pollAll();
    append(log, lines(2, 4));
    Files.move(log, directory.resolve("audit.log.1"));
    append(log, lines(4, 6));
    pollAll();
    assertThat(taken).isEqualTo(records(0, 6));
    assertThat(problems).isEmpty();
  }

  @Test
  void aLineThatIsCutOffAtTheEndOfARotatedFileIsNamed() throws IOException {
    append(log, lines(0, 2) + "{\"n\":");
    pollAll();
    Files.move(log, directory.resolve("audit.log.1"));
    append(log, lines(2, 3));
    pollAll();
    assertThat(taken).isEqualTo(records(0, 3));
    assertThat(problems).containsExactly("audit.log:3:1: the record is cut off");
  }

  @Test
  void aFileThatWasRotatedTwiceWhileNobodyFollowedIsFoundBesideIt() throws IOException {
    append(log, lines(0, 2));
    pollAll();
    close();
    append(log, lines(2, 4));
    Files.move(log, directory.resolve("audit.log.2"));
    append(log, lines(4, 6));
    Files.move(log, directory.resolve("audit.log.1"));
    append(log, lines(6, 8));
    for (String name : List.of("audit.log.2", "audit.log.1", "audit.log")) {
      now = now.plusSeconds(60);
      Files.setLastModifiedTime(directory.resolve(name), FileTime.from(now));
    }
    now = now.plusSeconds(60);
    start(log);
    pollAll();
    assertThat(taken).isEqualTo(records(0, 8));
    assertThat(problems).isEmpty();
    restart();
    assertThat(follower.poll()).isFalse();
  }

  @Test
  void aFileThatWasRotatedBeforeAnythingOfItWasDeliveredIsFoundBesideIt() throws IOException {
    append(log, lines(0, 5));
    delivers = false;
    assertThatThrownBy(follower::poll).hasMessage("no collector");
    Files.move(log, directory.resolve("audit.log.1"));
    restart();
    delivers = true;
    append(log, lines(5, 8));
    pollAll();
    assertThat(taken).isEqualTo(records(0, 8));
    assertThat(problems).isEmpty();
  }

  @Test
  void aRotatedFileThatWasCompressedMeanwhileIsReadFromWhereItWas() throws IOException {
    append(log, lines(0, 20));
    pollAll();
    close();
    append(log, lines(20, 22));
    Files.write(directory.resolve("audit-2026-11-22.log.gz"), gzip(Files.readAllBytes(log)));
    Files.write(directory.resolve("audit-other.log.gz"), gzip(lines(70, 90).getBytes(UTF_8)));
    Files.delete(log);
    Files.writeString(directory.resolve("audit.log.new"), lines(22, 23));
    Files.move(directory.resolve("audit.log.new"), log);
    FileTime old = FileTime.from(now.minus(Duration.ofDays(2)));
    Files.setLastModifiedTime(directory.resolve("audit-other.log.gz"), old);
    start(log);
    pollAll();
    // A file system may give the new file the number of the deleted one: then it counts as written
    // anew, and what was deleted is gone.
    assertThat(taken).startsWith(records(0, 20).toArray(String[]::new)).endsWith(record(22));
    assertThat(taken).doesNotContain(record(70));
    assertThat(problems).isEmpty();
  }

  @Test
  void aRotatedFileThatIsGoneIsNamed() throws IOException {
    append(log, lines(0, 2));
    pollAll();
    close();
    Path kept = directory.resolve("elsewhere");
    Files.move(log, kept);
    append(log, lines(2, 3));
    start(log);
    pollAll();
    assertThat(taken).isEqualTo(records(0, 3));
    assertThat(problems)
        .containsExactly(
            "audit.log: the file of this name that was read up to byte %d is gone: what was written to it after that is missing"
                .formatted(Files.size(kept)));
  }

  @Test
  void aFileThatWasTruncatedOrWrittenAnewIsReadFromItsStart() throws IOException {
    append(log, lines(0, 5));
    pollAll();
    Files.writeString(log, lines(5, 7));
    pollAll();
    Files.writeString(log, lines(7, 30));
    pollAll();
    restart();
    pollAll();
    assertThat(taken).isEqualTo(records(0, 30));
    assertThat(problems).isEmpty();
  }

  @Test
  void filesThatAppearInADirectoryAreReadOnceTheyNoLongerChange() throws IOException {
    Path trail = Files.createDirectory(directory.resolve("trail"));
    close();
    start(trail);
    Path first = Files.createDirectory(trail.resolve("22")).resolve("a.json.gz");
    byte[] whole = gzip(("{\"items\":[" + String.join(",", records(0, 3)) + "]}").getBytes(UTF_8));
    Files.write(first, java.util.Arrays.copyOf(whole, 40));
    assertThat(follower.poll()).isFalse();
    Files.write(first, whole);
    assertThat(follower.poll()).as("it changed since").isFalse();
    pollAll();
    assertThat(taken).isEqualTo(records(0, 3));
    Files.writeString(trail.resolve("b.json.part"), "[" + record(3) + "]");
    pollAll();
    assertThat(taken).as("not named as one").hasSize(3);
    Files.move(trail.resolve("b.json.part"), trail.resolve("b.json"));
    now = now.plusSeconds(60);
    pollAll();
    assertThat(taken).isEqualTo(records(0, 4));
    close();
    start(trail);
    assertThat(follower.poll()).isFalse();
    assertThat(problems).isEmpty();
  }

  @Test
  void twoProcessesDoNotFollowWithOneMemory() {
    assertThatThrownBy(() -> FollowPositions.open(directory.resolve("state/kubernetes.positions")))
        .hasMessageContaining("is in use: another process follows this log; try: stop it");
  }

  @Test
  void aBrokenLineAndAnEndlessOneAreNamedAndTheRestGoesOn() throws IOException {
    append(log, record(0) + "\n{\"n\":1\noops\n" + record(2) + "\n");
    pollAll();
    try (OutputStream out = Files.newOutputStream(log, StandardOpenOption.APPEND)) {
      byte[] part = "x".repeat(1 << 20).getBytes(UTF_8);
      out.write("{\"a\":\"".getBytes(UTF_8));
      for (int i = 0; i < 70; i++) {
        out.write(part);
      }
      out.write(("\"}\n" + record(3) + "\n").getBytes(UTF_8));
    }
    pollAll();
    assertThat(taken).contains(record(0), record(2), record(3));
    assertThat(problems.subList(0, 2))
        .containsExactly(
            "audit.log:2:1: the record is cut off",
            "audit.log:3:1: expected a record, found something else");
    assertThat(problems.get(2)).isEqualTo("audit.log:5:1: a line without an end");
  }

  @Test
  void whateverIsWrittenInWhateverPiecesIsTakenOnceAndInOrder() throws IOException {
    long seed = System.nanoTime();
    SplittableRandom random = new SplittableRandom(seed);
    append(log, lines(0, 1));
    pollAll();
    int written = 1;
    int rotations = 0;
    StringBuilder pending = new StringBuilder();
    for (int step = 0; step < 300; step++) {
      int kind = random.nextInt(10);
      if (kind < 6) {
        int count = random.nextInt(4);
        pending.append(count == 0 ? "" : lines(written, written + count));
        written += count;
        int cut = random.nextInt(pending.length() + 1);
        append(log, pending.substring(0, cut));
        pending.delete(0, cut);
      } else if (kind == 6 && Files.exists(log)) {
        append(log, pending.toString());
        pending.setLength(0);
        Files.move(log, directory.resolve("audit.log." + ++rotations));
        pollAll();
      } else if (kind == 7) {
        restart();
      } else {
        pollAll();
      }
    }
    append(log, pending.toString());
    pollAll();
    assertThat(taken).as("seed %d", seed).isEqualTo(records(0, written));
    assertThat(problems).as("seed %d", seed).isEmpty();
  }
}
