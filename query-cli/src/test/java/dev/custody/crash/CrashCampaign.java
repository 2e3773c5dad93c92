package dev.custody.crash;

import dev.custody.e2e.Await;
import dev.custody.e2e.CustodyProcess;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * Kills collectors. Every {@value #KILLS_A_MACHINE} kills a new machine begins: its first start is
 * killed while it makes its keys, and at its end everything is published and the whole log is
 * judged.
 *
 * <p>Moments, loads and outages depend on the seed; what a process was doing at its moment depends
 * on the machine, so a seed makes a failure likely again, and the directory that is kept shows it.
 */
public final class CrashCampaign {
  static final int KILLS_A_MACHINE = 10;

  private static final int LONGEST_OUTPUT = 4_000;
  private static final long LONGEST_RUN_MILLIS = 1_500;
  private static final long LONGEST_KEYS_MILLIS = 400;
  private static final int MOST_ANSWERS = 1_500;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final long seed;
  private final Path directory;
  private final Duration away;
  private final PrintStream out;
  private final Map<Moment, Integer> killed = new EnumMap<>(Moment.class);
  // How long a start took the last time that one was waited for: starts are killed before that.
  private long startMillis = 3_000;

  /**
   * A campaign.
   *
   * @param directory where the machines are; those that were judged well are deleted
   * @param away how long Kafka is away under load on the first machine, before the last kill there
   */
  CrashCampaign(long seed, Path directory, Duration away, PrintStream out) {
    this.seed = seed;
    this.directory = directory;
    this.away = away;
    this.out = out;
  }

  /** {@code [--kills N] [--seed S] [--dir DIRECTORY] [--away SECONDS]}. */
  public static void main(String[] arguments) throws Exception {
    int kills = 200;
    long seed = System.nanoTime();
    Path directory = Path.of("target", "crash");
    Duration away = Duration.ZERO;
    for (int i = 0; i < arguments.length; i += 2) {
      String value = i + 1 < arguments.length ? arguments[i + 1] : "";
      switch (arguments[i]) {
        case "--kills" -> kills = Integer.parseInt(value);
        case "--seed" -> seed = Long.parseLong(value);
        case "--dir" -> directory = Path.of(value);
        case "--away" -> away = Duration.ofSeconds(Integer.parseInt(value));
        default ->
            throw new IllegalArgumentException(
                "expected --kills N, --seed S, --dir DIRECTORY or --away SECONDS, found "
                    + arguments[i]);
      }
    }
    int code = 0;
    try {
      new CrashCampaign(seed, directory, away, System.out).run(kills);
    } catch (AssertionError e) {
      System.out.println(e.getMessage());
      code = 1;
    }
    // Kafka's threads would keep the process for a while.
    System.exit(code);
  }

  /**
   * Kills so often.
   *
   * @throws AssertionError naming the seed and the directory that is kept, when a log is not as it
   *     was promised
   */
  void run(int kills) throws IOException, InterruptedException {
    out.printf("crash campaign: --kills %d --seed %d%n", kills, seed);
    SplittableRandom random = new SplittableRandom(seed);
    for (int done = 0; done < kills; done += KILLS_A_MACHINE) {
      int number = done / KILLS_A_MACHINE;
      Path own = directory.resolve("seed-%d-machine-%d".formatted(seed, number));
      int these = Math.min(KILLS_A_MACHINE, kills - done);
      try {
        machine(own, number, these, random.split());
      } catch (Exception | AssertionError e) {
        throw new AssertionError(
            "--seed %d, machine %d of %d kills; its data is kept in %s%n%s"
                .formatted(seed, number, these, own.toAbsolutePath(), e),
            e);
      }
      delete(own);
    }
    out.printf("crash campaign: %d kills %s, nothing lost, doubled or broken%n", kills, killed);
  }

  private void machine(Path own, int number, int kills, SplittableRandom random) throws Exception {
    String name = "m" + number;
    if (Files.exists(own)) {
      delete(own);
    }
    Journal journal = new Journal();
    try (Machine machine = new Machine(own, own.resolve("data"));
        Load load =
            Load.start(journal, own.resolve("data"), name, LONGEST_OUTPUT, random.nextLong())) {
      for (int i = 0; i < kills; i++) {
        kafka(machine, random);
        if (i == 0) {
          killFirstStart(machine, random);
        } else {
          kill(machine, load, journal, random);
        }
      }
      if (number == 0 && away.isPositive()) {
        outage(machine, load, journal);
      }
      machine.kafkaComes();
      CustodyProcess _ = machine.startCollector();
      machine.settle();
      StoredLog stored = Judge.judge(machine, journal);
      if (journal.answers() == 0 && kills == KILLS_A_MACHINE) {
        throw new AssertionError("expected hooks that were answered, found none: " + journal);
      }
      out.printf(
          "%s: %d kills; %s; the log: %s; read back after %d starts%n",
          name, kills, journal, stored, machine.readBacks());
    }
  }

  /** Kafka is there in two rounds of three, and comes and goes between them. */
  private static void kafka(Machine machine, SplittableRandom random) {
    if (random.nextInt(3) > 0) {
      machine.kafkaComes();
    } else {
      machine.kafkaGoes();
    }
  }

  private void killFirstStart(Machine machine, SplittableRandom random)
      throws IOException, InterruptedException {
    CustodyProcess collector = machine.startCollector();
    Await.until(
        "keys are being made; standard error:\n" + collector.err(),
        PATIENCE,
        () -> machine.hasKeys() || !collector.isAlive());
    TimeUnit.MILLISECONDS.sleep(random.nextLong(LONGEST_KEYS_MILLIS));
    collector.close();
    killed.merge(Moment.STARTING, 1, Integer::sum);
    out.printf("  killed the first start after %d ms%n", collector.age().toMillis());
  }

  private void kill(Machine machine, Load load, Journal journal, SplittableRandom random)
      throws Exception {
    Moment moment = Moment.any(random);
    boolean kafkaGoes = random.nextInt(4) == 0;
    int before = journal.answers();
    CustodyProcess collector = machine.startCollector();
    if (moment == Moment.STARTING) {
      TimeUnit.MILLISECONDS.sleep(random.nextLong(startMillis));
    } else {
      String http = collector.ready("http");
      startMillis = collector.age().toMillis();
      load.sendTo(http);
      if (kafkaGoes && machine.hasKafka()) {
        machine.kafkaGoes();
      }
      underLoad(collector, moment, journal, random);
    }
    collector.close();
    load.sendTo(null);
    killed.merge(moment, 1, Integer::sum);
    out.printf(
        "  killed %s after %d ms, Kafka %s, %d answers%n",
        moment,
        collector.age().toMillis(),
        machine.hasKafka() ? "there" : "away",
        journal.answers() - before);
  }

  private void outage(Machine machine, Load load, Journal journal) throws Exception {
    machine.kafkaGoes();
    int before = journal.answers();
    CustodyProcess collector = machine.startCollector();
    load.sendTo(collector.ready("http"));
    TimeUnit.SECONDS.sleep(away.toSeconds());
    collector.close();
    load.sendTo(null);
    out.printf(
        "  killed after %d s without Kafka, %d answers%n",
        away.toSeconds(), journal.answers() - before);
  }

  private static void underLoad(
      CustodyProcess collector, Moment moment, Journal journal, SplittableRandom random)
      throws IOException, InterruptedException {
    if (moment == Moment.ANSWERED) {
      afterAnswers(collector, journal, random.nextInt(1, MOST_ANSWERS));
      return;
    }
    TimeUnit.MILLISECONDS.sleep(random.nextLong(LONGEST_RUN_MILLIS));
    if (moment == Moment.STOPPING) {
      collector.askToStop();
      TimeUnit.MILLISECONDS.sleep(random.nextLong(600));
    }
  }

  /** The thread that gets the last of the answers kills, before it does anything else. */
  private static void afterAnswers(CustodyProcess collector, Journal journal, int answers)
      throws IOException, InterruptedException {
    AtomicInteger left = new AtomicInteger(answers);
    CountDownLatch dead = new CountDownLatch(1);
    journal.onAnswer(() -> {
      if (left.decrementAndGet() == 0) {
        collector.close();
        dead.countDown();
      }
    });
    try {
      if (!dead.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS) && journal.answers() == 0) {
        throw new AssertionError(
            "no answer within %s; standard error:%n%s".formatted(PATIENCE, collector.err()));
      }
    } finally {
      journal.onAnswer(() -> {});
    }
  }

  static void delete(Path tree) throws IOException {
    List<Path> paths;
    try (Stream<Path> all = Files.walk(tree)) {
      paths = all.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : paths) {
      Files.delete(path);
    }
  }
}
