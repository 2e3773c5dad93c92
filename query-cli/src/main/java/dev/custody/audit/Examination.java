package dev.custody.audit;

import dev.custody.admission.Examiner;
import dev.custody.admission.Examiner.Examined;
import dev.custody.audit.RecordSource.Stored;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Has the records of one partition examined, by threads that have nothing else to do and else by
 * the one that reads, and hands them to the partition in their order.
 */
final class Examination implements RecordSource.Sink {
  private static final int CHUNK = 256;
  private static final int CHUNKS_AHEAD = 8;

  private final PartitionAudit audit;
  private final Workers workers;
  private final @Nullable Examiner own;
  private final Queue<FutureTask<List<Examined>>> tasks = new ArrayDeque<>();
  private final Queue<List<Stored>> chunks = new ArrayDeque<>();
  private List<Stored> chunk = new ArrayList<>(CHUNK);

  /**
   * Threads that several partitions share.
   *
   * @param idle a permit for each thread that may run
   * @param pool runs what a permit was taken for
   * @param examiners those that nobody uses
   */
  record Workers(Semaphore idle, Executor pool, Queue<Examiner> examiners) {
    Workers(int threads, Executor pool) {
      this(new Semaphore(threads), pool, new ConcurrentLinkedQueue<>());
    }

    /** Runs {@code task} beside, when a thread is idle. */
    void offer(Runnable task) {
      if (idle.tryAcquire()) {
        pool.execute(() -> {
          try {
            task.run();
          } finally {
            idle.release();
          }
        });
      }
    }

    private List<Examined> examine(List<Stored> records) {
      Examiner free = examiners.poll();
      Examiner examiner = free == null ? Examiner.inBulk() : free;
      List<Examined> examined = new ArrayList<>(records.size());
      for (Stored record : records) {
        examined.add(examiner.examine(record.raw()));
      }
      examiners.add(examiner);
      return examined;
    }
  }

  /**
   * Feeds {@code audit}.
   *
   * @param alone whether there is but one thread
   */
  Examination(PartitionAudit audit, Workers workers, boolean alone) {
    this.audit = audit;
    this.workers = workers;
    this.own = alone ? Examiner.inBulk() : null;
  }

  @Override
  public void record(Stored record) throws IOException {
    if (own != null) {
      // Nobody could help: it is still warm in the cache.
      audit.take(record, own.examine(record.raw()));
      return;
    }
    chunk.add(record);
    if (chunk.size() == CHUNK) {
      submit();
    }
  }

  @Override
  public void failure(Failure failure) {
    audit.storageFailure(failure);
  }

  private void submit() throws IOException {
    List<Stored> records = chunk;
    FutureTask<List<Examined>> task = new FutureTask<>(() -> workers.examine(records));
    chunks.add(records);
    tasks.add(task);
    chunk = new ArrayList<>(CHUNK);
    workers.offer(task);
    if (tasks.size() >= CHUNKS_AHEAD) {
      takeFirst();
    }
  }

  /** Waits until everything that came was examined and taken. */
  void finish() throws IOException {
    submit();
    while (!tasks.isEmpty()) {
      takeFirst();
    }
  }

  private void takeFirst() throws IOException {
    FutureTask<List<Examined>> task = tasks.remove();
    List<Stored> records = chunks.remove();
    // Does nothing when another thread has begun it.
    task.run();
    List<Examined> examined = result(task);
    for (int i = 0; i < records.size(); i++) {
      audit.take(records.get(i), examined.get(i));
    }
  }

  private static <T> T result(FutureTask<T> task) throws IOException {
    try {
      return task.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("examination failed", e.getCause());
    }
  }
}
