package dev.custody.accuracy.play;

import dev.custody.accuracy.scenario.Organisation;
import dev.custody.accuracy.scenario.Script;
import dev.custody.accuracy.scenario.Step;
import dev.custody.accuracy.world.Machine;
import dev.custody.detect.ShippedRules;
import dev.custody.local.AllInOne;
import dev.custody.local.Installation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The whole product: a real collector for each machine and one for the cloud's files, Kafka, the
 * stream processor and the index.
 */
public final class FrontDoor implements AutoCloseable {
  private static final int PARTITIONS = 2;
  private static final int THREADS = 6;
  private static final Duration LONGEST = Duration.ofMinutes(20);

  private final AllInOne all;
  private final Path data;
  private final Cloud cloud;
  private final Map<String, Station> stations = new LinkedHashMap<>();
  private final Map<String, RealCollector> real = new LinkedHashMap<>();
  private final RealCollector trail;
  private final AtomicBoolean back = new AtomicBoolean();

  /** Starts everything in {@code data}, for the machines of {@code organisation}. */
  public FrontDoor(Path data, Organisation organisation) throws Exception {
    this.data = data;
    Files.createDirectories(data);
    Path wrapping = data.resolve("wrapping.key");
    this.all =
        AllInOne.start(
            AllInOne.Config.onAnyPort(
                data.resolve("custody"), PARTITIONS, RealCollector.DOMAIN, ShippedRules.load()),
            wrapping);
    Installation installation = Installation.open(data.resolve("custody"), wrapping);
    Instant start = start(organisation.script());
    this.cloud = new Cloud(start);
    RealCollector.Place place =
        new RealCollector.Place(data, all.kafka(), PARTITIONS, installation, cloud, start);
    for (Machine machine : organisation.machines()) {
      if (machine.tells()) {
        RealCollector collector =
            new RealCollector(
                place, machine.name(), machine.osUser(), () -> !machine.offline() || back.get());
        real.put(machine.name(), collector);
        stations.put(machine.name(), collector);
      }
    }
    this.trail = new RealCollector(place, "security-1", "trail", () -> true);
  }

  private static Instant start(Script script) {
    return script.steps().getFirst().at().minus(Duration.ofMinutes(1));
  }

  /** Plays {@code steps}, and waits until all of it is attributed and can be found. */
  public void play(List<Step> steps) throws Exception {
    new Player(stations, trail, cloud, THREADS).play(steps);
    settle(false);
    back.set(true);
    settle(true);
    if (!all.awaitIndexed(LONGEST)) {
      throw new IllegalStateException("not indexed within " + LONGEST);
    }
  }

  private void settle(boolean everybody) throws Exception {
    trail.settle(LONGEST);
    for (RealCollector each : real.values()) {
      if (everybody || each.online()) {
        each.settle(LONGEST);
      }
    }
  }

  /** What the index says now. */
  public Answers answers() {
    return new IndexAnswers(data.resolve("custody").resolve("index"));
  }

  @Override
  public void close() {
    stations.values().forEach(Station::close);
    trail.close();
    all.close();
    cloud.close();
  }
}
