package dev.custody.delegation;

import static dev.custody.delegation.Organisation.END;
import static dev.custody.delegation.Organisation.START;
import static org.assertj.core.api.Assertions.assertThat;

import dev.custody.attribution.DelegationVerdict;
import dev.custody.delegation.Standings.Said;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Which of several delegations speaks; here each is only a name. */
class StandingsTest {
  private static final Instant REVOKED = START.plusSeconds(3_600);

  private final Standings<String> standings = new Standings<>();

  private static boolean any(String name) {
    return true;
  }

  private static boolean none(String name) {
    return false;
  }

  private static Standing at(Instant moment, @Nullable Instant revoked) {
    return Standing.at(moment, START, END, revoked);
  }

  @Test
  void withinFiveSecondsOfABoundaryNoClockTells() {
    assertThat(at(START.minusSeconds(5), null)).isEqualTo(Standing.NOT_BEGUN);
    assertThat(at(START.minusMillis(4_999), null)).isEqualTo(Standing.AT_A_BOUNDARY);
    assertThat(at(START.plusMillis(4_999), null)).isEqualTo(Standing.AT_A_BOUNDARY);
    assertThat(at(START.plusSeconds(5), null)).isEqualTo(Standing.IN_FORCE);
    assertThat(at(END.minusMillis(4_999), null)).isEqualTo(Standing.AT_A_BOUNDARY);
    assertThat(at(END.plusSeconds(5), null)).isEqualTo(Standing.ENDED);
    assertThat(at(REVOKED.minusSeconds(5), REVOKED)).isEqualTo(Standing.IN_FORCE);
    assertThat(at(REVOKED.minusMillis(4_999), REVOKED)).isEqualTo(Standing.AT_A_BOUNDARY);
    assertThat(at(REVOKED.plusSeconds(5), REVOKED)).isEqualTo(Standing.REVOKED);
  }

  @Test
  void whatEndedFirstSaysWhy() {
    Instant later = END.plusSeconds(3_600);
    assertThat(at(later, REVOKED)).isEqualTo(Standing.REVOKED);
    assertThat(at(later, END.plusSeconds(60))).isEqualTo(Standing.ENDED);
  }

  @Test
  void theFirstInForceThatAllowsSpeaksBeforeEverythingElse() {
    standings.add(Standing.REVOKED, "revoked");
    standings.add(Standing.AT_A_BOUNDARY, "beginning");
    standings.add(Standing.IN_FORCE, "newer");
    standings.add(Standing.IN_FORCE, "older");
    assertThat(standings.of(StandingsTest::any, "older"::equals))
        .isEqualTo(new Said<>(DelegationVerdict.WITHIN, "older"));
    assertThat(standings.of(StandingsTest::any, "beginning"::equals))
        .isEqualTo(new Said<>(DelegationVerdict.UNCERTAIN, "beginning"));
    assertThat(standings.of("older"::equals, StandingsTest::none))
        .isEqualTo(new Said<>(DelegationVerdict.OUTSIDE, "older"));
    assertThat(standings.of(StandingsTest::none, StandingsTest::none))
        .isEqualTo(new Said<>(DelegationVerdict.NOT_APPLICABLE, "newer"));
  }

  @Test
  void whereNoneIsInForceABoundaryLeavesItOpenWhateverItsScope() {
    standings.add(Standing.REVOKED, "revoked");
    standings.add(Standing.AT_A_BOUNDARY, "ending");
    assertThat(standings.of(StandingsTest::none, StandingsTest::none))
        .isEqualTo(new Said<>(DelegationVerdict.UNCERTAIN, "ending"));
  }

  @Test
  void ofThoseThatAreNotInForceTheRevokedSpeaksFirstThenTheEndedThenTheOneToCome() {
    standings.add(Standing.NOT_BEGUN, "to come");
    standings.add(Standing.ENDED, "ended");
    standings.add(Standing.REVOKED, "revoked");
    assertThat(standings.of(StandingsTest::any, StandingsTest::any))
        .isEqualTo(new Said<>(DelegationVerdict.REVOKED, "revoked"));
    assertThat(standings.of(name -> !name.equals("revoked"), StandingsTest::any))
        .isEqualTo(new Said<>(DelegationVerdict.EXPIRED, "ended"));
    assertThat(standings.of("to come"::equals, StandingsTest::any))
        .isEqualTo(new Said<>(DelegationVerdict.NOT_YET_VALID, "to come"));
    assertThat(standings.of(StandingsTest::none, StandingsTest::any))
        .isEqualTo(new Said<>(DelegationVerdict.NONE, null));
  }
}
