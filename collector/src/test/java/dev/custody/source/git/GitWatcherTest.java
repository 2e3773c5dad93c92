package dev.custody.source.git;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.custody.event.Body;
import dev.custody.event.Event;
import dev.custody.event.Identifier;
import dev.custody.event.IdentifierKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is recorded of commits and branches. */
@Timeout(60)
final class GitWatcherTest {
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
  void aCommitIsRecordedWithWhatItSays() throws Exception {
    acme.scan();
    String first = git.commit("a.txt", "first");
    String second =
        git.commit("src/b.txt", "Add b\n\nWhy.\n\nCo-Authored-By: Claude <noreply@anthropic.com>");
    acme.scanNow();

    assertThat(acme.commits()).containsExactly(first, second);
    Event event = acme.events(Body.CommitCreated.class).getLast();
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
        .filteredOn(i -> i.kind() != IdentifierKind.FILE_CONTENT)
        .containsExactly(
            new Identifier(IdentifierKind.GIT_COMMIT, second),
            new Identifier(IdentifierKind.REPOSITORY, "laptop:" + root));
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
  void aSecretThatOnlyTheLinesAroundItTellOfIsNotKeptInATrailerEither() {
    acme.scan();
    String secret = "c59greeqyusfmqft0e3pvtdwyx0561ahh892d7oas6v3w52tdavy";
    git.commit(
        "a.txt",
        "Add a\n\napiVersion: v1\nkind: Secret\nmetadata:\n  name: x\nstringData:\n  item: "
            + secret);
    acme.scanNow();
    Event event = acme.events(Body.CommitCreated.class).getLast();
    assertThat(event.content().utf8()).contains("trailers", "[redacted:").doesNotContain(secret);
    assertThat(event.redactions()).hasSize(1);
  }

  @Test
  void aCommitOfAClockThatIsFarAheadIsOfThatTime() {
    acme.scan();
    git.dated("@4102444800 +0000").commit("a.txt", "first");
    acme.scanNow();
    assertThat(acme.events(Body.CommitCreated.class).getLast().occurredAt())
        .isEqualTo(Instant.parse("2100-01-01T00:00:00Z"));
  }

  @Test
  void theTrailerOfATaggedSessionBecomesItsTagAndNothingElseDoes() {
    acme.scan();
    git.commit(
        "a.txt",
        "Add a\n\nCustody-Session: custody-0123456789abcdef0123\nCustody-Session: custody-x");
    git.commit("b.txt", "Say Custody-Session: custody-0123456789abcdef0123 in passing");
    acme.scanNow();
    List<Event> seen = acme.events(Body.CommitCreated.class);
    assertThat(seen.getFirst().identifiers())
        .filteredOn(i -> i.kind() == IdentifierKind.SESSION_TAG)
        .containsExactly(
            new Identifier(IdentifierKind.SESSION_TAG, "custody-0123456789abcdef0123"));
    assertThat(seen.getLast().identifiers()).noneMatch(i -> i.kind() == IdentifierKind.SESSION_TAG);
  }

  @Test
  void aVisitIsEnoughToBeRecorded() throws Exception {
    git.commit("a.txt", "first");
    acme.visit(git.directory().toString());
    kept.awaitFirst();
    acme.scanNow();
    assertThat(acme.commits()).containsExactly(git.head());
  }

  @Test
  void atFirstSightTheLastSevenDaysAreNewAndTheRestIsHistory() {
    git.dated("2020-01-01T00:00:00Z").commit("a.txt", "old");
    String recent = git.commit("a.txt", "recent");
    acme.scan();
    assertThat(acme.commits()).containsExactly(recent);
    assertThat(acme.events(Body.ReferenceUpdated.class)).isEmpty();
  }

  @Test
  void afterFirstSightACommitOfAnyDateIsNew() {
    git.commit("a.txt", "first");
    acme.scan();
    String old = git.dated("2020-01-01T00:00:00Z").commit("a.txt", "dated back");
    acme.scanNow();
    assertThat(acme.commits()).endsWith(old);
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
    acme.scan();
    List<String> expected = git.run("rev-list", "--reverse", "-1000", "main").lines().toList();
    assertThat(acme.commits()).isEqualTo(expected);
  }

  @Test
  void anAmendedCommitIsNewAndTheBranchWasForced() {
    git.commit("a.txt", "first");
    String before = git.commit("a.txt", "second");
    acme.scan();
    git.run("commit", "-q", "--amend", "-m", "better");
    acme.scanNow();
    assertThat(acme.commits()).endsWith(git.head()).hasSize(3);
    assertThat(acme.move())
        .isEqualTo(
            new Body.ReferenceUpdated(
                git.directory().toString(),
                "refs/heads/main",
                before,
                git.head(),
                true,
                "commit (amend)"));
    assertThat(acme.events(Body.ReferenceUpdated.class).getFirst().action())
        .isEqualTo("git:update-ref");
  }

  @Test
  void aBranchThatWasResetMovesByForceAndBringsNoCommit() {
    String first = git.commit("a.txt", "first");
    git.commit("a.txt", "second");
    acme.scan();
    int before = acme.commits().size();
    git.run("reset", "-q", "--hard", first);
    acme.scanNow();
    assertThat(acme.commits()).hasSize(before);
    assertThat(acme.move().forced()).isTrue();
    assertThat(acme.move().after()).isEqualTo(first);
  }

  @Test
  void aBranchThatMovesToAndFroIsRecordedEachTime() {
    String first = git.commit("a.txt", "first");
    String second = git.commit("a.txt", "second");
    acme.scan();
    for (String to : List.of(first, second, first, second)) {
      git.run("reset", "-q", "--hard", to);
      acme.scanNow();
    }
    assertThat(acme.events(Body.ReferenceUpdated.class))
        .extracting(e -> ((Body.ReferenceUpdated) e.body()).after())
        .containsExactly(first, second, first, second);
    assertThat(acme.commits()).containsExactly(first, second);
  }

  @Test
  void branchesThatComeAndGoAreRecorded() {
    String first = git.commit("a.txt", "first");
    acme.scan();
    git.run("branch", "topic");
    acme.scanNow();
    git.run("branch", "-D", "topic");
    acme.scanNow();
    String root = git.directory().toString();
    assertThat(acme.events(Body.ReferenceUpdated.class))
        .extracting(Event::body)
        .containsExactly(
            new Body.ReferenceUpdated(
                root, "refs/heads/topic", null, first, false, "branch (created)"),
            new Body.ReferenceUpdated(root, "refs/heads/topic", first, null, false, null));
  }

  @Test
  void aMergeCountsForWhatItChangedItself() {
    git.commit("a.txt", "first");
    acme.scan();
    git.run("checkout", "-q", "-b", "topic");
    String topic = git.commit("topic.txt", "topic");
    git.run("checkout", "-q", "main");
    String main = git.commit("main.txt", "main");
    git.run("merge", "-q", "--no-edit", "topic");
    acme.scanNow();
    assertThat(acme.commits().subList(1, 4)).containsExactlyInAnyOrder(topic, main, git.head());
    assertThat(acme.commits().getLast()).isEqualTo(git.head());
    Body.CommitCreated merge =
        (Body.CommitCreated) acme.events(Body.CommitCreated.class).getLast().body();
    assertThat(merge.paths()).isEmpty();
    assertThat(merge.parents()).containsExactly(main, topic);
  }

  @Test
  void aRenamedFileIsTwoPaths() {
    git.commit("old.txt", "first");
    acme.scan();
    git.run("mv", "old.txt", "new.txt");
    git.run("commit", "-q", "-m", "rename");
    acme.scanNow();
    assertThat(acme.paths()).containsExactly("new.txt", "old.txt");
  }

  @Test
  void ofManyChangedPathsTwoHundredAreNamedAndTheRestCounted() throws IOException {
    acme.scan();
    for (int i = 0; i < 250; i++) {
      Files.writeString(git.directory().resolve("file-" + i), "x");
    }
    git.commit("last", "many");
    acme.scanNow();
    Body.CommitCreated body =
        (Body.CommitCreated) acme.events(Body.CommitCreated.class).getLast().body();
    assertThat(body.paths()).hasSize(200);
    assertThat(body.omittedPaths()).isEqualTo(51);
  }

  @Test
  void aCommitOnADetachedHeadIsRecorded() {
    git.commit("a.txt", "first");
    acme.scan();
    git.run("checkout", "-q", "--detach");
    String detached = git.commit("a.txt", "detached");
    acme.scanNow();
    assertThat(acme.commits()).endsWith(detached);
    assertThat(acme.events(Body.ReferenceUpdated.class)).isEmpty();
  }

  @Test
  void aWorkTreeIsTheSameRepository() {
    git.commit("a.txt", "first");
    Path path = directory.resolve("elsewhere");
    git.run("worktree", "add", "-q", path.toString(), "-b", "topic");
    GitCommand tree = GitCommand.at(path);
    acme.visit(path.toString());
    acme.scanNow();
    String onBranch = tree.commit("b.txt", "on a branch");
    tree.run("checkout", "-q", "--detach");
    String detached = tree.commit("b.txt", "on none");
    git.run("pack-refs", "--all");
    acme.scanNow();
    assertThat(acme.commits()).endsWith(onBranch, detached);
    assertThat(acme.events(Body.CommitCreated.class))
        .extracting(e -> ((Body.CommitCreated) e.body()).repository())
        .containsOnly(git.directory().toString());
  }
}
