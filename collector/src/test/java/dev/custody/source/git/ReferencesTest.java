package dev.custody.source.git;

import static org.assertj.core.api.Assertions.assertThat;

import dev.custody.event.Body;
import dev.custody.event.Event;
import dev.custody.event.Identifier;
import dev.custody.event.IdentifierKind;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How references move: what the reflog tells, pushes, tags. */
@Timeout(60)
final class ReferencesTest {
  private static final String MAIN = "refs/heads/main";
  private static final String TRACKING = "refs/remotes/origin/main";

  @TempDir Path directory;

  private Watched acme;
  private GitCommand git;
  private GitCommand server;

  @BeforeEach
  void start() throws IOException {
    directory = directory.toRealPath();
    acme = Watched.in(directory.resolve("acme"));
    git = acme.git();
    server = GitCommand.at(directory.resolve("server.git"));
    server.run("init", "-q", "--bare", "-b", "main", ".");
    git.run("remote", "add", "origin", server.directory().toString());
  }

  @AfterEach
  void stop() {
    acme.close();
  }

  private List<Body.ReferenceUpdated> moves(String reference) {
    return acme.events(Body.ReferenceUpdated.class).stream()
        .map(event -> (Body.ReferenceUpdated) event.body())
        .filter(body -> body.reference().equals(reference))
        .toList();
  }

  private List<String> told(String reference) {
    return moves(reference).stream()
        .map(move -> (move.forced() ? "forced " : "") + move.cause())
        .toList();
  }

  @Test
  void everyMoveBetweenTwoLooksIsRecordedWithItsCauseAndItsTime() {
    String first = git.commit("a.txt", "first");
    acme.scan();
    String second = git.dated("2026-02-03T04:05:06Z").commit("a.txt", "second");
    git.run("commit", "-q", "--amend", "-m", "better");
    String amended = git.head();
    git.run("reset", "-q", "--hard", first);
    git.run("cherry-pick", amended);
    String picked = git.head();
    git.run("revert", "--no-edit", picked);
    acme.scanNow();
    assertThat(told(MAIN))
        .containsExactly(
            "commit", "forced commit (amend)", "forced reset", "cherry-pick", "revert");
    assertThat(moves(MAIN))
        .extracting(Body.ReferenceUpdated::after)
        .containsExactly(second, amended, first, picked, git.head());
    assertThat(moves(MAIN))
        .extracting(Body.ReferenceUpdated::before)
        .containsExactly(first, second, amended, first, picked);
    List<Event> events = acme.events(Body.ReferenceUpdated.class);
    assertThat(events.getFirst().occurredAt()).isEqualTo(Instant.parse("2026-02-03T04:05:06Z"));
    assertThat(events.getLast().occurredAt())
        .isBetween(Instant.now().minus(Duration.ofMinutes(1)), Instant.now());
    assertThat(events).extracting(e -> e.source().id()).doesNotHaveDuplicates();
  }

  @Test
  void aBranchThatIsBackWhereItWasIsSeenToHaveMoved() {
    String first = git.commit("a.txt", "first");
    String second = git.commit("a.txt", "second");
    acme.scan();
    for (String to : List.of(first, second, first, second)) {
      git.run("reset", "-q", "--hard", to);
    }
    acme.scanNow();
    assertThat(moves(MAIN))
        .extracting(Body.ReferenceUpdated::after)
        .containsExactly(first, second, first, second);
    acme.scanNow();
    assertThat(moves(MAIN)).hasSize(4);
  }

  @Test
  void movesAreRecordedOnceWhateverTheCollectorGoesThrough() {
    git.commit("a.txt", "first");
    acme.scan();
    git.commit("a.txt", "second");
    git.commit("a.txt", "third");
    acme.kept().forgetful(true);
    acme.scanNow();
    acme.restart();
    git.commit("a.txt", "fourth");
    acme.scan();
    acme.kept().forgetful(false);
    acme.restart();
    acme.scan();
    git.commit("a.txt", "fifth");
    acme.restart();
    acme.scan();
    assertThat(told(MAIN)).containsExactly("commit", "commit", "commit", "commit");
  }

