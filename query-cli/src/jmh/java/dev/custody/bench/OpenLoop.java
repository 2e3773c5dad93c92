package dev.custody.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Arrivals on a fixed schedule, whether those before them were done or not: what one arrival has to
 * wait because another one took long is part of its own time (no coordinated omission).
 */
final class OpenLoop {
  private static final long SPIN_NANOS = 200_000;

  private final int rate;
  private final int count;

  /** {@code rate} arrivals a second, so many of them. */
  OpenLoop(int rate, int count) {
    this.rate = rate;
    this.count = count;
  }

  /** What one arrival does. */
  @FunctionalInterface
  interface Arrival {
    void run(int number) throws Exception;
  }

  long dueNanos(int number) {
    return number * 1_000_000_000L / rate;
  }

  /** Has each arrival done by a thread of its own. */
  Latencies run(Arrival arrival) throws Exception {
    Latencies latencies = new Latencies(count);
    List<Thread> threads = new ArrayList<>(count);
    List<Exception> failures = java.util.Collections.synchronizedList(new ArrayList<>());
    long begin = System.nanoTime();
    for (int i = 0; i < count; i++) {
      int number = i;
      long due = begin + dueNanos(i);
      waitUntil(due);
      threads.add(
          Thread.startVirtualThread(() -> {
            try {
              arrival.run(number);
            } catch (Exception e) {
              failures.add(e);
            }
            latencies.took(number, System.nanoTime() - due);
          }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    if (!failures.isEmpty()) {
      throw new IllegalStateException(failures.size() + " arrivals failed", failures.getFirst());
    }
    return latencies;
  }

  static void waitUntil(long due) {
    for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
      if (left > SPIN_NANOS) {
        LockSupport.parkNanos(left - SPIN_NANOS);
      } else {
        Thread.onSpinWait();
      }
    }
  }
}
