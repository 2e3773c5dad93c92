package dev.custody.source.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Which secrets a commit is about to add. */
@Timeout(60)
final class StagedSecretsTest {
  /** Invented, and put together here: no scanner shall take this file for a leak. */
  private static final String TOKEN = "gh" + "p_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8";

  private static final String STRIPE = "sk" + "_live_" + "a1B2c3D4e5F6g7H8i9J0k1L2";

  @TempDir Path directory;

  private GitCommand git;

  @BeforeEach
  void init() throws IOException {
    git = GitCommand.init(directory.toRealPath().resolve("acme"));
  }

  private void write(String file, String text) throws IOException {
    Path path = git.directory().resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }

  private void stage(String file, String text) throws IOException {
    write(file, text);
    git.run("add", "-A");
  }

  private StagedSecrets.Report check() throws IOException {
    return StagedSecrets.check(git.directory(), Map.of());
  }

  private List<String> found() throws IOException {
    return check().found().stream()
        .map(f -> f.path() + ":" + f.line() + " " + f.kind() + (f.format() ? "" : "?"))
        .toList();
  }

  @Test
  void aNewFileOfTheFirstCommitIsRead() throws IOException {
    stage("src/a.txt", "one\ntwo " + TOKEN + "\nthree\n" + STRIPE);
    assertThat(found()).containsExactly("src/a.txt:2 github-token", "src/a.txt:4 stripe-key");
    assertThat(check().directory()).isEqualTo(git.directory().toString());
  }

  @Test
  void onlyWhatIsAddedCounts() throws IOException {
    stage("a.txt", "old " + TOKEN + "\nx\n");
    git.run("commit", "-q", "-m", "it is too late");
    assertThat(found()).isEmpty();
    stage("a.txt", "old " + TOKEN + "\nx\ny\n");
    assertThat(found()).isEmpty();
    stage("a.txt", "new\nold " + TOKEN + "\nx\nkey = " + STRIPE + "\n");
    assertThat(found()).containsExactly("a.txt:4 stripe-key");
    git.run("rm", "-q", "--cached", "a.txt");
    assertThat(found()).isEmpty();
  }

  @Test
  void whatIsOnlyInTheWorkTreeIsNotPartOfTheCommit() throws IOException {
    stage("a.txt", "one\n");
    write("a.txt", "one\n" + TOKEN + "\n");
    write("b.txt", STRIPE);
    assertThat(found()).isEmpty();
    // As git add -p does: the index gets a version that never was in the work tree.
    String blob = git.feed("half\n" + STRIPE + "\n", "hash-object", "-w", "--stdin");
    git.run("update-index", "--cacheinfo", "100644," + blob + ",a.txt");
    write("a.txt", "clean again\n");
    assertThat(found()).containsExactly("a.txt:2 stripe-key");
  }

  @Test
  void aFileThatOnlyMovesAddsNothing() throws IOException {
    stage("a.txt", "line\n".repeat(20) + TOKEN + "\n");
    git.run("commit", "-q", "-m", "it is too late");
    git.run("mv", "a.txt", "b.txt");
    assertThat(found()).isEmpty();
    stage("b.txt", "line\n".repeat(20) + TOKEN + "\n" + STRIPE + "\n");
    assertThat(found()).containsExactly("b.txt:22 stripe-key");
  }

  @Test
  void otherLineEndsAreNoAddition() throws IOException {
    stage("a.txt", "one\n" + TOKEN + "\n");
    git.run("commit", "-q", "-m", "it is too late");
    stage("a.txt", "one\r\n" + TOKEN + "\r\n");
    assertThat(found()).isEmpty();
    stage("a.txt", "one\r\n" + TOKEN + "\r\nthree\r\n" + STRIPE + "\r\n");
    assertThat(found()).containsExactly("a.txt:4 stripe-key");
  }