  @Test
  void aRebasedAndAMergedBranchSayWhatHappenedToThem() {
    git.commit("a.txt", "first");
    git.run("checkout", "-q", "-b", "topic");
    git.commit("topic.txt", "topic");
    git.run("checkout", "-q", "main");
    git.commit("main.txt", "main");
    acme.scan();
    git.run("checkout", "-q", "topic");
    git.run("rebase", "-q", "main");
    git.run("checkout", "-q", "main");
    git.run("merge", "-q", "topic");
    acme.scanNow();
    assertThat(told("refs/heads/topic")).containsExactly("forced rebase");
    assertThat(told(MAIN)).containsExactly("merge");
    git.run("branch", "-m", "topic", "renamed");
    acme.scanNow();
    assertThat(told("refs/heads/renamed")).containsExactly("branch (renamed)");
    assertThat(moves("refs/heads/renamed").getFirst().before()).isNull();
    assertThat(moves("refs/heads/topic").getLast().after()).isNull();
    git.run("branch", "-f", "renamed", "HEAD~1");
    acme.scanNow();
    assertThat(told("refs/heads/renamed"))
        .containsExactly("branch (renamed)", "forced branch (reset)");
  }

  @Test
  void aBranchThatWasDeletedAndMadeAnewIsNoPlainMove() {
    String first = git.commit("a.txt", "first");
    git.run("branch", "topic");
    acme.scan();
    String second = git.commit("a.txt", "second");
    git.run("branch", "-D", "topic");
    git.run("branch", "topic");
    acme.scanNow();
    assertThat(moves("refs/heads/topic"))
        .extracting(m -> m.before() + ".." + m.after())
        .containsExactly(first + "..null", "null.." + second);
  }

  @Test
  void aPushIsRecordedWithWhereItWentAndAForcedOneAsForced() {
    git.commit("a.txt", "first");
    acme.scan();
    git.run("push", "-q", "origin", "main");
    git.commit("a.txt", "second");
    git.run("push", "-q", "origin", "main");
    git.run("commit", "-q", "--amend", "-m", "better");
    git.run("push", "-q", "--force", "origin", "main");
    acme.scanNow();
    assertThat(told(TRACKING))
        .containsExactly("update by push", "update by push", "forced update by push");
    List<Event> pushes =
        acme.events(Body.ReferenceUpdated.class).stream()
            .filter(e -> "git:push".equals(e.action()))
            .toList();
    assertThat(pushes).hasSize(3);
    assertThat(pushes.getLast().resources())
        .containsExactly(server.directory().toString(), "refs/heads/main");
    assertThat(pushes.getLast().identifiers())
        .containsExactly(
            new Identifier(IdentifierKind.GIT_COMMIT, git.head()),
            new Identifier(IdentifierKind.REPOSITORY, "laptop:" + git.directory()));
  }

  @Test
  void whatAFetchOrAPullBroughtIsNobodysMove() {
    git.commit("a.txt", "first");
    git.run("push", "-q", "origin", "main");
    acme.scan();
    GitCommand other = GitCommand.at(directory.resolve("other"));
    other.run("clone", "-q", server.directory().toString(), ".");
    other.run("config", "user.name", "Eve");
    other.run("config", "user.email", "eve@acme.example");
    other.commit("b.txt", "theirs");
    other.run("push", "-q", "origin", "main", "main:more");
    git.run("fetch", "-q");
    acme.scanNow();
    assertThat(acme.events(Body.ReferenceUpdated.class)).isEmpty();
    other.commit("b.txt", "theirs again");
    other.run("push", "-q", "origin", "main");
    git.run("pull", "-q", "origin", "main");
    acme.scanNow();
    assertThat(told(MAIN)).containsExactly("pull");
    assertThat(moves(TRACKING)).isEmpty();
  }

