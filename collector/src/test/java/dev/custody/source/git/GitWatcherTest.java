package dev.custody.source.git;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.custody.event.Body;
import dev.custody.event.Event;
import dev.custody.event.Identifier;
import dev.custody.event.IdentifierKind;
import dev.custody.sighting.TestObserver;
import dev.custody.wire.Formats;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class GitWatcherTest {
  @TempDir Path directory;

  private final TestObserver observer = new TestObserver().goToPresent();
  private final Kept kept = new Kept();
  private GitCommand git;
  private GitWatcher watcher;

  @BeforeEach
  void start() throws IOException {
    directory = directory.toRealPath();
    git = GitCommand.init(directory.resolve("acme"));
    watcher = new GitWatcher(observer.of("dana"), kept, kept);
  }

  @AfterEach
  void stop() {
    watcher.close();
  }

  @Test
  void aCommitIsRecordedWithWhatItSays() throws Exception {
    scan();
    String first = git.commit("a.txt", "first");
    String second =
        git.commit("src/b.txt", "Add b\n\nWhy.\n\nCo-Authored-By: Claude <noreply@anthropic.com>");
    watcher.scanNow();

    assertThat(commits()).containsExactly(first, second);
    Event event = events(Body.CommitCreated.class).getLast();
    Body.CommitCreated body = (Body.CommitCreated) event.body();
    String root = git.directory().toString();
    assertThat(body.repository()).isEqualTo(root);
    assertThat(body.parents()).containsExactly(first);
    assertThat(body.authorName()).isEqualTo("Dana");
    assertThat(body.authorEmail()).isEqualTo("dana@acme.example");
    assertThat(body.reference()).isEqualTo("refs/heads/main");
    assertThat(body.paths()).containsExactly("src/b.txt");
    assertThat(body.signed()).isFalse();
    assertThat(event.source().id()).isEqualTo(root + "#" + second);
    assertThat(event.resources()).containsExactly(root + "/src/b.txt");
    assertThat(event.identifiers())
        .containsExactly(new Identifier(IdentifierKind.GIT_COMMIT, second));
    assertThat(event.action()).isEqualTo("git:commit");
    assertThat(event.actor().human()).isNull();
    assertThat(event.occurredAt()).isEqualTo(body.committedAt());
    JsonNode content = new ObjectMapper().readTree(event.content().toByteArray());
    assertThat(content.path("message").asText()).startsWith("Add b\n\nWhy.");
    assertThat(content.path("trailers").path(0).path("value").asText())
        .isEqualTo("Claude <noreply@anthropic.com>");
    assertThat(content.path("parents").path(0).asText()).isEqualTo(first);
  }

  @Test
  void aVisitIsEnoughToBeRecorded() throws Exception {
    git.commit("a.txt", "first");
    watcher.visit(git.directory().toString());
    kept.awaitFirst();
    watcher.scanNow();
    assertThat(commits()).containsExactly(git.head());
  }

  @Test
  void atFirstSightTheLastSevenDaysAreNewAndTheRestIsHistory() {
    git.dated("2020-01-01T00:00:00Z").commit("a.txt", "old");
    String recent = git.commit("a.txt", "recent");
    scan();
    assertThat(commits()).containsExactly(recent);
    assertThat(events(Body.ReferenceUpdated.class)).isEmpty();
  }

  @Test
  void afterFirstSightACommitOfAnyDateIsNew() {
    git.commit("a.txt", "first");
    scan();
    String old = git.dated("2020-01-01T00:00:00Z").commit("a.txt", "dated back");
    watcher.scanNow();
    assertThat(commits()).endsWith(old);
  }

  @Test
  void ofALongHistoryTheNewestThousandAreRecordedOldestFirst() {
    Instant start = Instant.now().minusSeconds(2_000);
    StringBuilder stream = new StringBuilder();
    for (int i = 1; i <= 1_500; i++) {
      String message = "commit " + i;
      stream
          .append(
              "commit refs/heads/main\ncommitter D <d@x> %d +0000\ndata %d\n%s\n"
                  .formatted(start.getEpochSecond() + i, message.length(), message))
          .append("M 644 inline f\ndata 4\n%04d\n".formatted(i));
    }
    git.feed(stream.toString(), "fast-import", "--quiet");
    scan();
    List<String> expected = git.run("rev-list", "--reverse", "-1000", "main").lines().toList();
    assertThat(commits()).isEqualTo(expected);
  }

  @Test
  void anAmendedCommitIsNewAndTheBranchWasForced() {
    git.commit("a.txt", "first");
    String before = git.commit("a.txt", "second");
    scan();
    git.run("commit", "-q", "--amend", "-m", "better");
    watcher.scanNow();
    assertThat(commits()).endsWith(git.head()).hasSize(3);
    assertThat(move())
        .isEqualTo(
            new Body.ReferenceUpdated(
                git.directory().toString(), "refs/heads/main", before, git.head(), true));
    assertThat(events(Body.ReferenceUpdated.class).getFirst().action()).isEqualTo("git:update-ref");
  }

  @Test
  void aBranchThatWasResetMovesByForceAndBringsNoCommit() {
    String first = git.commit("a.txt", "first");
    git.commit("a.txt", "second");
    scan();
    int before = commits().size();
    git.run("reset", "-q", "--hard", first);
    watcher.scanNow();
    assertThat(commits()).hasSize(before);
    assertThat(move().forced()).isTrue();
    assertThat(move().after()).isEqualTo(first);
  }

  @Test
  void aBranchThatMovesToAndFroIsRecordedEachTime() {
    String first = git.commit("a.txt", "first");
    String second = git.commit("a.txt", "second");
    scan();
    for (String to : List.of(first, second, first, second)) {
      git.run("reset", "-q", "--hard", to);
      watcher.scanNow();
    }
    assertThat(events(Body.ReferenceUpdated.class))
        .extracting(e -> ((Body.ReferenceUpdated) e.body()).after())
        .containsExactly(first, second, first, second);
    assertThat(commits()).containsExactly(first, second);
  }

  @Test
  void branchesThatComeAndGoAreRecorded() {
    String first = git.commit("a.txt", "first");
    scan();
    git.run("branch", "topic");
    watcher.scanNow();
    git.run("branch", "-D", "topic");
    watcher.scanNow();
    String root = git.directory().toString();
    assertThat(events(Body.ReferenceUpdated.class))
        .extracting(Event::body)
        .containsExactly(
            new Body.ReferenceUpdated(root, "refs/heads/topic", null, first, false),
            new Body.ReferenceUpdated(root, "refs/heads/topic", first, null, false));
  }

  @Test
  void aMergeCountsForWhatItChangedItself() {
    git.commit("a.txt", "first");
    scan();
    git.run("checkout", "-q", "-b", "topic");
    String topic = git.commit("topic.txt", "topic");
    git.run("checkout", "-q", "main");
    String main = git.commit("main.txt", "main");
    git.run("merge", "-q", "--no-edit", "topic");
    watcher.scanNow();
    assertThat(commits().subList(1, 4)).containsExactlyInAnyOrder(topic, main, git.head());
    assertThat(commits().getLast()).isEqualTo(git.head());
    Body.CommitCreated merge =
        (Body.CommitCreated) events(Body.CommitCreated.class).getLast().body();
    assertThat(merge.paths()).isEmpty();
    assertThat(merge.parents()).containsExactly(main, topic);
  }

  @Test
  void aRenamedFileIsTwoPaths() {
    git.commit("old.txt", "first");
    scan();
    git.run("mv", "old.txt", "new.txt");
    git.run("commit", "-q", "-m", "rename");
    watcher.scanNow();
    assertThat(paths()).containsExactly("new.txt", "old.txt");
  }

  @Test
  void ofManyChangedPathsTwoHundredAreNamedAndTheRestCounted() throws IOException {
    scan();
    for (int i = 0; i < 250; i++) {
      Files.writeString(git.directory().resolve("file-" + i), "x");
    }
    git.commit("last", "many");
    watcher.scanNow();
    Body.CommitCreated body =
        (Body.CommitCreated) events(Body.CommitCreated.class).getLast().body();
    assertThat(body.paths()).hasSize(200);
    assertThat(body.omittedPaths()).isEqualTo(51);
  }

  @Test
  void aCommitOnADetachedHeadIsRecorded() {
    git.commit("a.txt", "first");
    scan();
    git.run("checkout", "-q", "--detach");
    String detached = git.commit("a.txt", "detached");
    watcher.scanNow();
    assertThat(commits()).endsWith(detached);
    assertThat(events(Body.ReferenceUpdated.class)).isEmpty();
  }

  @Test
  void aWorkTreeIsTheSameRepository() {
    git.commit("a.txt", "first");
    Path path = directory.resolve("elsewhere");
    git.run("worktree", "add", "-q", path.toString(), "-b", "topic");
    GitCommand tree = GitCommand.at(path);
    watcher.visit(path.toString());
    watcher.scanNow();
    String onBranch = tree.commit("b.txt", "on a branch");
    tree.run("checkout", "-q", "--detach");
    String detached = tree.commit("b.txt", "on none");
    git.run("pack-refs", "--all");
    watcher.scanNow();
    assertThat(commits()).endsWith(onBranch, detached);
    assertThat(events(Body.CommitCreated.class))
        .extracting(e -> ((Body.CommitCreated) e.body()).repository())
        .containsOnly(git.directory().toString());
  }

  @Test
  void whatHappenedWhileNoCollectorRanIsRecordedOnceAfterwards() {
    git.commit("a.txt", "first");
    scan();
    restart();
    watcher.scanNow();
    assertThat(commits()).hasSize(1);
    watcher.close();
    String meanwhile = git.commit("a.txt", "meanwhile");
    String more = git.commit("a.txt", "more");
    restart();
    watcher.scanNow();
    watcher.scanNow();
    assertThat(commits()).hasSize(3).endsWith(meanwhile, more);
    assertThat(events(Body.ReferenceUpdated.class)).hasSize(1);
  }

  @Test
  void aCrashBeforeTheTipsAreStoredNeitherLosesNorDoubles() {
    String first = git.commit("a.txt", "first");
    scan();
    String second = git.commit("a.txt", "second");
    kept.forgetful(true);
    watcher.scanNow();
    watcher.close();
    kept.forgetful(false);
    restart();
    watcher.scanNow();
    assertThat(commits()).containsExactly(first, second);
    assertThat(events(Body.ReferenceUpdated.class)).hasSize(1);
  }

  @Test
  void whatCouldNotBeRecordedIsRecordedLater() {
    git.commit("a.txt", "first");
    kept.full(true);
    scan();
    assertThat(commits()).isEmpty();
    kept.full(false);
    watcher.scanNow();
    assertThat(commits()).containsExactly(git.head());
  }

  @Test
  void aCommitThatLiesAboutItselfKeepsNoOtherFromBeingRecorded() {
    String first = git.commit("a.txt", "first");
    scan();
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
    watcher.scanNow();
    assertThat(commits()).contains(second).containsAll(odd);
  }

  @Test
  void aStoreThatFailsStopsNoRecordingAndDoublesNothing() {
    String first = git.commit("a.txt", "first");
    kept.broken(true);
    scan();
    watcher.scanNow();
    assertThat(commits()).containsExactly(first);
    kept.broken(false);
    String second = git.commit("a.txt", "second");
    watcher.scanNow();
    restart();
    watcher.scanNow();
    assertThat(commits()).containsExactly(first, second);
    assertThat(kept.get("repositories")).isNotNull();
  }

  @Test
  void ofManyRepositoriesTheLatestVisitedAreWatchedAndTheOthersGoOnAtTheirNextVisit()
      throws IOException {
    String first = git.commit("a.txt", "first");
    scan();
    for (int i = 0; i < GitWatcher.MOST_REPOSITORIES; i++) {
      Path other = directory.resolve("other-" + i);
      Files.createDirectories(other.resolve(".git/objects"));
      Files.createDirectories(other.resolve(".git/refs/heads"));
      Files.writeString(other.resolve(".git/HEAD"), "ref: refs/heads/main\n");
      watcher.visit(other.toString());
    }
    watcher.scanNow();
    String second = git.commit("a.txt", "second");
    restart();
    watcher.scanNow();
    assertThat(commits()).containsExactly(first);
    scan();
    assertThat(commits()).containsExactly(first, second);
    assertThat(events(Body.ReferenceUpdated.class)).hasSize(1);
  }

  @Test
  void anUnchangedRepositoryStoresNothing() {
    git.commit("a.txt", "first");
    scan();
    int puts = kept.puts;
    watcher.scanNow();
    watcher.scanNow();
    assertThat(kept.puts).isEqualTo(puts);
  }

  @Test
  void anEmptyABareAndAShallowRepositoryAreWatched() {
    scan(); // Empty.
    GitCommand bare = GitCommand.at(directory.resolve("bare.git"));
    String first = git.commit("a.txt", "first");
    String second = git.commit("a.txt", "second");
    bare.run("clone", "-q", "--bare", git.directory().toString(), ".");
    GitCommand shallow = GitCommand.at(directory.resolve("shallow"));
    shallow.run("clone", "-q", "--depth", "1", "file://" + git.directory(), ".");
    watcher.visit(bare.directory().toString());
    watcher.visit(shallow.directory().toString());
    watcher.scanNow();
    assertThat(events(Body.CommitCreated.class))
        .extracting(e -> e.source().id())
        .containsExactlyInAnyOrder(
            git.directory() + "#" + first,
            git.directory() + "#" + second,
            bare.directory() + "#" + first,
            bare.directory() + "#" + second,
            shallow.directory() + "#" + second);
    Body.CommitCreated cut =
        events(Body.CommitCreated.class).stream()
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
    watcher.visit(vanishing.directory().toString());
    watcher.scanNow();
    delete(vanishing.directory());
    delete(broken.directory().resolve(".git/objects"));
    Files.createDirectories(broken.directory().resolve(".git/objects"));
    String mine = git.commit("a.txt", "mine");
    watcher.visit(broken.directory().toString());
    watcher.visit(directory.resolve("nowhere").toString());
    watcher.visit("\0");
    scan();
    assertThat(commits()).endsWith(mine).hasSize(2);
  }

  @Test
  void aSecretInACommitIsReplacedEverywhere() throws Exception {
    scan();
    String secret = "harnessFakeSecretKey00000000000000000001";
    git.run("checkout", "-q", "-b", "sk_test_HARNESSFAKE0000000000000000");
    git.commit("sk_test_HARNESSFAKE0000000000000000.txt", "AWS_SECRET_ACCESS_KEY=" + secret);
    watcher.scanNow();
    assertThat(events(Body.SecretObserved.class)).isNotEmpty();
    assertThat(events(Body.SecretObserved.class).getFirst().source().id()).endsWith("#secret-1");
    assertThat(events(Body.CommitCreated.class).getLast().redactions())
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
    scan();
    assertThat(commits()).hasSize(1);
    assertThat(ran).doesNotExist();
    assertThat(listing()).isEqualTo(before);
  }

  @Test
  void aPipeInPlaceOfAConfigurationBlocksNobody() throws Exception {
    git.commit("a.txt", "first");
    Path config = git.directory().resolve(".git/config");
    Files.delete(config);
    assertThat(new ProcessBuilder("mkfifo", config.toString()).start().waitFor()).isZero();
    scan();
    assertThat(commits()).isEmpty();
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

  private void scan() {
    watcher.visit(git.directory().toString());
    watcher.scanNow();
  }

  private void restart() {
    watcher.close();
    watcher = new GitWatcher(observer.of("dana"), kept, kept);
  }

  private Body.ReferenceUpdated move() {
    return (Body.ReferenceUpdated) events(Body.ReferenceUpdated.class).getLast().body();
  }

  private List<String> paths() {
    return ((Body.CommitCreated) events(Body.CommitCreated.class).getLast().body()).paths();
  }

  private List<String> commits() {
    return events(Body.CommitCreated.class).stream()
        .map(event -> ((Body.CommitCreated) event.body()).commit())
        .toList();
  }

  private List<Event> events(Class<? extends Body> kind) {
    synchronized (kept) {
      return kept.events.stream().filter(event -> kind.isInstance(event.body())).toList();
    }
  }
}
