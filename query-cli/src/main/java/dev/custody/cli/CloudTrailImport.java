package dev.custody.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.custody.local.CollectorClient;
import dev.custody.source.cloudtrail.CloudTrailFiles;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import org.jspecify.annotations.Nullable;

/** Reads CloudTrail files and hands their records to a collector, a few hundred at a time. */
final class CloudTrailImport {
  private static final int BATCH_RECORDS = 500;
  private static final int BATCH_BYTES = 4 << 20;

  private final CollectorClient collector;
  private final PrintStream err;
  private final ByteArrayOutputStream batch = new ByteArrayOutputStream();
  private final List<CloudTrailFiles.Item> items = new ArrayList<>();
  private long recorded;
  private long repeated;
  private long refused;
  private @Nullable InterruptedException interrupted;

  CloudTrailImport(CollectorClient collector, PrintStream err) {
    this.collector = collector;
    this.err = err;
  }

  /** Imports {@code paths}; the exit code says whether all of it was understood. */
  int run(List<Path> paths) throws IOException, InterruptedException {
    CloudTrailFiles.Totals totals;
    try (ProgressBar bar = progressBar()) {
      totals =
          CloudTrailFiles.read(
              paths, System.in, new Batches(), (bytes, total) -> show(bar, bytes, total));
      deliver();
    } catch (UncheckedIOException e) {
      throw e.getCause() == null ? new IOException(e) : e.getCause();
    }
    if (interrupted != null) {
      throw interrupted;
    }
    long problems = totals.problems() + refused;
    System.out.printf(
        "imported %d files: %d records read, %d events recorded, %d known already, %d refused%n",
        totals.files(), totals.read(), recorded, repeated, problems);
    System.out.flush();
    return problems > 0 ? ExitCode.NOTHING_FOUND : ExitCode.FOUND;
  }

  // It is null in Java 25 again, where no terminal is.
  @SuppressWarnings("SystemConsoleNull")
  private static @Nullable ProgressBar progressBar() {
    return System.console() == null || !System.console().isTerminal()
        ? null
        : new ProgressBarBuilder()
            .setTaskName("import")
            .setUnit(" MiB", 1 << 20)
            .showSpeed()
            .setUpdateIntervalMillis(500)
            .build();
  }

  private static void show(@Nullable ProgressBar bar, long bytes, OptionalLong total) {
    if (bar != null) {
      total.ifPresent(bar::maxHint);
      bar.stepTo(bytes);
    }
  }

  private final class Batches implements CloudTrailFiles.Sink {
    @Override
    public void record(CloudTrailFiles.Item item) {
      byte[] line = item.record().toString().getBytes(StandardCharsets.UTF_8);
      if (items.size() >= BATCH_RECORDS || batch.size() + line.length > BATCH_BYTES) {
        deliver();
      }
      items.add(item);
      batch.writeBytes(line);
      batch.write('\n');
    }

    @Override
    public void problem(CloudTrailFiles.Problem problem) {
      err.println("custody: " + Terminal.clean(problem.toString()));
    }
  }

  private void deliver() {
    if (items.isEmpty() || interrupted != null) {
      return;
    }
    try {
      JsonNode answer = collector.cloudTrail(batch.toByteArray());
      recorded += answer.path("recorded").asLong();
      repeated += answer.path("repeated").asLong();
      for (JsonNode refusal : answer.path("refused")) {
        CloudTrailFiles.Item item =
            items.get(Math.clamp(refusal.path("line").asLong() - 1, 0, items.size() - 1));
        refused++;
        err.println(
            "custody: %s: record %d: %s"
                .formatted(
                    Terminal.clean(item.file().toString()),
                    item.index(),
                    Terminal.clean(refusal.path("reason").asText())));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      interrupted = e;
    }
    items.clear();
    batch.reset();
  }
}
