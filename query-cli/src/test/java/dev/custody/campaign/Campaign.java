package dev.custody.campaign;

import dev.custody.campaign.Tally.Kind;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Applies operators to clean logs, each drawn by its weight, and asks the verifier. Each mutation
 * depends on the seed and on its own number only, so one of them can be made again alone, and the
 * threads that share the work change nothing.
 */
final class Campaign {
  /**
   * Mutations that one thread does in one go, and that are done once more after an interruption.
   */
  static final int SHARD = 500;

  /** No verification of logs this small takes this long, however busy the machine is. */
  private static final long LIMIT_SECONDS = 120;

  private static final int TRIES = 2_000;

  private final long seed;
  private final List<Operator> operators;
  private final Worlds worlds;
  private final int[] wheel;
  private final Map<Long, Running> running = new ConcurrentHashMap<>();

  private record Running(String operator, long number, long since) {}

  Campaign(long seed, List<Operator> operators, Worlds worlds) {
    this.seed = seed;
    this.operators = List.copyOf(operators);
    this.worlds = worlds;
    this.wheel =
        java.util.stream.IntStream.range(0, operators.size())
            .flatMap(
                i -> java.util.stream.IntStream.range(0, operators.get(i).weight()).map(_ -> i))
            .toArray();
  }

  /** Does what {@code progress} does not hold yet of so many mutations. */
  Tally run(long mutations, CampaignState state) throws IOException, InterruptedException {
    ExecutorService pool =
        Executors.newFixedThreadPool(
            Runtime.getRuntime().availableProcessors(),
            work -> {
              Thread thread = new Thread(work, "campaign");
              thread.setDaemon(true);
              return thread;
            });
    try {
      ExecutorCompletionService<Shard> shards = new ExecutorCompletionService<>(pool);
      int outstanding = 0;
      for (long first = 0; first < mutations; first += SHARD) {
        if (!state.holds(first)) {
          long from = first;
          long to = Math.min(mutations, first + SHARD);
          shards.submit(() -> new Shard(from, shard(from, to)));
          outstanding++;
        }
      }
      while (outstanding > 0) {
        Shard done = await(shards);
        state.add(done.first(), done.tally());
        outstanding--;
      }
      return state.tally();
    } finally {
      pool.shutdownNow();
    }
  }

  private record Shard(long first, Tally tally) {}

  private Shard await(ExecutorCompletionService<Shard> shards) throws InterruptedException {
    while (true) {
      Future<Shard> next = shards.poll(1, TimeUnit.SECONDS);
      if (next != null) {
        try {
          return next.get();
        } catch (ExecutionException e) {
          throw new IllegalStateException("the campaign itself failed, seed " + seed, e);
        }
      }
      long now = System.nanoTime();
      for (Running one : running.values()) {
        if (now - one.since() > TimeUnit.SECONDS.toNanos(LIMIT_SECONDS)) {
          throw new AssertionError(
              "hang: '%s' took more than %d s, -Dcustody.seed=%d, mutation %d"
                  .formatted(one.operator(), LIMIT_SECONDS, seed, one.number()));
        }
      }
    }
  }

  private Tally shard(long from, long to) throws Exception {
    Tally tally = new Tally();
    for (long number = from; number < to; number++) {
      SplittableRandom random = random(number);
      one(operators.get(wheel[random.nextInt(wheel.length)]), number, random, tally);
    }
    return tally;
  }

  private SplittableRandom random(long number) {
    // Far apart on the generator's cycle, whatever the seed.
    return new SplittableRandom(
        new SplittableRandom(seed ^ (number * 0x9E3779B97F4A7C15L)).nextLong());
  }

  /** Applies one operator so many times. */
  Tally only(Operator operator, int times) throws Exception {
    Tally tally = new Tally();
    for (int number = 0; number < times; number++) {
      one(operator, number, random(number), tally);
    }
    return tally;
  }

  private void one(Operator operator, long number, SplittableRandom random, Tally tally)
      throws Exception {
    Mutation mutation = null;
    for (int i = 0; i < TRIES && mutation == null; i++) {
      mutation = operator.maker().make(worlds, random);
    }
    if (mutation == null) {
      throw new IllegalStateException("nothing to apply '%s' to".formatted(operator.name()));
    }
    if (mutation.noOp()) {
      tally.add(new Kind(operator.name(), Outcome.NO_OP, ""), 1);
      return;
    }
    long thread = Thread.currentThread().threadId();
    running.put(thread, new Running(operator.name(), number, System.nanoTime()));
    judge(operator, mutation, number, tally);
    running.remove(thread);
  }

  private void judge(Operator operator, Mutation mutation, long number, Tally tally) {
    String where =
        "'%s', -Dcustody.seed=%d, mutation %d, %s: expected %s, found "
            .formatted(operator.name(), seed, number, mutation.what(), mutation.expected());
    try {
      Judgement judgement = mutation.verification().call();
      String verdict = judgement.first().map(Finding::name).orElse("nothing");
      tally.add(
          new Kind(operator.name(), mutation.expected().against(judgement), verdict),
          where + judgement.findings());
    } catch (Exception | StackOverflowError | OutOfMemoryError e) {
      tally.add(new Kind(operator.name(), Outcome.CRASH, e.getClass().getSimpleName()), where + e);
    }
  }
}
