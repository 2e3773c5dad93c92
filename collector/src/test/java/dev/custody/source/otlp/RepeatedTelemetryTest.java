package dev.custody.source.otlp;

import static dev.custody.source.otlp.Requests.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.custody.event.Event;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Exporters send again what they got no answer to. */
final class RepeatedTelemetryTest {
  static final List<String> RUNS = Recordings.JSON_RUNS;

  @ParameterizedTest
  @FieldSource("RUNS")
  void aRequestThatIsSentAgainAddsNothingAlsoAfterARestart(String run) throws Exception {
    Intake intake = new Intake();
    int recorded = intake.takeAll(Recordings.of(run)).size();
    assertThat(intake.takeAll(Recordings.of(run))).hasSize(recorded);
    intake.restart();
    assertThat(intake.takeAll(Recordings.of(run))).hasSize(recorded);
  }

  @ParameterizedTest
  @FieldSource("RUNS")
  void noTwoRecordsHaveOneId(String run) throws Exception {
    Set<String> ids = new HashSet<>();
    for (Event event : new Intake().takeAll(Recordings.of(run))) {
      assertThat(event.source().id()).isNotNull();
      assertThat(ids.add(event.source().id())).as(event.source().id()).isTrue();
    }
  }

  private static Recordings.Request counted(long nanos, String name) {
    return Requests.logs(
        "claude-code",
        "{\"timeUnixNano\":%d,\"attributes\":[%s,%s,{\"key\":\"event.sequence\",\"value\":{\"intValue\":\"7\"}}]}"
            .formatted(nanos, text("session.id", "s"), text("event.name", name)));
  }

  @Test
  void aCounterThatBeganAnewHidesNothing() throws Exception {
    Intake intake = new Intake();
    OtlpReceiver.Taken _ = intake.take(counted(1795330742852000000L, "user_prompt"));
    OtlpReceiver.Taken _ = intake.take(counted(1795330799000000000L, "user_prompt"));
    assertThat(intake.events).hasSize(2);
  }

  @Test
  void nobodyCanTakeTheIdOfARecordThatIsStillToCome() throws Exception {
    Intake intake = new Intake();
    OtlpReceiver.Taken _ = intake.take(counted(1795330742852000000L, "harmless"));
    OtlpReceiver.Taken genuine = intake.take(counted(1795330742852000000L, "tool_result"));
    assertThat(genuine.recorded()).isEqualTo(1);
    assertThat(genuine.repeated()).isZero();
  }

  @Test
  void recordsWithoutCounterAndTimeAreToldApartByWhatTheySay() throws Exception {
    Intake intake = new Intake();
    OtlpReceiver.Taken taken =
        intake.take(
            Requests.logs(
                "codex_cli",
                "{\"attributes\":[%s]},{\"attributes\":[%s]},{\"attributes\":[%s]}"
                    .formatted(
                        text("event.name", "a"),
                        text("event.name", "b"),
                        text("event.name", "a"))));
    assertThat(taken.recorded()).isEqualTo(2);
    assertThat(taken.repeated()).isEqualTo(1);
  }
}