  @Test
  void aKeyOfSeveralLinesIsNamedOnceByItsFirstNewLine() throws IOException {
    String body = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj\n".repeat(4);
    String dashes = "-----";
    stage(
        "id.pem",
        "x\n"
            + dashes
            + "BEGIN PRIVATE KEY"
            + dashes
            + "\n"
            + body
            + dashes
            + "END PRIVATE KEY"
            + dashes
            + "\nafter "
            + TOKEN
            + "\n");
    assertThat(found()).containsExactly("id.pem:2 private-key", "id.pem:8 github-token");
  }

  @Test
  void aSecretWhoseNameStoodThereBeforeIsKnown() throws IOException {
    stage("a.txt", "access key AKIAHARNESSFAKE00001\n");
    git.run("commit", "-q", "-m", "first");
    stage("a.txt", "access key AKIAHARNESSFAKE00001\naA1" + "b2C3".repeat(9) + "d\n");
    assertThat(found()).containsExactly("a.txt:2 aws-secret-key");
  }

  @Test
  void whatIsOnlyNamedLikeASecretIsTold() throws IOException {
    stage("app.yml", "db:\n  password: correct-horse-9\nurl: postgres://u:secretpw@db/x\n");
    assertThat(found()).containsExactly("app.yml:2 generic-password?", "app.yml:3 url-password?");
  }

  @Test
  void placeholdersAndMarkersAreNoSecrets() throws IOException {
    stage(
        "a.txt",
        """
        password: ${DB_PASSWORD}
        token: your-token-here
        secret: "********"
        apiKey = process.env.API_KEY
        aws_access_key_id = AKIAHARNESSFAKE00001
        [redacted:github-token:0123456789abcdef]
        [redacted:github-token:
        """);
    assertThat(found()).isEmpty();
  }

  @Test
  void binaryHugeAndUnmergedFilesAreNotReadAndTheOthersAre() throws IOException {
    stage("base.txt", "base\n");
    git.run("commit", "-q", "-m", "base");
    git.run("checkout", "-q", "-b", "topic");
    stage("base.txt", "topic " + TOKEN + "\n");
    git.run("commit", "-q", "-m", "topic");
    git.run("checkout", "-q", "main");
    stage("base.txt", "main\n");
    git.run("commit", "-q", "-m", "main");
    assertThatThrownBy(() -> git.run("merge", "topic")).hasMessageContaining("CONFLICT");
    write("binary.bin", "\0" + TOKEN);
    write("huge.txt", TOKEN + "\n" + "x".repeat(StagedSecrets.LARGEST));
    write("small.txt", STRIPE);
    git.run("add", "binary.bin", "huge.txt", "small.txt");
    assertThat(found()).containsExactly("small.txt:1 stripe-key");
    assertThat(check().skipped())
        .containsExactlyInAnyOrder(
            new StagedSecrets.Skipped("base.txt", "it is unmerged"),
            new StagedSecrets.Skipped("huge.txt", "it is larger than 4 MiB"));
  }

  @Test
  void ofAHugeCommitWhatFitsIsRead() throws IOException {
    String filling = "x".repeat(80) + "\n";
    for (int i = 0; i < 20; i++) {
      write("file-" + (char) ('a' + i), filling.repeat(StagedSecrets.LARGEST / 81) + i);
    }
    git.run("add", "-A");
    assertThat(check().skipped())
        .isNotEmpty()
        .allMatch(s -> s.reason().equals("the commit is larger than 64 MiB"));
  }

  @Test
  void linksAreReadAndSubmodulesAreNot() throws IOException {
    Files.createSymbolicLink(git.directory().resolve("link"), Path.of("to-" + STRIPE));
    git.run("add", "-A");
    git.run("update-index", "--add", "--cacheinfo", "160000," + "1".repeat(40) + ",module");
    assertThat(found()).containsExactly("link:1 stripe-key");
  }

  @Test
  void aSecretInAFilesNameIsNotRepeated() throws IOException {
    stage(STRIPE + ".txt", "x " + TOKEN);
    assertThat(check().found().getFirst().path()).doesNotContain("a1B2").endsWith(".txt");
  }

