package dev.custody.mcp;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What waits to be recorded. Whoever puts something in never waits: beyond its bounds it is
 * counted, and the count is recorded as a gap as soon as there is room. One thread takes out.
 */
final class Outbox {
  /** Most that waits, in bytes. */
  static final long MOST_BYTES = 32 << 20;

  /** Most messages that wait. */
  static final int MOST_PASSAGES = 8192;

  /** Most that is taken out at once: with JSON around it, it fits into a request. */
  static final long MOST_TAKEN_BYTES = 3 << 20;

  static final int MOST_TAKEN = 128;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final ArrayDeque<Passage> waiting = new ArrayDeque<>();
  private final Chatter chatter = new Chatter();
  private long bytes;
  private long sequence;
  private long missedMessages;
  private long missedBytes;
  private boolean closed;

  /** What is not put in: without a number, its absence is no gap. */
  Chatter chatter() {
    return chatter;
  }

  /** Puts in what just passed. */
  void put(String from, byte @Nullable [] message, Map<String, Object> facts) {
    put(from, message, facts, null);
  }

  /** Puts in what waits for {@code ask}, which is settled at once where there is no room. */
  void put(String from, byte @Nullable [] message, Map<String, Object> facts, @Nullable Ask ask) {
    lock.lock();
    try {
      long size = Passage.SIZE + (message == null ? 0 : message.length);
      boolean room =
          bytes + Passage.SIZE + size <= MOST_BYTES && waiting.size() + 1 < MOST_PASSAGES;
      if (room && !closed) {
        noteGap();
        add(from, message, facts, ask);
        return;
      }
      sequence++;
      missed(from, message);
      if (ask != null) {
        ask.settle(Ask.Verdict.PASS);
      }
    } finally {
      lock.unlock();
    }
  }

  private void add(
      String from, byte @Nullable [] message, Map<String, Object> facts, @Nullable Ask ask) {
    Passage passage =
        new Passage(sequence++, from, System.currentTimeMillis(), message, facts, ask);
    waiting.add(passage);
    bytes += passage.size();
    changed.signalAll();
  }

  private void noteGap() {
    if (missedMessages > 0) {
      Map<String, Object> facts =
          Map.of("note", "gap", "messages", missedMessages, "bytes", missedBytes);
      missedMessages = 0;
      missedBytes = 0;
      add(Passage.WRAPPER, null, facts, null);
    }
  }

  private void missed(String from, byte @Nullable [] message) {
    if (!from.equals(Passage.WRAPPER)) {
      missedMessages++;
    }
    missedBytes += message == null ? 0 : message.length;
  }

  /**
   * The next ones in order, waiting for the first; of one that asks it is the last. Empty once the
   * box is closed and empty.
   */
  List<Passage> take() throws InterruptedException {
    lock.lock();
    try {
      while (waiting.isEmpty() && !closed) {
        changed.await();
      }
      if (waiting.isEmpty()) {
        noteGap();
      }
      List<Passage> taken = new ArrayList<>();
      long size = 0;
      while (!waiting.isEmpty() && taken.size() < MOST_TAKEN) {
        Passage next = waiting.getFirst();
        size += next.size();
        if (!taken.isEmpty() && size > MOST_TAKEN_BYTES) {
          break;
        }
        taken.add(waiting.removeFirst());
        bytes -= next.size();
        if (next.ask() != null) {
          break;
        }
      }
      return taken;
    } finally {
      lock.unlock();
    }
  }

  /** Puts back what could not be handed in, and lets pass whatever waits for an answer. */
  void putBack(List<Passage> taken) {
    lock.lock();
    try {
      for (Passage passage : taken.reversed()) {
        waiting.addFirst(passage.withoutAsk());
        bytes += passage.size();
      }
      for (Passage passage : taken) {
        pass(passage);
      }
      waiting.forEach(Outbox::pass);
    } finally {
      lock.unlock();
    }
  }

  private static void pass(Passage passage) {
    Ask ask = passage.ask();
    if (ask != null) {
      ask.settle(Ask.Verdict.PASS);
    }
  }

  /** Counts what the collector refused for good. */
  void refused(List<Passage> taken) {
    lock.lock();
    try {
      taken.forEach(passage -> missed(passage.from(), passage.bytes()));
      taken.forEach(Outbox::pass);
    } finally {
      lock.unlock();
    }
  }

  /** Waits until somebody asks, or the box is closed, or the time is over: then trying is due. */
  void awaitReason(long atMostMillis) throws InterruptedException {
    lock.lock();
    try {
      long left = TimeUnit.MILLISECONDS.toNanos(atMostMillis);
      while (left > 0 && !closed && waiting.stream().noneMatch(Outbox::asks)) {
        left = changed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  private static boolean asks(Passage passage) {
    Ask ask = passage.ask();
    return ask != null && !ask.isOver();
  }

  /** Nothing is put in any more. */
  void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** How many messages are not recorded as it stands. */
  long unrecorded() {
    lock.lock();
    try {
      return missedMessages
          + waiting.stream().filter(p -> !p.from().equals(Passage.WRAPPER)).count();
    } finally {
      lock.unlock();
    }
  }
}
