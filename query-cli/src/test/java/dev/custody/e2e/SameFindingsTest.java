package dev.custody.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.custody.accuracy.play.SourcesAlone;
import dev.custody.accuracy.play.SourcesAlone.Arrival;
import dev.custody.accuracy.play.StreamRun;
import dev.custody.accuracy.scenario.Organisation;
import dev.custody.accuracy.world.Size;
import dev.custody.local.EmbeddedBroker;
import dev.custody.local.Quiescence;
import dev.custody.pipeline.Pipelines;
import dev.custody.sigma.LoadedRules;
import dev.custody.sigma.Placeholders;
import dev.custody.sigma.RuleSet;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The same events, in any order of their chains, with repeats, over several partitions, before
 * processors that are killed and come back: the same findings.
 */
class SameFindingsTest {
  private static final Duration LONG = Duration.ofMinutes(5);
  private static final int PARTITIONS = 3;
  private static final int PROCESSORS = 2;
  private static final int PHASES = 4;

  private final long seed = Long.getLong("custody.seed", new Random().nextLong());
  private final Random random = new Random(seed);

  @Test
  void ordersRepeatsPartitionsCrashesAndRebalancesChangeNoFinding(@TempDir Path directory)
      throws Exception {
    System.out.println("SameFindingsTest: seed " + seed);
    Size size = Size.small();
    Organisation organisation = new Organisation(seed, size, directory.resolve("homes"));
    Path rules = rules(directory.resolve("rules"));
    try (SourcesAlone sources = new SourcesAlone(directory, organisation)) {
      List<Arrival> arrivals = sources.play(organisation.script().steps());
      RuleSet set = LoadedRules.load(Pipelines.shipped().context(Placeholders.none()), rules).set();
      Map<String, String> expected =
          ProcessorFleet.open(
              StreamRun.findings(sources, arrivals, set, directory.resolve("reference")));
      System.out.printf(
          "SameFindingsTest: %d records, %d findings%n", arrivals.size(), expected.size());
      assertThat(expected).hasSizeGreaterThan(20);
      // Not each organisation that chance makes meets each of them.
      assertThat(set.correlations())
          .filteredOn(
              each -> expected.values().stream().anyMatch(finding -> finding.contains(each.id())))
          .hasSizeGreaterThanOrEqualTo(4);
      try (EmbeddedBroker broker = EmbeddedBroker.start(directory.resolve("kafka"), 0)) {
        String kafka = broker.bootstrapServers();
        ProcessorFleet fleet =
            ProcessorFleet.of(directory, sources, kafka, rules, PROCESSORS, PARTITIONS);
        Map<String, String> found = overKafka(fleet, mixed(arrivals), expected);
        assertThat(found).as("seed %d", seed).isEqualTo(expected);
      }
    }
  }

  private static Path rules(Path directory) throws IOException {
    Path file = Files.createDirectories(directory).resolve("correlations.yml");
    try (InputStream in = SameFindingsTest.class.getResourceAsStream("correlations.yml")) {
      Files.copy(Objects.requireNonNull(in), file);
    }
    return directory;
  }

  /** Chains in any order, each in its own, with records that come twice. */
  private List<Arrival> mixed(List<Arrival> arrivals) {
    Map<String, List<Arrival>> chains = new LinkedHashMap<>();
    arrivals.forEach(a -> chains.computeIfAbsent(a.host(), h -> new ArrayList<>()).add(a));
    List<String> turns = new ArrayList<>(arrivals.stream().map(Arrival::host).toList());
    Collections.shuffle(turns, random);
    Map<String, Integer> sent = new LinkedHashMap<>();
    List<Arrival> mixed = new ArrayList<>();
    for (String host : turns) {
      List<Arrival> chain = Objects.requireNonNull(chains.get(host));
      int next = sent.merge(host, 1, Integer::sum) - 1;
      mixed.add(chain.get(next));
      if (random.nextInt(20) == 0) {
        mixed.add(chain.get(Math.max(0, next - random.nextInt(5))));
      }
    }
    return mixed;
  }

  /** Publishes in phases; between them one of two processors is killed and comes back. */
  private Map<String, String> overKafka(
      ProcessorFleet fleet, List<Arrival> arrivals, Map<String, String> expected) throws Exception {
    List<CustodyProcess> processors = new ArrayList<>();
    try {
      for (int i = 1; i <= PROCESSORS; i++) {
        processors.add(fleet.start(i));
        assertThat(processors.getLast().ready("kafka")).isEqualTo(fleet.kafka());
      }
      for (int phase = 0; phase < PHASES; phase++) {
        int from = arrivals.size() * phase / PHASES;
        fleet.publish(arrivals.subList(from, arrivals.size() * (phase + 1) / PHASES));
        int killed = phase % PROCESSORS;
        processors.get(killed).close();
        processors.set(killed, fleet.start(killed + 1));
      }
      Await.until(
          "the same findings",
          LONG,
          () -> {
            assertThat(ProcessorFleet.open(fleet.alerts())).isEqualTo(expected);
            return true;
          });
      assertThat(Quiescence.awaitProcessor(fleet.kafka(), LONG)).isTrue();
      for (CustodyProcess processor : processors) {
        processor.terminate(Duration.ofSeconds(30));
      }
      return ProcessorFleet.open(fleet.alerts());
    } finally {
      processors.forEach(CustodyProcess::close);
    }
  }
}
