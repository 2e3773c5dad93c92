package dev.custody.source.git;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.custody.event.Body;
import dev.custody.event.Event;
import dev.custody.wire.Formats;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Reflogs that were cut, forged or replaced: what they don't tell, the tips do. */
@Timeout(60)
final class OddReflogsTest {
  @TempDir Path directory;

  private Watched acme;
  private GitCommand git;
  private Path log;
  private String first;

  @BeforeEach
  void start() throws IOException {
    acme = Watched.in(directory.toRealPath().resolve("acme"));
    git = acme.git();
    log = git.directory().resolve(".git/logs/refs/heads/main");
    first = git.commit("a.txt", "first");
    acme.scan();
  }

  @AfterEach
  void stop() {
    acme.close();
  }

  private List<String> told() {
    return acme.events(Body.ReferenceUpdated.class).stream()
        .map(event -> (Body.ReferenceUpdated) event.body())
        .map(move -> move.before() + ".." + move.after() + " " + move.cause())
        .toList();
  }

  @Test
  void linesThatAreNoneAndMovesThatNeverWereArePassedOver() throws IOException {
    String elsewhere = "1".repeat(40);
    String forged = first + " " + elsewhere + " M <m@x> 1790000000 +0000\tcommit: never\n";
    String loose = elsewhere + " " + "2".repeat(40) + " M <m@x> 1790000000 +0000\tpush\n";
    for (String odd :
        List.of(
            "\0\0\0\n\n",
            "no reflog\n",
            "x".repeat(100_000) + "\n",
            first + " " + elsewhere + "\n",
            first.toUpperCase(java.util.Locale.ROOT) + " " + elsewhere + " \tcommit: x\n",
            forged,
            loose)) {
      Files.writeString(log, odd, StandardOpenOption.APPEND);
    }
    String second = git.commit("a.txt", "second");
    Files.writeString(log, "a line without an end", StandardOpenOption.APPEND);
    acme.scanNow();
    acme.scanNow();
    assertThat(told()).containsExactly(first + ".." + second + " commit");
  }

  @Test
  void aTimeThatNoClockShowsIsTakenForNone() throws IOException {
    String second = git.commit("a.txt", "second");
    String all = Files.readString(log);
    Files.writeString(log, all.replaceAll("> \\d+ \\+0000", "> 99999999999999999 +0000"));
    acme.scanNow();
    Event move = acme.events(Body.ReferenceUpdated.class).getLast();
    assertThat(told()).containsExactly(first + ".." + second + " commit");
    assertThat(move.occurredAt()).isEqualTo(move.observedAt());
  }

  @Test
  void anExpiredReflogTellsNothingTwice() {
    String second = git.commit("a.txt", "second");
    acme.scanNow();
    git.run("reflog", "expire", "--expire=now", "--all");
    acme.scanNow();
    String third = git.commit("a.txt", "third");
    acme.scanNow();
    git.run("reflog", "delete", "main@{0}");
    acme.scanNow();
    String fourth = git.commit("a.txt", "fourth");
    acme.scanNow();
    assertThat(told())
        .containsExactly(
            first + ".." + second + " commit",
            second + ".." + third + " commit",
            third + ".." + fourth + " commit");
  }

  @Test
  void aReflogThatIsGoneOrAPipeOrEndlessIsDoneWithout() throws Exception {
    Files.delete(log);
    String second = git.commit("a.txt", "second"); // It is begun anew.
    Files.delete(log);
    acme.scanNow();
    assertThat(new ProcessBuilder("mkfifo", log.toString()).start().waitFor()).isZero();
    git.run("update-ref", "--no-deref", "-d", "refs/heads/none");
    Files.writeString(git.directory().resolve(".git/refs/heads/main"), first + "\n");
    acme.scanNow();
    Files.delete(log);
    Files.createSymbolicLink(log, Path.of("/dev/zero"));
    Files.writeString(git.directory().resolve(".git/refs/heads/main"), second + "\n");
    acme.scanNow();
    assertThat(told())
        .containsExactly(
            first + ".." + second + " null",
            second + ".." + first + " null",
            first + ".." + second + " null");
  }

  @Test
  void ofAHugeReflogTheNewestMovesAreToldAndTheRestIsOneStep() throws IOException {
    StringBuilder lines = new StringBuilder();
    String at = first;
    for (int i = 1; i <= 10_000; i++) {
      String next = "%040x".formatted(i);
      lines.append(at).append(' ').append(next).append(" M <m@x> 1790000000 +0000\treset: x\n");
      at = next;
    }
    Files.writeString(log, lines, StandardOpenOption.APPEND);
    git.run("update-ref", "refs/heads/other", first);
    String second = git.commit("a.txt", "second");
    String all = Files.readString(log);
    // The last line says that it came from where the invented ones end.
    int last = all.lastIndexOf(first + " " + second);
    Files.writeString(log, all.substring(0, last) + at + all.substring(last + 40));
    acme.scanNow();
    List<String> told =
        told().stream().filter(move -> !move.startsWith("null")).toList(); // Not of the other.
    assertThat(told).hasSize(Steps.MOST + 1);
    assertThat(told.getFirst()).startsWith(first + "..").endsWith(" null");
    assertThat(told.getLast()).isEqualTo(at + ".." + second + " commit");
    acme.scanNow();
    assertThat(told()).hasSize(Steps.MOST + 2);
  }

  @Test
  void nothingOfAMessageIsKeptButItsKind() throws IOException {
    String secret = "harnessFakeSecretKey00000000000000000001";
    git.commit("a.txt", "AWS_SECRET_ACCESS_KEY=" + secret);
    Files.writeString(
        log,
        Files.readString(log).replace("\tcommit: ", "\t" + secret + " AWS_SECRET_ACCESS_KEY="));
    acme.scanNow();
    assertThat(told().getFirst()).endsWith(" other");
    for (Event event : acme.events(Body.ReferenceUpdated.class)) {
      assertThat(new String(Formats.EVENT.encode(event), ISO_8859_1)).doesNotContain(secret);
    }
  }
}
