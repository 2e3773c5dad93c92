package dev.custody.collector;

import dev.custody.capture.CaptureException;
import dev.custody.capture.Recorder.Receipt;
import dev.custody.chain.Seal;
import dev.custody.chain.Sealer;
import dev.custody.spool.SourceKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What callers wait for, in the order in which they came. */
final class CallQueue {
  private static final int COMMIT_EVENTS = 16 * Seal.MAX_SIZE;
  private static final int COMMIT_BYTES = 8 << 20;

  // Guarded by itself: nothing is put behind the call that stops.
  private final BlockingQueue<Call> queue = new LinkedBlockingQueue<>();
  private boolean stopping;

  /** An event on its way: as it will be hashed, and by what a repeat of it is known. */
  record Pending(Sealer.Encoded event, Instant observedAt, @Nullable SourceKey source) {
    int size() {
      return event.bytes().size();
    }
  }

  /** What one caller waits for: that events are durable, or the chain is ended or rotated. */
  record Call(
      List<Pending> events,
      boolean stop,
      @Nullable CollectorKey key,
      CompletableFuture<Receipt> answer) {
    /** Whether it is done by itself, after everything before it. */
    boolean special() {
      return stop || key != null;
    }

    long bytes() {
      return events.stream().mapToLong(Pending::size).sum();
    }
  }

  CompletableFuture<Receipt> add(List<Pending> events, boolean stop, @Nullable CollectorKey key)
      throws CaptureException {
    Call call = new Call(events, stop, key, new CompletableFuture<>());
    synchronized (queue) {
      if (stopping) {
        throw new CaptureException("the collector is stopping; nothing more is recorded");
      }
      stopping = stop;
      queue.add(call);
    }
    return call.answer();
  }

  /**
   * Takes what is there into {@code calls}: none behind one that is done by itself, and none at all
   * only when there is none for as long as {@code atMost}.
   *
   * @param atMost null to wait for as long as it takes
   * @return whether the last of them is the one that stops
   */
  boolean take(List<Call> calls, @Nullable Duration atMost) throws InterruptedException {
    Call call = atMost == null ? queue.take() : queue.poll(atMost.toNanos(), TimeUnit.NANOSECONDS);
    int events = 0;
    long bytes = 0;
    while (call != null) {
      calls.add(call);
      events += call.events().size();
      bytes += call.bytes();
      if (call.special()) {
        return call.stop();
      }
      call = events < COMMIT_EVENTS && bytes < COMMIT_BYTES ? queue.poll() : null;
    }
    return false;
  }
}
