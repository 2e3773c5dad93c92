package dev.custody.source.git;

import static org.assertj.core.api.Assertions.assertThat;

import dev.custody.event.Body;
import dev.custody.event.Event;
import dev.custody.event.Identifier;
import dev.custody.event.IdentifierKind;
import dev.custody.event.Redaction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is told of the files of a commit: which secrets it added, and none is kept; their contents.
 */
@Timeout(60)
final class CommittedFilesTest {
  /** Invented, and put together here: no scanner shall take this file for a leak. */
  private static final String TOKEN = "gh" + "p_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8";

  private static final String STRIPE = "sk" + "_live_" + "a1B2c3D4e5F6g7H8i9J0k1L2";

  @TempDir Path directory;

  private Watched acme;
  private GitCommand git;

  @BeforeEach
  void start() throws IOException {
    acme = Watched.in(directory.toRealPath().resolve("acme"));
    git = acme.git();
    git.commit("README", "first");
    acme.scan();
  }

  @AfterEach
  void stop() {
    acme.close();
  }

  private void write(String file, String text) throws IOException {
    Path path = git.directory().resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
    git.run("add", "-A");
  }

  private Event commit(String message) {
    git.run("commit", "-q", "-m", message);
    acme.scanNow();
    return acme.events(Body.CommitCreated.class).getLast();
  }

  private Event commit(String file, String text) throws IOException {
    write(file, text);
    return commit("change " + file);
  }

  private static String secrets(Event commit) {
    String content = commit.content().utf8();
    int at = content.indexOf("\"secrets\":");
    return at < 0 ? "" : content.substring(at + 10, content.indexOf(']', at) + 1);
  }

  @Test
  void aSecretOnAnAddedLineIsToldByPlaceKindAndFingerprintAndIsNotKept() throws Exception {
    Event commit = commit("src/a.txt", "one\ntwo " + TOKEN + "\n" + STRIPE + "\n");
    assertThat(secrets(commit))
        .isEqualTo(
            "[{\"file\":\"src/a.txt\",\"line\":2,\"kind\":\"github-token\"},"
                + "{\"file\":\"src/a.txt\",\"line\":3,\"kind\":\"stripe-key\"}]");
    assertThat(commit.redactions())
        .extracting(Redaction::location)
        .containsExactly("/secrets/0", "/secrets/1");
    assertThat(commit.content().utf8()).doesNotContain(TOKEN, STRIPE);
    assertThat(acme.events(Body.SecretObserved.class)).hasSize(2);
  }

  @Test
  void aSecretIsTheSameOneInAFileAndInAMessage() throws Exception {
    String inFile = commit("a.txt", "x " + TOKEN).redactions().getFirst().fingerprint();
    write("b.txt", "x");
    Event told = commit("Take " + TOKEN + " out");
    assertThat(told.redactions()).extracting(Redaction::fingerprint).containsExactly(inFile);
  }

  @Test
  void aLineThatWasThereBeforeAndAFileThatMovedAddNothing() throws Exception {
    commit("a.txt", "old " + TOKEN + "\nx\n");
    assertThat(secrets(commit("a.txt", "old " + TOKEN + "\nx\ny\n"))).isEmpty();
    git.run("mv", "a.txt", "b.txt");
    assertThat(secrets(commit("move"))).isEmpty();
    git.run("rm", "-q", "b.txt");
    assertThat(secrets(commit("remove"))).isEmpty();
  }

  @Test
  void aMergeAddsOnlyWhatNoParentHas() throws Exception {
    commit("a.txt", "base\n");
    git.run("checkout", "-q", "-b", "side");
    commit("a.txt", "base\nside " + TOKEN + "\n");
    git.run("checkout", "-q", "main");
    commit("a.txt", "main\nbase\n");
    git.run("merge", "-q", "--no-commit", "side");
    write("a.txt", "main\nbase\nside " + TOKEN + "\nmerged " + STRIPE + "\n");
    assertThat(secrets(commit("merge")))
        .isEqualTo("[{\"file\":\"a.txt\",\"line\":4,\"kind\":\"stripe-key\"}]");
  }

  @Test
  void whatHasTheNameOfASecretAndNoFormatIsNotTold() throws Exception {
    Event commit = commit("test.yml", "password: correct-horse-battery\n");
    assertThat(secrets(commit)).isEmpty();
    assertThat(commit.redactions()).isEmpty();
  }

  private static List<Identifier> contents(Event commit) {
    return commit.identifiers().stream()
        .filter(identifier -> identifier.kind() == IdentifierKind.FILE_CONTENT)
        .toList();
  }

  @Test
  void theSameContentHasTheSameNameInAnyFileAndCommit() throws Exception {
    String text = "a line of code;\n".repeat(10);
    List<Identifier> first = contents(commit("a.txt", text));
    assertThat(first).hasSize(1);
    assertThat(contents(commit("b.txt", text.replace("\n", "\r\n")))).isEqualTo(first);
    assertThat(contents(commit("a.txt", text + "more\n")))
        .hasSize(1)
        .doesNotContainAnyElementsOf(first);
    git.run("rm", "-q", "a.txt");
    assertThat(contents(commit("remove"))).isEmpty();
    for (int i = 0; i < FileContent.MOST + 1; i++) {
      write("many-" + i, i + text);
    }
    assertThat(contents(commit("many"))).hasSize(FileContent.MOST);
  }

  /** Whoever has the organisation's key could try one password after the other. */
  @Test
  void whatHoldsASecretThatCanBeGuessedHasNoName() throws Exception {
    String text = "a line of code;\n".repeat(10);
    assertThat(contents(commit("a.yml", text + "password: correct-horse-battery\n"))).isEmpty();
    assertThat(contents(commit("b.yml", text + TOKEN + "\n"))).hasSize(1);
    // Nobody looks for one there.
    String sixteen = (text + "password: correct-horse-battery\n").replaceAll("(?s)(.)", "$1\0");
    assertThat(contents(commit("c.yml", sixteen))).isEmpty();
  }

  @Test
  void aFileThatIsTooLargeIsCountedAndTheOthersAreRead() throws Exception {
    write("large.txt", "x".repeat(CommittedFiles.LARGEST) + "\n" + TOKEN);
    write("binary", "\0" + TOKEN);
    Event commit = commit("small.txt", STRIPE);
    assertThat(secrets(commit)).contains("small.txt").doesNotContain("large.txt", "binary");
    assertThat(commit.content().utf8()).contains("\"unreadFiles\":1");
  }

  @Test
  void noMoreOfACommitIsReadAndToldThanTheBoundsSay() throws Exception {
    StringBuilder many = new StringBuilder();
    for (int i = 0; i < 200; i++) {
      many.append("sk" + "_live_").append("a1B2c3D4e5F6g7H8i9J0k%03d\n".formatted(i));
    }
    assertThat(commit("many.txt", many.toString()).redactions())
        .hasSize(CommittedFiles.MOST_SECRETS);
    for (int i = 0; i < 6; i++) {
      write("big-" + i, i + "y".repeat(1_000_000));
    }
    assertThat(commit("big").content().utf8()).contains("\"unreadFiles\":2");
    List<String> paths = acme.paths();
    assertThat(paths).hasSize(6);
  }
}
