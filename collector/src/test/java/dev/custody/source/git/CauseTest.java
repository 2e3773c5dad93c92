package dev.custody.source.git;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The vocabulary of causes, from messages as git writes them. */
final class CauseTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          commit: Add b                                          | commit
          commit (initial): first                                | commit (initial)
          commit (amend): better                                 | commit (amend)
          commit (merge): Merge branch 'x'                       | commit (merge)
          commit (of mine): x                                    | commit
          merge topic: Fast-forward                              | merge
          pull: Fast-forward                                     | pull
          pull origin main: Fast-forward                         | pull
          pull -q --rebase origin main (finish): refs/heads/main | pull (rebase)
          pull --rebase (finish): refs/heads/main onto 1234      | pull (rebase)
          rebase (finish): refs/heads/topic onto 1234            | rebase
          rebase -i (finish): refs/heads/topic onto 1234         | rebase
          reset: moving to HEAD~1                                | reset
          checkout: moving from a to b                           | checkout
          branch: Created from HEAD                              | branch (created)
          branch: Reset to HEAD~1                                | branch (reset)
          Branch: renamed refs/heads/a to refs/heads/b           | branch (renamed)
          Branch: copied refs/heads/a to refs/heads/b            | branch (copied)
          update by push                                         | update by push
          update by pull                                         | other
          push                                                   | push
          fetch origin: fast-forward                             | fetch
          fetch: storing head                                    | fetch
          forced-update                                          | fetch
          storing head                                           | fetch
          clone: from /x/y                                       | clone
          remote: renamed refs/remotes/a/b to refs/remotes/c/b   | remote
          cherry-pick: x                                         | cherry-pick
          revert: Revert "x"                                     | revert
          am: x                                                  | am
          hunter2: hunter2                                       | other
          """)
  void aMessageNamesItsCause(String message, String cause) {
    assertThat(Cause.of(message)).isEqualTo(cause);
  }

  @Test
  void noMessageIsNoCause() {
    assertThat(Cause.of("")).isNull();
    assertThat(Cause.of(" ")).isNull();
  }
}
