package dev.custody.attribute;

import static org.assertj.core.api.Assertions.assertThat;

import dev.custody.attribution.Candidate;
import dev.custody.attribution.Grade;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Of several calls of one session one is named, and it is said which others it may have been. */
class RankingTest {
  private static final int MINUTES = 120_000;
  private static final int OPERATION = Agreement.OPERATION + Agreement.SERVICE;
  private static final int ALL = OPERATION + Agreement.RESOURCE;

  private static Scored call(
      Grade grade, @Nullable String call, int mention, boolean inside, long distance) {
    List<String> reasons =
        List.of(call == null ? Scoring.NEAR + "toolu_b, not within it" : "within " + call);
    Candidate who =
        new Candidate(
            null, null, "session", "prompt", call, null, grade, reasons, List.of(), "project");
    return new Scored(who, Basis.SHOWN, mention, inside, distance);
  }

  private static List<String> reasons(Scored... scored) {
    Ranking.Ranked ranked = Ranking.best(List.of(scored));
    assertThat(ranked.candidates()).hasSize(1);
    Candidate best = ranked.candidates().getFirst().candidate();
    assertThat(best.toolCall()).isEqualTo("toolu_a");
    return best.reasons();
  }

  private static final String OTHER = Scoring.NEAR + "toolu_b, not within it";

  @Test
  void aCallThatNamesMoreIsToldAlsoWhereClocksAreMinutesOff() {
    Scored within = call(Grade.CORROBORATED, "toolu_a", OPERATION, true, 0);
    assertThat(reasons(within, call(Grade.INFERRED, null, ALL, false, MINUTES))).contains(OTHER);
    assertThat(reasons(call(Grade.INFERRED, null, ALL, false, MINUTES), within)).contains(OTHER);
  }

  @Test
  void minutesAwayACallThatNamesNoMoreIsNotTold() {
    Scored within = call(Grade.CORROBORATED, "toolu_a", ALL, true, 0);
    assertThat(reasons(within, call(Grade.INFERRED, null, ALL, false, MINUTES)))
        .doesNotContain(OTHER);
    Scored bare = call(Grade.CORROBORATED, "toolu_a", Agreement.SERVICE, true, 0);
    assertThat(reasons(bare, call(Grade.INFERRED, null, OPERATION, false, MINUTES)))
        .as("the operation alone is named by many")
        .doesNotContain(OTHER);
  }

  @Test
  void secondsAwayACallThatNamesAsMuchOrMoreIsTold() {
    Scored within = call(Grade.CORROBORATED, "toolu_a", OPERATION, true, 0);
    assertThat(reasons(within, call(Grade.INFERRED, null, OPERATION, false, 5_000)))
        .contains(OTHER);
    assertThat(reasons(within, call(Grade.INFERRED, null, ALL, false, 5_000))).contains(OTHER);
    assertThat(reasons(within, call(Grade.INFERRED, null, Agreement.SERVICE, false, 5_000)))
        .doesNotContain(OTHER);
  }
}
