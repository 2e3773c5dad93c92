package dev.custody.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.custody.accuracy.format.Hooks;
import dev.custody.accuracy.play.SourcesAlone;
import dev.custody.accuracy.play.SourcesAlone.Arrival;
import dev.custody.accuracy.scenario.Organisation;
import dev.custody.accuracy.scenario.Step;
import dev.custody.accuracy.world.Machine;
import dev.custody.accuracy.world.Size;
import dev.custody.local.EmbeddedBroker;
import dev.custody.local.Quiescence;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What did not happen is told when its time is over, whatever became of the processor. */
class PendingDeadlineTest {
  private static final Duration LONG = Duration.ofMinutes(5);

  private static final String ONE_RESULT_AND_NO_MORE =
      """
      title: A tool call that came back
      name: tool_result
      logsource: {product: custody, category: agent_event}
      detection:
        call: {custody.kind: ToolCallCompleted}
        condition: call
      ---
      title: One result and no more
      id: 0c0e1111-0000-4000-8000-000000000021
      level: low
      correlation:
        type: event_count
        rules: [tool_result]
        group-by: [custody.session]
        timespan: 5m
        condition: {eq: 1}
      """;

  private final Instant now = Instant.ofEpochSecond(Instant.now().getEpochSecond());

  @Test
  void anAbsenceThatIsPendingWhenTheProcessorIsKilledIsToldOnceInTime(@TempDir Path directory)
      throws Exception {
    Path rules = Files.createDirectories(directory.resolve("rules"));
    Files.writeString(rules.resolve("absence.yml"), ONE_RESULT_AND_NO_MORE);
    Organisation organisation =
        new Organisation(1, Size.small().from(now), directory.resolve("homes"));
    Machine machine =
        organisation.machines().stream().filter(Machine::hooks).findFirst().orElseThrow();
    try (SourcesAlone sources = new SourcesAlone(directory, organisation)) {
      List<Arrival> alone = sources.play(List.of(result(machine, "alone", Duration.ZERO)));
      List<Arrival> later =
          new ArrayList<>(sources.play(List.of(result(machine, "later", Duration.ofDays(2)))));
      later.removeAll(alone);
      try (EmbeddedBroker broker = EmbeddedBroker.start(directory.resolve("kafka"), 0)) {
        ProcessorFleet fleet =
            ProcessorFleet.of(directory, sources, broker.bootstrapServers(), rules, 1, 1);
        for (int kill = 0; kill < 2; kill++) {
          try (CustodyProcess processor = fleet.start(1)) {
            processor.ready("kafka"); // The first has made the topics.
            if (kill == 0) {
              fleet.publish(alone);
            }
            assertThat(Quiescence.awaitProcessor(fleet.kafka(), LONG)).isTrue();
            assertThat(fleet.alerts()).isEmpty();
          }
        }
        // The third has nothing but what Kafka holds.
        deleteStateOf(fleet);
        fleet.publish(later);
        try (CustodyProcess _ = fleet.start(1)) {
          Await.until("it is told", LONG, () -> !fleet.alerts().isEmpty());
          assertThat(Quiescence.awaitProcessor(fleet.kafka(), LONG)).isTrue();
          assertThat(fleet.told()).as("told once").hasSize(1);
          Map<String, String> told = ProcessorFleet.open(fleet.alerts());
          assertThat(told.values().iterator().next())
              .contains("One result and no more", "alone")
              .doesNotContain("later");
        }
      }
    }
  }

  private static void deleteStateOf(ProcessorFleet fleet) throws IOException {
    try (Stream<Path> state = Files.walk(fleet.data(1).resolve("streams"))) {
      for (Path path : state.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  private Step result(Machine machine, String session, Duration after) {
    Hooks hooks = new Hooks(session, machine.home() + "/t.jsonl", machine.home().toString());
    Hooks.Call call =
        new Hooks.Call("toolu-" + session, "p-" + session, "Bash", Hooks.command("ls", ""), null);
    return new Step.Hook(now.plus(after), machine, () -> hooks.after(call, Hooks.output("a"), 5));
  }
}
