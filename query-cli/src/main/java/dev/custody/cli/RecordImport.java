package dev.custody.cli;

import dev.custody.local.CollectorClient;
import dev.custody.local.RecordDelivery;
import dev.custody.source.records.RecordFiles;
import dev.custody.source.records.RecordShape;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;

/** Reads files of an audit log once, and hands their records to a collector. */
final class RecordImport {
  private final CollectorClient collector;
  private final RecordShape shape;
  private final InputStream in;
  private final PrintStream out;
  private final PrintStream err;

  RecordImport(
      CollectorClient collector,
      RecordShape shape,
      InputStream in,
      PrintStream out,
      PrintStream err) {
    this.collector = collector;
    this.shape = shape;
    this.in = in;
    this.out = out;
    this.err = err;
  }

  /** Imports {@code paths}; the exit code says whether all of it was understood. */
  int run(List<Path> paths) throws IOException, InterruptedException {
    try (RecordDelivery delivery =
        new RecordDelivery(collector, shape, RecordDelivery.Patience.ONCE, this::report)) {
      RecordFiles.Totals totals = deliver(paths, delivery);
      RecordDelivery.Counts counts = delivery.counts();
      long refused = totals.problems() + counts.refused();
      out.printf(
          "imported %d files: %d records read, %d events recorded, %d known already, %d refused%n",
          totals.files(), totals.read(), counts.recorded(), counts.repeated(), refused);
      out.flush();
      return refused > 0 ? ExitCode.NOTHING_FOUND : ExitCode.FOUND;
    } catch (StoppedException e) {
      throw e.rethrown();
    }
  }

  private RecordFiles.Totals deliver(List<Path> paths, RecordDelivery delivery)
      throws IOException, InterruptedException {
    try (ProgressDisplay progress = new ProgressDisplay("importing", " MiB", 1 << 20, true)) {
      RecordFiles.Totals totals =
          RecordFiles.read(
              shape,
              paths,
              in,
              new Deliver(delivery),
              (bytes, total) -> progress.at(bytes, total.orElse(-1)));
      delivery.flush();
      return totals;
    }
  }

  private void report(RecordFiles.Problem problem) {
    err.println("custody: " + Terminal.clean(problem.toString()));
  }

  private final class Deliver implements RecordFiles.Sink {
    private final RecordDelivery delivery;

    Deliver(RecordDelivery delivery) {
      this.delivery = delivery;
    }

    @Override
    public void record(RecordFiles.Item item) {
      StoppedException.unless(() -> delivery.add(item));
    }

    @Override
    public void problem(RecordFiles.Problem problem) {
      report(problem);
    }
  }
}
