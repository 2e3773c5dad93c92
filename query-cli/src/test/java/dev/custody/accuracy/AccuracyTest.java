package dev.custody.accuracy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.custody.accuracy.measure.ForWhom;
import dev.custody.accuracy.measure.Judged;
import dev.custody.accuracy.measure.Judged.Verdict;
import dev.custody.accuracy.measure.Measurement;
import dev.custody.accuracy.measure.Table;
import dev.custody.accuracy.play.Answers;
import dev.custody.accuracy.scenario.Organisation;
import dev.custody.accuracy.scenario.Step;
import dev.custody.accuracy.world.Link;
import dev.custody.accuracy.world.Size;
import dev.custody.accuracy.world.Truth;
import dev.custody.attribution.Grade;
import dev.custody.event.HumanBasis;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is named, against the truth: a small organisation without HTTP, spool and Kafka. */
class AccuracyTest {
  private static final long SEED = 1;
  private static final long ORDER = 11;

  @TempDir private static Path directory;
  private static Rehearsal rehearsal;
  private static Answers answers;
  private static Measurement measured;

  @BeforeAll
  static void play() throws Exception {
    rehearsal = new Rehearsal(SEED, Size.small(), directory.resolve("small"));
    answers = rehearsal.answers();
    measured = Measurement.of(rehearsal.acts(), answers);
  }

  @AfterAll
  static void end() {
    rehearsal.close();
  }

  @Test
  void everyActThatASourceRecordsHasAnEvent() {
    assertThat(measured.where(j -> j.verdict() == Verdict.NO_EVENT))
        .as("seed %d", SEED)
        // Nobody looks at a repository before an agent has worked in it.
        .allMatch(
            j -> j.truth().kind() == Truth.Kind.COMMIT && j.truth().link() != Link.COMMIT_REPORTED);
  }

  @Test
  void withTheLabelsShuffledPrecisionCollapses() {
    List<Truth> others = Measurement.withLabelsShuffled(rehearsal.acts(), SEED);
    Measurement shuffled = Measurement.of(others, answers);
    String table = Table.of(shuffled, 0);

    assertThat(shuffled.precision(Grade.CORROBORATED)).as(table).isLessThan(0.05);
    assertThat(shuffled.recallWhereLinked()).as(table).isLessThan(0.2);
    assertThat(shuffled.accusations()).as(table).hasSizeGreaterThan(300);
  }

  @Test
  void theAnswersDoNotDependOnTheOrderOfArrival() throws Exception {
    assertThat(rehearsal.statements(rehearsal.answersInOrderOf(ORDER)))
        .as("seed %d, order %d", SEED, ORDER)
        .isEqualTo(rehearsal.statements(answers));
  }

  @Test
  void aCommitIsProvenWhereItsWholeIdWasToldAndItsReferenceWasSeenMoving() {
    assertThat(measured.where(j -> j.truth().scenario().startsWith("CommitsTellingTheWholeId")))
        .as("seed %d", SEED)
        .filteredOn(j -> j.truth().link() == Link.COMMIT_REPORTED)
        .isNotEmpty()
        .allMatch(j -> j.verdict() == Verdict.RIGHT && j.grade() == Grade.PROVEN);
  }

  @Test
  void whatTheProviderDoesItselfIsNobodys() {
    assertThat(measured.where(j -> j.truth().scenario().equals("ProviderItself")))
        .as("seed %d", SEED)
        .isNotEmpty()
        .noneMatch(Judged::named);
  }

  @Test
  void theSameSeedMakesTheSameOrganisation() throws Exception {
    Path homes = directory.resolve("twice");
    List<Step> first = new Organisation(7, Size.small(), homes).script().steps();
    List<Step> second = new Organisation(7, Size.small(), homes).script().steps();

    assertThat(first).hasSameSizeAs(second);
    for (int i = 0; i < first.size(); i++) {
      assertThat(first.get(i).at()).isEqualTo(second.get(i).at());
      if (first.get(i) instanceof Step.Trail a && second.get(i) instanceof Step.Trail b) {
        assertThat(a.records()).isEqualTo(b.records());
      }
    }
  }

  @Test
  void whatOnlyTelemetryTellsIsAttributedAsWell() {
    assertThat(
            measured.where(j ->
                j.truth().kind() == Truth.Kind.CLOUD_CALL
                    && j.truth().link().toOne()
                    && j.answer() != null
                    && rehearsal.isOnTelemetry(j.truth())))
        .as("seed %d", SEED)
        .isNotEmpty()
        .allMatch(j -> j.verdict() == Verdict.RIGHT);
  }

  /** That a link leads to several is no excuse: the sources of these acts hold others as well. */
  @Test
  void noActWhoseKeyOnlyItsSessionKnowsLeadsToSeveral() {
    assertThat(measured.where(j -> j.truth().link() == Link.KEY_SHARED))
        .as("seed %d", SEED)
        .isNotEmpty()
        .noneMatch(j -> j.truth().words().contains(" by agent-"));
  }

  @Test
  void whoIsNamedIsWhoDidIt() {
    assertThatWhoIsNamedDidIt(SEED, measured, rehearsal.forWhom(measured));
  }

  @ParameterizedTest
  @ValueSource(longs = {2, 3})
  void whoIsNamedIsWhoDidItInOtherOrganisations(long seed) throws Exception {
    try (Rehearsal each = new Rehearsal(seed, Size.small(), directory.resolve("seed-" + seed))) {
      Measurement of = each.measured();
      assertThatWhoIsNamedDidIt(seed, of, each.forWhom(of));
    }
  }

  private static void assertThatWhoIsNamedDidIt(long seed, Measurement of, ForWhom whom) {
    String table = "seed " + seed + "\n" + Table.of(of, 3) + whom;
    assertThat(
            of.where(j -> j.truth().kind() == Truth.Kind.CLOUD_CALL && j.grade() == Grade.PROVEN))
        .as(table)
        .hasSizeGreaterThan(10);
    assertThat(of.precision(Grade.PROVEN)).as(table).isEqualTo(1);
    // Of so few answers one may name a neighbouring call of the right session.
    assertThat(of.precision(Grade.CORROBORATED)).as(table).isGreaterThanOrEqualTo(0.998);
    assertThat(of.sessionPrecision(Grade.CORROBORATED)).as(table).isGreaterThanOrEqualTo(0.999);
    assertThat(of.sessionPrecision(Grade.INFERRED)).as(table).isGreaterThanOrEqualTo(0.92);
    assertThat(of.recallToOne()).as(table).isGreaterThanOrEqualTo(0.99);
    assertThat(of.shownToSeveral()).as(table).isGreaterThanOrEqualTo(0.99);
    assertThat(of.accusations()).as(table).isEmpty();
    assertThat(whom.delegationsNamed()).as(table).isGreaterThan(100);
    assertThat(whom.delegationsRight()).as(table).isEqualTo(1);
    assertThat(whom.underNone()).as(table).isGreaterThan(100);
    assertThat(whom.noneRight()).as(table).isEqualTo(1);
    assertThat(whom.recall()).as(table).isEqualTo(1);
    for (HumanBasis basis : List.of(HumanBasis.GIT_EMAIL, HumanBasis.OS_USER)) {
      assertThat(whom.humansNamed(basis)).as(table).isGreaterThan(10);
      assertThat(whom.humansRight(basis)).as(table).isEqualTo(1);
    }
    assertThat(whom.humansNamed(HumanBasis.UNKNOWN)).as(table).isZero();
  }
}
