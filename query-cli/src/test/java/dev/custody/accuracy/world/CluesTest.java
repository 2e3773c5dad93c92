package dev.custody.accuracy.world;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** When the truth says that a link leads to several sessions. */
class CluesTest {
  private static final Instant AT = Instant.parse("2026-11-25T08:00:00Z");
  private static final String KEY = "AKIAEXAMPLE0000SHOWN";
  private static final String COMMAND = "Bash aws s3api delete-bucket --bucket acme-media";

  private final Clues clues = new Clues();

  private void knows(String session) {
    clues.knows(session, KEY, AT.minusSeconds(600));
  }

  private void ran(String session, long offset, String command) {
    clues.ran(session, AT.plusSeconds(offset), AT.plusSeconds(offset + 2), command);
  }

  private boolean severalOf(boolean owned) {
    return several("act", KEY, false, owned, null);
  }

  private boolean several(
      String act, String identifier, boolean descends, boolean owned, @Nullable String issued) {
    clues.add(
        new Clues.Clue(
            act,
            "one",
            AT,
            identifier,
            descends,
            owned,
            "s3api delete-bucket",
            Set.of("acme-media"),
            ""),
        issued);
    return clues.leadToSeveral(act);
  }

  @Test
  void aKeyThatNobodyElseHasLeadsToItsSessionWhateverRan() {
    knows("one");
    assertThat(severalOf(false)).isFalse();
  }

  @Test
  void aKeyThatHumansHaveTooLeadsToSeveralUnlessACommandTells() {
    knows("one");
    assertThat(severalOf(true)).isTrue();
    ran("one", -1, COMMAND);
    assertThat(severalOf(true)).isFalse();
  }

  @Test
  void aCommandThatNamesSomethingElseTellsNothing() {
    knows("one");
    ran("one", -1, "Bash ./scripts/report.sh");
    assertThat(severalOf(true)).isTrue();
  }

  @Test
  void anotherSessionThatHasTheKeyCountsOnlyWhereItsCommandTellsTheSame() {
    knows("one");
    knows("two");
    assertThat(severalOf(false)).isTrue();
    ran("one", -1, COMMAND);
    assertThat(severalOf(false)).isFalse();
    ran("two", 1, COMMAND);
    assertThat(severalOf(false)).isTrue();
  }

  @Test
  void whoCameToKnowTheKeyAfterwardsCannotHaveUsedIt() {
    knows("one");
    clues.knows("two", KEY, AT.plusSeconds(60));
    assertThat(severalOf(false)).isFalse();
  }

  @Test
  void aClockThatIsOffByMinutesDemandsThatTheResourceIsNamedToo() {
    knows("one");
    ran("one", 180, "Bash aws s3api delete-bucket --bucket $B");
    assertThat(severalOf(true)).isTrue();
    ran("one", 180, COMMAND);
    assertThat(severalOf(true)).isFalse();
  }

  @Test
  void whatDescendsLeadsWhereTheCallLeadsThatGotIt() {
    knows("one");
    several("assume", KEY, false, true, "ASIANEXT");
    assertThat(several("use", "ASIANEXT", true, false, null)).isTrue();
    ran("one", -1, COMMAND);
    assertThat(several("use", "ASIANEXT", true, false, null)).isFalse();
  }
}
