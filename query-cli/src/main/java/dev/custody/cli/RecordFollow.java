package dev.custody.cli;

import dev.custody.local.CollectorClient;
import dev.custody.local.RecordDelivery;
import dev.custody.source.records.FileFollower;
import dev.custody.source.records.FollowPositions;
import dev.custody.source.records.RecordFiles;
import dev.custody.source.records.RecordShape;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Follows files and directories of an audit log until the process is told to stop. */
final class RecordFollow {
  private static final Duration PAUSE = Duration.ofMillis(500);
  private static final Duration FAREWELL = Duration.ofSeconds(10);

  private final CollectorClient collector;
  private final RecordShape shape;
  private final Path positions;
  private final PrintStream out;
  private final PrintStream err;
  private final CountDownLatch stop = new CountDownLatch(1);
  private final CountDownLatch stopped = new CountDownLatch(1);
  private long read;
  private long problems;

  /** Follows logs of {@code shape}; how far is remembered below {@code data}. */
  RecordFollow(
      CollectorClient collector, RecordShape shape, Path data, PrintStream out, PrintStream err) {
    this.collector = collector;
    this.shape = shape;
    this.positions = data.resolve("import").resolve(shape.log() + ".positions");
    this.out = out;
    this.err = err;
  }

  /** Follows {@code paths}; the exit code says whether all of it was understood. */
  int run(List<Path> paths) throws IOException, InterruptedException {
    // Told to stop, what was read is delivered first.
    Thread last = new Thread(this::stopAndWait, "custody-follow-stop");
    Runtime.getRuntime().addShutdownHook(last);
    try (FollowPositions remembered = FollowPositions.open(positions);
        RecordDelivery delivery =
            new RecordDelivery(collector, shape, RecordDelivery.Patience.FOR_EVER, this::refused);
        FileFollower follower =
            new FileFollower(
                shape, paths, remembered, new Deliver(delivery), InstantSource.system())) {
      err.println("following; Ctrl-C ends it");
      while (stop.getCount() > 0) {
        if (!follower.poll()) {
          var _ = stop.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
        }
      }
      RecordDelivery.Counts counts = delivery.counts();
      out.printf(
          "followed: %d records read, %d events recorded, %d known already, %d refused%n",
          read, counts.recorded(), counts.repeated(), problems);
      out.flush();
      return problems > 0 ? ExitCode.NOTHING_FOUND : ExitCode.FOUND;
    } catch (StoppedException e) {
      throw e.rethrown();
    } finally {
      stopped.countDown();
    }
  }

  private void stopAndWait() {
    stop.countDown();
    try {
      var _ = stopped.await(FAREWELL.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void refused(RecordFiles.Problem problem) {
    problems++;
    err.println("custody: " + Terminal.clean(problem.toString()));
  }

  private final class Deliver implements FileFollower.Sink {
    private final RecordDelivery delivery;

    Deliver(RecordDelivery delivery) {
      this.delivery = delivery;
    }

    @Override
    public void record(RecordFiles.Item item) {
      read++;
      StoppedException.unless(() -> delivery.add(item));
    }

    @Override
    public void problem(RecordFiles.Problem problem) {
      refused(problem);
    }

    @Override
    public void delivered() {
      StoppedException.unless(delivery::flush);
    }
  }
}
