package dev.custody.accuracy;

import dev.custody.accuracy.measure.ForWhom;
import dev.custody.accuracy.measure.Measurement;
import dev.custody.accuracy.measure.Table;
import dev.custody.accuracy.play.Answers;
import dev.custody.accuracy.play.FrontDoor;
import dev.custody.accuracy.play.SourcesAlone;
import dev.custody.accuracy.play.StreamRun;
import dev.custody.accuracy.scenario.Organisation;
import dev.custody.accuracy.world.Size;
import dev.custody.accuracy.world.Truth;
import dev.custody.attribution.Grade;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Measures the accuracy of attributions and prints it as a table. Exit code 1 when what is {@code
 * PROVEN} is wrong, or somebody innocent is named surely: either is a bug.
 */
@Command(name = "accuracy", mixinStandardHelpOptions = true)
public final class Accuracy implements Callable<Integer> {
  @Option(names = "--seed", description = "all chance comes from it (default ${DEFAULT-VALUE})")
  private long seed = 1;

  @Option(names = "--scale", description = "times the usual 24 developers")
  private double scale = 1;

  @Option(names = "--fast", description = "without HTTP, spool, Kafka and index")
  private boolean fast;

  @Option(names = "--small", description = "the organisation of the tests")
  private boolean small;

  @Option(names = "--shuffle-labels", description = "judge by other acts' actors")
  private boolean shuffle;

  @Option(names = "--examples", description = "wrong answers shown of each cause")
  private int examples = 2;

  @Option(names = "--out", description = "where the table is written")
  private Path out = Path.of("target", "accuracy");

  @SuppressWarnings("NullAway.Init")
  Accuracy() {}

  /** Runs. */
  public static void main(String[] args) {
    System.exit(new CommandLine(new Accuracy()).execute(args));
  }

  @Override
  public Integer call() throws Exception {
    long begin = System.nanoTime();
    Files.createDirectories(out);
    Path work = Files.createTempDirectory(out.toAbsolutePath(), "run-");
    // Not long ago: derived topics keep what they hold for a number of days.
    Instant day = Instant.now().truncatedTo(ChronoUnit.DAYS).minus(Duration.ofDays(3));
    Size size =
        (small ? Size.small() : Size.usual().times(scale)).from(day.plus(Duration.ofHours(7)));
    Organisation organisation = new Organisation(seed, size, work.resolve("homes"));
    Measurement measured = fast ? fast(organisation, work) : frontDoor(organisation, work);
    String head =
        "seed %d, %d developers, %s, %d s, %d acts that no source records%n%n"
            .formatted(
                seed,
                size.developers(),
                fast ? "sources and graph alone" : "through the front door",
                (System.nanoTime() - begin) / 1_000_000_000L,
                organisation.script().truth().unrecordedActs());
    String table =
        head
            + Table.of(measured, examples)
            + ForWhom.of(
                measured, organisation.accounts(), organisation.script().truth().granted());
    System.out.println(table);
    Files.writeString(out.resolve("accuracy-seed-" + seed + ".txt"), table);
    delete(work);
    boolean sound = measured.precision(Grade.PROVEN) == 1 && measured.accusations().isEmpty();
    return sound || shuffle ? 0 : 1;
  }

  private Measurement frontDoor(Organisation organisation, Path work) throws Exception {
    try (FrontDoor door = new FrontDoor(work.resolve("data"), organisation)) {
      door.play(organisation.script().steps());
      return measured(organisation, door.answers());
    }
  }

  private Measurement fast(Organisation organisation, Path work) throws Exception {
    try (SourcesAlone sources = new SourcesAlone(work.resolve("data"), organisation)) {
      List<SourcesAlone.Arrival> arrivals = sources.play(organisation.script().steps());
      return measured(organisation, StreamRun.of(sources, arrivals, work.resolve("state")));
    }
  }

  private Measurement measured(Organisation organisation, Answers answers) {
    List<Truth> acts = organisation.script().truth().all();
    List<Truth> labelled = shuffle ? Measurement.withLabelsShuffled(acts, seed) : acts;
    return Measurement.of(labelled, answers);
  }

  private static void delete(Path directory) throws IOException {
    try (var files = Files.walk(directory)) {
      for (Path each : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(each);
      }
    }
  }
}