  @Test
  void theIndexOfAPartialCommitIsTheOneThatGitNames() throws IOException {
    stage("a.txt", "one\n");
    git.run("commit", "-q", "-m", "first");
    write("a.txt", "one\n" + TOKEN + "\n");
    Path other = directory.resolve("other-index");
    Files.copy(git.directory().resolve(".git/index"), other);
    String blob = git.feed("one\n" + TOKEN + "\n", "hash-object", "-w", "--stdin");
    git.run("update-index", "--cacheinfo", "100644," + blob + ",a.txt");
    assertThat(
            StagedSecrets.check(git.directory(), Map.of("GIT_INDEX_FILE", other.toString()))
                .found())
        .isEmpty();
    assertThat(
            StagedSecrets.check(
                    git.directory(), Map.of("GIT_INDEX_FILE", ".git/index", "GIT_DIR", ".git"))
                .found())
        .hasSize(1);
  }

  @Test
  void anotherWorkTreeHasItsOwnIndexAndHead() throws IOException {
    stage("a.txt", "one\n");
    git.run("commit", "-q", "-m", "first");
    Path path = directory.toRealPath().resolve("elsewhere");
    git.run("worktree", "add", "-q", path.toString(), "-b", "topic");
    Files.writeString(path.resolve("b.txt"), TOKEN);
    GitCommand tree = GitCommand.at(path);
    tree.run("add", "-A");
    assertThat(found()).isEmpty();
    assertThat(StagedSecrets.check(path, Map.of()).found()).hasSize(1);
    tree.run("commit", "-q", "-m", "it is too late");
    assertThat(StagedSecrets.check(path, Map.of()).found()).isEmpty();
    tree.run("checkout", "-q", "--detach");
    Files.writeString(path.resolve("c.txt"), STRIPE);
    tree.run("add", "-A");
    assertThat(StagedSecrets.check(path, Map.of()).found()).hasSize(1);
  }

  @Test
  void filtersOfTheRepositoryAreNotRun() throws IOException {
    Path ran = directory.resolve("ran");
    stage("a.txt", TOKEN + "\n");
    for (String key :
        List.of("core.fsmonitor", "diff.x.textconv", "filter.x.clean", "diff.external")) {
      git.run("config", key, "touch " + ran);
    }
    write(".gitattributes", "* diff=x filter=x\n");
    assertThat(found()).hasSize(1);
    assertThat(ran).doesNotExist();
  }

  @Test
  void anIndexOfAFormThatIsNotReadIsSaidAndAnOlderOrNewerOneIsRead() throws IOException {
    stage("a.txt", TOKEN);
    for (String version : List.of("2", "3", "4")) {
      git.run("update-index", "--index-version", version);
      assertThat(found()).as(version).hasSize(1);
    }
    git.run("update-index", "--split-index");
    assertThatThrownBy(this::check).isInstanceOf(IOException.class);
    git.run("update-index", "--no-split-index");
    git.run("commit", "-q", "-m", "it is too late");
    write("in/b.txt", "x");
    write("out/c.txt", "x");
    git.run("add", "-A");
    git.run("commit", "-q", "-m", "directories");
    git.run("sparse-checkout", "set", "--cone", "--sparse-index", "in");
    stage("in/d.txt", STRIPE);
    assertThatThrownBy(this::check).isInstanceOf(IOException.class);
  }

  @Test
  void whatIsNoRepositoryOrHasNoIndexIsSaid() throws Exception {
    assertThatThrownBy(() -> StagedSecrets.check(directory, Map.of()))
        .isInstanceOf(IOException.class)
        .hasMessage("expected a git repository around the current directory, found none");
    assertThat(found()).isEmpty(); // No index yet.
    Path index = git.directory().resolve(".git/index");
    Files.writeString(index, "no index");
    assertThatThrownBy(this::check).isInstanceOf(IOException.class);
    Files.delete(index);
    assertThat(new ProcessBuilder("mkfifo", index.toString()).start().waitFor()).isZero();
    assertThatThrownBy(this::check).hasMessage("the index is no file of at most 256 MiB");
  }
}
