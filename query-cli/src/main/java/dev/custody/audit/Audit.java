package dev.custody.audit;

import dev.custody.admission.TrustedRoots;
import dev.custody.audit.Examination.Workers;
import dev.custody.audit.PartitionAudit.Failures;
import dev.custody.audit.PartitionAudit.Old;
import dev.custody.digest.ChainId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Verifies every record of a source, every chain, and how the chains follow each other. One audit
 * reads one source, once.
 *
 * <p>A chain is intact when each of its records verifies and continues the one before, nothing is
 * missing between its genesis and its newest record, all of it lies in the partition of its key,
 * nothing follows its orderly end, and its one successor names the very end that is stored. That
 * the newest records of a chain without a successor were cut off cannot be seen here: only somebody
 * who kept a checkpoint sees that.
 *
 * <p>What is stored while an audit reads may be torn between two partitions: a successor that is
 * there already, its predecessor's end not yet. So where something is missing at the end, what was
 * stored meanwhile is read too, once.
 *
 * <p>Partitions are verified side by side. What a partition's records are found to be depends on
 * that partition alone, so the report is the same whatever the threads do.
 */
public final class Audit {
  private static final long TICK_MILLIS = 100;

  private final TrustedRoots roots;
  private final AuditOptions options;
  private final List<PartitionAudit> partitions = new ArrayList<>();

  /** Trusts {@code roots} and nothing else. */
  public Audit(TrustedRoots roots) {
    this(roots, AuditOptions.DEFAULT);
  }

  /** Trusts {@code roots} and nothing else, and goes about it as {@code options} say. */
  public Audit(TrustedRoots roots, AuditOptions options) {
    this.roots = roots;
    this.options = options;
  }

  /**
   * Verifies everything in {@code source}.
   *
   * @param progress called now and then while it reads, always by the same thread
   * @throws IOException when the source cannot be read
   */
  public AuditReport run(RecordSource source, Runnable progress) throws IOException {
    try {
      return audit(source, progress);
    } finally {
      for (PartitionAudit partition : partitions) {
        partition.close();
      }
    }
  }

  private AuditReport audit(RecordSource source, Runnable progress) throws IOException {
    readAll(source, progress);
    if (somethingIsMissing()) {
      settle();
      readAll(source, progress);
    }
    lookUp(source, progress);
    Map<ChainId, ChainAudit> chains = chains();
    chains.values().forEach(ChainAudit::end);
    new Successors(chains).check();
    return report(chains);
  }

  // --- reading

  private void readAll(RecordSource source, Runnable progress) throws IOException {
    int count = source.begin();
    while (partitions.size() < count) {
      partitions.add(new PartitionAudit(roots, options, partitions.size(), count));
    }
    Map<Integer, PartitionAudit> all = new LinkedHashMap<>();
    partitions.forEach(partition -> all.put(all.size(), partition));
    read(source, all, progress);
  }

  private void read(RecordSource source, Map<Integer, PartitionAudit> audits, Runnable progress)
      throws IOException {
    ExecutorService pool = Executors.newCachedThreadPool(Audit::thread);
    Workers workers = new Workers(options.threads(), pool);
    try {
      List<Future<?>> reads = new ArrayList<>();
      audits.forEach((number, audit) ->
          reads.add(
              pool.submit(() -> {
                read(source, number, audit, workers);
                return null;
              })));
      for (Future<?> read : reads) {
        await(read, progress);
      }
    } finally {
      pool.shutdownNow();
    }
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "audit");
    thread.setDaemon(true);
    return thread;
  }

  private void read(RecordSource source, int number, PartitionAudit audit, Workers workers)
      throws IOException, InterruptedException {
    workers.idle().acquire();
    try {
      Examination examination = new Examination(audit, workers, options.threads() == 1);
      source.read(number, examination);
      examination.finish();
    } finally {
      workers.idle().release();
    }
  }

  private static void await(Future<?> read, Runnable progress) throws IOException {
    while (true) {
      try {
        read.get(TICK_MILLIS, TimeUnit.MILLISECONDS);
        progress.run();
        return;
      } catch (TimeoutException e) {
        progress.run();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted", e);
      } catch (ExecutionException e) {
        if (e.getCause() instanceof IOException cause) {
          throw new IOException(cause.getMessage(), cause);
        }
        throw new IllegalStateException("the audit failed", e.getCause());
      }
    }
  }

  private boolean somethingIsMissing() {
    return partitions.stream().anyMatch(PartitionAudit::hasOpenGaps)
        || new Successors(chains()).lack();
  }

  private void settle() throws IOException {
    try {
      Thread.sleep(options.settled());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  /** Says of every record that was too old to compare what it is. */
  private void lookUp(RecordSource source, Runnable progress) throws IOException {
    List<Old> stale = partitions.stream().flatMap(p -> p.stale().stream()).toList();
    if (stale.isEmpty()) {
      return;
    }
    StaleLookup lookup = new StaleLookup(stale);
    try (RecordSource again = source.again()) {
      int count = again.begin();
      Map<Integer, PartitionAudit> audits = new LinkedHashMap<>();
      for (int i = 0; i < Math.min(count, partitions.size()); i++) {
        if (!partitions.get(i).stale().isEmpty()) {
          audits.put(i, new PartitionAudit(roots, options.admitted(lookup), i, count));
        }
      }
      read(again, audits, progress);
      for (PartitionAudit audit : audits.values()) {
        audit.close();
      }
    }
    stale.forEach(old -> old.chain().fail(lookup.resolve(old)));
  }

  // --- reporting

  /** Every chain once, as it is in its own partition, or where it was first found. */
  private Map<ChainId, ChainAudit> chains() {
    Map<ChainId, ChainAudit> chains = new LinkedHashMap<>();
    for (PartitionAudit partition : partitions) {
      partition
          .chains()
          .forEach((id, chain) -> chains.merge(id, chain, (a, b) -> b.isAtHome() ? b : a));
    }
    return chains;
  }

  private AuditReport report(Map<ChainId, ChainAudit> chains) {
    List<Failure> failures = new ArrayList<>();
    long omitted = 0;
    for (PartitionAudit partition : partitions) {
      Failures of = partition.failures();
      failures.addAll(of.listed);
      omitted += of.omitted;
    }
    failures.sort(
        Comparator.comparingInt((Failure f) -> f.where().place().partition())
            .thenComparingLong(f -> f.where().place().offset())
            .thenComparing(f -> f.where().chain() != null));
    return new AuditReport(
        chains.values().stream().map(c -> c.report(failed(c.id()))).toList(),
        failures,
        omitted,
        partitions.stream().mapToLong(PartitionAudit::records).sum(),
        partitions.stream().mapToLong(PartitionAudit::repeats).sum());
  }

  private long failed(ChainId id) {
    long failed = 0;
    for (PartitionAudit partition : partitions) {
      ChainAudit chain = partition.chains().get(id);
      failed += chain == null ? 0 : chain.failed();
    }
    return failed;
  }
}
