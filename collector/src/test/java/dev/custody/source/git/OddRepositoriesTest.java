package dev.custody.source.git;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.custody.event.Body;
import dev.custody.event.Event;
import dev.custody.wire.Formats;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Repositories that are empty, broken or hostile; they are left as they were. */
@Timeout(60)
final class OddRepositoriesTest {
  @TempDir Path directory;

  private Watched acme;
  private GitCommand git;
  private Kept kept;

  @BeforeEach
  void start() throws IOException {
    directory = directory.toRealPath();
    acme = Watched.in(directory.resolve("acme"));
    git = acme.git();
    kept = acme.kept();
  }

  @AfterEach
  void stop() {
    acme.close();
  }

  @Test
  void aCommitThatLiesAboutItselfKeepsNoOtherFromBeingRecorded() {
    String first = git.commit("a.txt", "first");
    acme.scan();
    String absent = "1".repeat(40);
    List<String> odd = new ArrayList<>();
    for (String lines :
        List.of(
            "author x <y> 9223372036854775807 +9999\ncommitter D <d@x> 1 +0000",
            "author\ncommitter",
            "author A <a> 1 +0000\ncommitter D <d@x> -5 +0000\nencoding no-such\\")) {
      String raw = "tree " + absent + "\nparent " + first + "\n" + lines + "\n\nodd\n";
      odd.add(git.feed(raw, "hash-object", "-t", "commit", "-w", "--stdin", "--literally"));
      git.run("update-ref", "refs/heads/odd" + odd.size(), odd.getLast());
    }
    String second = git.commit("a.txt", "second");
    acme.scanNow();
    assertThat(acme.commits()).contains(second).containsAll(odd);
  }

  @Test
  void anEmptyABareAndAShallowRepositoryAreWatched() {
    acme.scan(); // Empty.
    GitCommand bare = GitCommand.at(directory.resolve("bare.git"));
    String first = git.commit("a.txt", "first");
    String second = git.commit("a.txt", "second");
    bare.run("clone", "-q", "--bare", git.directory().toString(), ".");
    GitCommand shallow = GitCommand.at(directory.resolve("shallow"));
    shallow.run("clone", "-q", "--depth", "1", "file://" + git.directory(), ".");
    acme.visit(bare.directory().toString());
    acme.visit(shallow.directory().toString());
    acme.scanNow();
    assertThat(acme.events(Body.CommitCreated.class))
        .extracting(e -> e.source().id())
        .containsExactlyInAnyOrder(
            git.directory() + "#" + first,
            git.directory() + "#" + second,
            bare.directory() + "#" + first,
            bare.directory() + "#" + second,
            shallow.directory() + "#" + second);
    Body.CommitCreated cut =
        acme.events(Body.CommitCreated.class).stream()
            .map(e -> (Body.CommitCreated) e.body())
            .filter(b -> b.repository().endsWith("shallow"))
            .findFirst()
            .orElseThrow();
    assertThat(cut.parents()).containsExactly(first);
    assertThat(cut.paths()).isEmpty();
  }

  @Test
  void aBrokenOrVanishedRepositoryKeepsNoOtherFromBeingRecorded() throws IOException {
    GitCommand broken = GitCommand.init(directory.resolve("broken"));
    broken.commit("a.txt", "first");
    GitCommand vanishing = GitCommand.init(directory.resolve("vanishing"));
    vanishing.commit("a.txt", "first");
    acme.visit(vanishing.directory().toString());
    acme.scanNow();
    delete(vanishing.directory());
    delete(broken.directory().resolve(".git/objects"));
    Files.createDirectories(broken.directory().resolve(".git/objects"));
    String mine = git.commit("a.txt", "mine");
    acme.visit(broken.directory().toString());
    acme.visit(directory.resolve("nowhere").toString());
    acme.visit("\0");
    acme.scan();
    assertThat(acme.commits()).endsWith(mine).hasSize(2);
  }

  @Test
  void aSecretInACommitIsReplacedEverywhere() throws Exception {
    acme.scan();
    String secret = "harnessFakeSecretKey00000000000000000001";
    git.run("checkout", "-q", "-b", "sk_test_HARNESSFAKE0000000000000000");
    git.commit("sk_test_HARNESSFAKE0000000000000000.txt", "AWS_SECRET_ACCESS_KEY=" + secret);
    acme.scanNow();
    assertThat(acme.events(Body.SecretObserved.class)).isNotEmpty();
    assertThat(acme.events(Body.SecretObserved.class).getFirst().source().id())
        .endsWith("#secret-1");
    assertThat(acme.events(Body.CommitCreated.class).getLast().redactions())
        .anyMatch(redaction -> redaction.location().equals("/message"));
    for (Event event : kept.events) {
      assertThat(new String(Formats.EVENT.encode(event), ISO_8859_1))
          .doesNotContain(secret, "sk_test_HARNESS");
    }
  }

  @Test
  void aWatchedRepositoryIsLeftAsItWasAndRunsNothing() throws IOException {
    git.commit("a.txt", "first");
    Path ran = directory.resolve("ran");
    for (String key :
        List.of(
            "core.fsmonitor",
            "core.pager",
            "diff.x.textconv",
            "filter.x.clean",
            "filter.x.smudge",
            "core.sshCommand",
            "gc.auto",
            "diff.external")) {
      git.run("config", key, "touch " + ran);
    }
    Files.writeString(git.directory().resolve(".git/info/attributes"), "* diff=x filter=x\n");
    List<String> before = listing();
    acme.scan();
    assertThat(acme.commits()).hasSize(1);
    assertThat(ran).doesNotExist();
    assertThat(listing()).isEqualTo(before);
  }

  @Test
  void aPipeInPlaceOfAConfigurationBlocksNobody() throws Exception {
    git.commit("a.txt", "first");
    Path config = git.directory().resolve(".git/config");
    Files.delete(config);
    assertThat(new ProcessBuilder("mkfifo", config.toString()).start().waitFor()).isZero();
    acme.scan();
    assertThat(acme.commits()).isEmpty();
  }

  @Test
  void aConfigurationThatIncludesADeviceOrAPipeIsReadWithoutThem() throws Exception {
    git.commit("a.txt", "first");
    Path pipe = directory.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    Path config = git.directory().resolve(".git/config");
    String plain = Files.readString(config);
    acme.scan();
    for (String path : List.of("/dev/zero", pipe.toString(), "../../pipe")) {
      Files.writeString(config, plain);
      git.commit("a.txt", path);
      Files.writeString(config, plain + "[include]\n  path = " + path + "\n");
      acme.scanNow();
    }
    Files.writeString(config, plain);
    assertThat(acme.commits()).hasSize(4);
  }

  @Test
  void aPipeInPlaceOfReferencesBlocksNobodyAndDeletesNothing() throws Exception {
    String first = git.commit("a.txt", "first");
    git.run("branch", "topic");
    acme.scan();
    Path gitDir = git.directory().resolve(".git");
    for (String name : List.of("refs/heads/pipe", "packed-refs", "shallow")) {
      Path pipe = gitDir.resolve(name);
      assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
      acme.scanNow();
      Files.delete(pipe);
    }
    acme.scanNow();
    assertThat(acme.commits()).containsExactly(first);
    assertThat(acme.events(Body.ReferenceUpdated.class)).isEmpty();
  }

  private List<String> listing() throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      List<String> lines = new ArrayList<>();
      for (Path path : all.sorted().toList()) {
        lines.add(path + " " + Files.getLastModifiedTime(path));
      }
      return lines;
    }
  }

  private static void delete(Path root) throws IOException {
    try (Stream<Path> all = Files.walk(root)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
