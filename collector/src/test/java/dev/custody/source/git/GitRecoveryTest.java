package dev.custody.source.git;

import static org.assertj.core.api.Assertions.assertThat;

import dev.custody.event.Body;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Restarts, crashes and failures: nothing is lost, and nothing doubled. */
@Timeout(60)
final class GitRecoveryTest {
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
  void whatHappenedWhileNoCollectorRanIsRecordedOnceAfterwards() {
    git.commit("a.txt", "first");
    acme.scan();
    acme.restart();
    acme.scanNow();
    assertThat(acme.commits()).hasSize(1);
    acme.close();
    String meanwhile = git.commit("a.txt", "meanwhile");
    String more = git.commit("a.txt", "more");
    acme.restart();
    acme.scanNow();
    acme.scanNow();
    assertThat(acme.commits()).hasSize(3).endsWith(meanwhile, more);
    assertThat(acme.events(Body.ReferenceUpdated.class))
        .extracting(e -> ((Body.ReferenceUpdated) e.body()).after())
        .containsExactly(meanwhile, more);
  }

  @Test
  void aCrashBeforeTheTipsAreStoredNeitherLosesNorDoubles() {
    String first = git.commit("a.txt", "first");
    acme.scan();
    String second = git.commit("a.txt", "second");
    kept.forgetful(true);
    acme.scanNow();
    acme.close();
    kept.forgetful(false);
    acme.restart();
    acme.scanNow();
    assertThat(acme.commits()).containsExactly(first, second);
    assertThat(acme.events(Body.ReferenceUpdated.class)).hasSize(1);
  }

  @Test
  void whatCouldNotBeRecordedIsRecordedLater() {
    git.commit("a.txt", "first");
    kept.full(true);
    acme.scan();
    assertThat(acme.commits()).isEmpty();
    kept.full(false);
    acme.scanNow();
    assertThat(acme.commits()).containsExactly(git.head());
  }

  @Test
  void aStoreThatFailsStopsNoRecordingAndDoublesNothing() {
    String first = git.commit("a.txt", "first");
    kept.broken(true);
    acme.scan();
    acme.scanNow();
    assertThat(acme.commits()).containsExactly(first);
    kept.broken(false);
    String second = git.commit("a.txt", "second");
    acme.scanNow();
    acme.restart();
    acme.scanNow();
    assertThat(acme.commits()).containsExactly(first, second);
    assertThat(kept.get("repositories")).isNotNull();
  }

  @Test
  void ofManyRepositoriesTheLatestVisitedAreWatchedAndTheOthersGoOnAtTheirNextVisit()
      throws IOException {
    String first = git.commit("a.txt", "first");
    acme.scan();
    for (int i = 0; i < GitWatcher.MOST_REPOSITORIES; i++) {
      Path other = directory.resolve("other-" + i);
      Files.createDirectories(other.resolve(".git/objects"));
      Files.createDirectories(other.resolve(".git/refs/heads"));
      Files.writeString(other.resolve(".git/HEAD"), "ref: refs/heads/main\n");
      acme.visit(other.toString());
    }
    acme.scanNow();
    String second = git.commit("a.txt", "second");
    acme.restart();
    acme.scanNow();
    assertThat(acme.commits()).containsExactly(first);
    acme.scan();
    assertThat(acme.commits()).containsExactly(first, second);
    assertThat(acme.events(Body.ReferenceUpdated.class)).hasSize(1);
  }

  @Test
  void anUnchangedRepositoryStoresNothing() {
    git.commit("a.txt", "first");
    acme.scan();
    int puts = kept.puts;
    acme.scanNow();
    acme.scanNow();
    assertThat(kept.puts).isEqualTo(puts);
  }
}