  @Test
  void aPushToAnAddressWithAPasswordIsRecordedWithoutIt() {
    git.commit("a.txt", "first");
    acme.scan();
    String secret = "ghp_" + "HARNESSFAKE".repeat(4).substring(0, 36);
    git.run("push", "-q", "origin", "main");
    git.run("config", "remote.origin.url", "https://x:" + secret + "@git.example/acme.git?k=v");
    acme.scanNow();
    Event push = acme.events(Body.ReferenceUpdated.class).getLast();
    assertThat(push.resources()).containsExactly("https://git.example/acme.git", MAIN);
    assertThat(push.content().utf8()).doesNotContain("HARNESSFAKE");
  }

  @Test
  void withoutAReflogTheTwoEndsAreOneMoveOfNoCause() {
    git.run("config", "core.logAllRefUpdates", "false");
    String first = git.commit("a.txt", "first");
    acme.scan();
    git.commit("a.txt", "second");
    git.commit("a.txt", "third");
    git.run("push", "-q", "origin", "main");
    acme.scanNow();
    assertThat(moves(MAIN))
        .containsExactly(
            new Body.ReferenceUpdated(
                git.directory().toString(), MAIN, first, git.head(), false, null));
    // It may have been a push: who turns the reflog off isn't rewarded with silence.
    assertThat(told(TRACKING)).containsExactly("null");
  }

  @Test
  void tagsThatComeMoveAndGoAreRecorded() {
    String first = git.commit("a.txt", "first");
    acme.scan();
    git.run("tag", "v1");
    git.run("tag", "-a", "-m", "second", "v2");
    acme.scanNow();
    String tag = git.run("rev-parse", "refs/tags/v2");
    String second = git.commit("a.txt", "second");
    git.run("tag", "-f", "v1");
    acme.scanNow();
    git.run("tag", "-d", "v1");
    acme.scanNow();
    String root = git.directory().toString();
    assertThat(moves("refs/tags/v1"))
        .containsExactly(
            new Body.ReferenceUpdated(root, "refs/tags/v1", null, first, false, null),
            new Body.ReferenceUpdated(root, "refs/tags/v1", first, second, false, null),
            new Body.ReferenceUpdated(root, "refs/tags/v1", second, null, false, null));
    assertThat(moves("refs/tags/v2"))
        .containsExactly(new Body.ReferenceUpdated(root, "refs/tags/v2", null, tag, false, null));
    Event annotated =
        acme.events(Body.ReferenceUpdated.class).stream()
            .filter(e -> ((Body.ReferenceUpdated) e.body()).reference().endsWith("v2"))
            .findFirst()
            .orElseThrow();
    assertThat(annotated.action()).isEqualTo("git:tag");
    assertThat(annotated.identifiers()).contains(new Identifier(IdentifierKind.GIT_COMMIT, first));
  }

  @Test
  void theReflogOfAnotherWorkTreesBranchIsReadAsWell() {
    git.commit("a.txt", "first");
    Path path = directory.resolve("elsewhere");
    git.run("worktree", "add", "-q", path.toString(), "-b", "topic");
    acme.scan();
    GitCommand tree = GitCommand.at(path);
    tree.commit("b.txt", "one");
    tree.run("commit", "-q", "--amend", "-m", "two");
    acme.scanNow();
    assertThat(told("refs/heads/topic")).containsExactly("commit", "forced commit (amend)");
  }

  @Test
  void whatWasStoredBeforeTagsWereWatchedMakesNoFlood() throws Exception {
    git.commit("a.txt", "first");
    git.run("tag", "v1");
    git.run("push", "-q", "origin", "main");
    acme.scan();
    acme.kept()
        .rewrite(
            "tips-",
            text ->
                text.replaceFirst("tips v2", "tips v1")
                    .replaceAll("(?m)^\\S+ \\S+ refs/(tags|remotes)/.*\n", "")
                    .replaceAll("(?m)^([0-9a-f]{40}) \\S+ ", "$1 "));
    acme.restart();
    git.commit("a.txt", "second");
    acme.scan();
    assertThat(told(MAIN)).containsExactly("commit");
    assertThat(acme.events(Body.ReferenceUpdated.class)).hasSize(1);
    git.run("tag", "v2");
    acme.scanNow();
    assertThat(moves("refs/tags/v2")).hasSize(1);
  }
}
