package dev.custody.cli;

import dev.custody.local.AllInOne;
import dev.custody.local.CollectorClient;
import dev.custody.local.RunningMark;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Has something written by the collector of a data directory: the one that runs, or one that is
 * started for the purpose.
 */
final class Writing {
  private Writing() {}

  /** What is to be done with a collector. */
  @FunctionalInterface
  interface Work {
    int with(CollectorClient collector) throws IOException, InterruptedException;
  }

  static int run(Path data, RunOptions run, Work work) {
    Optional<RunningMark> running = RunningMark.read(data);
    try {
      if (running.isPresent()) {
        return work(running.get().http(), data, work);
      }
      System.err.println("nothing runs on " + data + ": starting it for this command");
      AllInOne.Config config =
          AllInOne.Config.onAnyPort(data, run.partitions(), run.trustDomain(), run.rules());
      try (AllInOne all = run.starting(() -> AllInOne.start(config, run.protection(data)))) {
        int exit = work(all.http(), data, work);
        if (!all.awaitIndexed(java.time.Duration.ofMinutes(5))) {
          System.err.println("not everything is indexed yet; the next custody up goes on with it");
        }
        return exit;
      }
    } catch (dev.custody.access.TokenException e) {
      throw RunOptions.hinted(String.valueOf(e.getMessage()), "docs/operations.md", e);
    } catch (IOException | dev.custody.capture.CaptureException e) {
      throw RunOptions.hinted(
          String.valueOf(e.getMessage()), "is custody up still running? try again", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CouldNotRunException(
          "interrupted", "what was written stays; run it again to go on", e);
    }
  }

  private static int work(String http, Path data, Work work)
      throws IOException, InterruptedException {
    try (CollectorClient client = CollectorClient.of(http, data)) {
      return work.with(client);
    }
  }
}
