package dev.custody.publish;

import dev.custody.admission.ChainVerifier;
import dev.custody.spool.Spool;
import dev.custody.spool.SpoolException;
import dev.custody.spool.Spooled;
import dev.custody.topic.Topic;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends what is in the spool, oldest first, and trims it when it is safe elsewhere.
 *
 * <p>One thread does all of it. While there is no Kafka it tries again, at most every {@link
 * #MAX_BACK_OFF}; capture goes on meanwhile.
 *
 * <p>After a failure, or a crash, everything that is not trimmed is sent again, and admission drops
 * the repeats. It remembers the newest {@link ChainVerifier#LINKS_KEPT} links of a chain. Up to
 * that many envelopes are sent beyond the trim without more ado. Where more are to be sent, because
 * each stays for {@value #HOLD_MILLIS} ms after its acknowledgement, it is noted durably first how
 * far; and whoever goes on from such a note reads back what the log holds, and sends what it lacks.
 * So at no time more than {@code LINKS_KEPT} envelopes may be in the log without this publisher's
 * successor knowing of it.
 */
public final class Publisher implements AutoCloseable {
  /** How long an acknowledged envelope stays: its broker has forced it to disk by then. */
  public static final int HOLD_MILLIS = 2 * Topic.FLUSH_MILLIS;

  static final int MAX_BYTES_UNDER_WAY = 8 << 20;
  static final Duration MAX_BACK_OFF = Duration.ofSeconds(5);
  private static final Duration MIN_BACK_OFF = Duration.ofMillis(100);
  private static final Duration SILENCE = Duration.ofSeconds(10);

  // A trim is one synced write: many envelopes share it.
  private static final int TRIM_AT_ONCE = 1024;
  private static final Duration TRIM_AT_LEAST = Duration.ofSeconds(1);
  private static final Duration TRIM_AT_MOST = Duration.ofMillis(100);
  private static final int READ_AT_ONCE = 256;

  /** How much further a note lets be sent: one synced write for so many envelopes. */
  private static final int NOTED_AHEAD = 16_384;

  private static final int MOST_HELD = 1 << 17;
  private static final String SENT_NOTE = "publisher/sent";

  private static final Logger LOG = LoggerFactory.getLogger(Publisher.class);

  private final Spool spool;
  private final Outlet.Opener opener;
  private final Thread thread;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition progress = lock.newCondition();

  private volatile boolean closed;
  // All positions before it were acknowledged at least once since start, or trimmed before.
  private volatile long acknowledged;
  private volatile @Nullable String problem = "not connected yet";
  private volatile long oldestObservedAtMillis;

  private Publisher(Spool spool, Outlet.Opener opener) {
    this.spool = spool;
    this.opener = opener;
    this.acknowledged = spool.trimmed();
    this.thread = Thread.ofPlatform().name("custody-publisher").daemon().unstarted(this::run);
  }

  /** Publishes {@code spool} through the outlets of {@code opener} until it is closed. */
  public static Publisher start(Spool spool, Outlet.Opener opener) {
    Publisher publisher = new Publisher(spool, opener);
    publisher.thread.start();
    return publisher;
  }

  /** There is something new in the spool. */
  public void wake() {
    LockSupport.unpark(thread);
  }

  /** How many envelopes have not been acknowledged. */
  public long unpublished() {
    return Math.max(0, spool.end() - acknowledged);
  }

  /** Why nothing is being published, or null when all is well. */
  public @Nullable String problem() {
    return problem;
  }

  /**
   * Kafka timestamp of the oldest envelope that was sent and not acknowledged, in milliseconds; 0
   * when there is none.
   */
  public long oldestUnderWayMillis() {
    return oldestObservedAtMillis;
  }

  /** Waits until all that is recorded now is acknowledged; false when {@code atMost} is over. */
  public boolean awaitPublished(Duration atMost) throws InterruptedException {
    long target = spool.end();
    long left = atMost.toNanos();
    wake();
    lock.lock();
    try {
      while (acknowledged < target) {
        if (left <= 0) {
          return false;
        }
        left = progress.awaitNanos(left);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    Duration backOff = MIN_BACK_OFF;
    while (!closed) {
      long before = acknowledged;
      try (Outlet outlet = opener.open()) {
        new Sending(outlet).run();
      } catch (InterruptedException e) {
        // Only close() interrupts, and it has set the flag that ends the loop.
        LOG.debug("closing", e);
      } catch (OutletException | SpoolException | RuntimeException e) {
        backOff = acknowledged > before ? MIN_BACK_OFF : backOff;
        report(e.getClass().getSimpleName() + ": " + e.getMessage());
        pause(backOff);
        backOff = min(backOff.multipliedBy(2), MAX_BACK_OFF);
      }
    }
  }

  // New envelopes wake the thread, but shorten no pause.
  private void pause(Duration length) {
    long end = System.nanoTime() + length.toNanos();
    for (long left = length.toNanos(); left > 0 && !closed; left = end - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }

  private static Duration min(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }

  // One line an outage, not one an attempt.
  private void report(String found) {
    if (problem == null || "not connected yet".equals(problem)) {
      LOG.warn("publishing stopped, capture goes on, {} envelopes wait: {}", unpublished(), found);
    }
    problem = found;
  }

  private void acknowledge(long position) {
    if (problem != null) {
      LOG.info("Kafka acknowledges; {} envelopes wait", spool.end() - position);
      problem = null;
    }
    if (position > acknowledged) {
      lock.lock();
      try {
        acknowledged = position;
        progress.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    try {
      if (!thread.join(Duration.ofSeconds(10))) {
        LOG.warn("the publisher does not end; what it sends is still in the spool");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** What happens through one outlet; belongs to the publisher's thread but for the answers. */
  private final class Sending {
    private final Outlet outlet;
    // Oldest first: sent without an answer before, then acknowledged and not trimmed.
    private final Deque<UnderWay> waiting = new ArrayDeque<>();
    private final Deque<UnderWay> held = new ArrayDeque<>();
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
    private final Resumption resumed;
    private final long opened = System.nanoTime();
    // Nothing from here on was ever sent: durable before it is passed.
    private long sentLimit;
    private long next;
    private long bytesUnderWay;
    private long lastTrim = System.nanoTime();

    Sending(Outlet outlet) throws SpoolException, OutletException, InterruptedException {
      this.outlet = outlet;
      this.next = spool.trimmed();
      this.sentLimit = noted();
      long sent = Math.min(sentLimit, spool.end());
      if (sent - next <= ChainVerifier.LINKS_KEPT) {
        this.resumed = Resumption.from(next);
      } else {
        this.resumed = Resumption.read(spool, outlet, next, sent);
        LOG.info(
            "read back: of {} envelopes that may have been published, the first {} were",
            sent - next,
            resumed.firstLacking() - next);
      }
    }

    private long noted() throws SpoolException {
      byte[] note = spool.note(SENT_NOTE);
      return note == null ? 0 : ByteBuffer.wrap(note).getLong();
    }

    /** How many more may be sent. */
    private long sendable() throws SpoolException {
      long remembered =
          Math.max(spool.trimmed(), resumed.firstLacking()) + ChainVerifier.LINKS_KEPT;
      // What an earlier connection left under way may still arrive, and is to find its link known.
      boolean settled = System.nanoTime() - opened > TimeUnit.MILLISECONDS.toNanos(HOLD_MILLIS);
      if (next < remembered || !settled || held.size() > MOST_HELD) {
        return remembered - next;
      }
      if (next >= sentLimit) {
        long limit = next + NOTED_AHEAD;
        spool.putNote(SENT_NOTE, ByteBuffer.allocate(Long.BYTES).putLong(limit).array());
        sentLimit = limit;
      }
      return sentLimit - next;
    }

    void run() throws SpoolException, OutletException, InterruptedException {
      while (!closed) {
        throwFailure();
        takeAnswers();
        boolean trimmed = trim();
        boolean sent = send();
        if (!trimmed && !sent) {
          watchSilence();
          LockSupport.parkNanos(waitNanos());
          if (Thread.interrupted()) {
            throw new InterruptedException("closed");
          }
        }
      }
    }

    private void throwFailure() throws OutletException {
      Exception failed = failure.get();
      if (failed != null) {
        throw new OutletException(
            failed.getClass().getSimpleName() + ": " + failed.getMessage(), failed);
      }
    }

    private void takeAnswers() {
      UnderWay oldest = waiting.peekFirst();
      long before = held.size();
      while (oldest != null && oldest.answeredAt != 0) {
        bytesUnderWay -= oldest.bytes;
        held.addLast(waiting.removeFirst());
        oldest = waiting.peekFirst();
      }
      oldestObservedAtMillis = oldest == null ? 0 : oldest.observedAtMillis;
      if (held.size() > before) {
        acknowledge(held.getLast().position + 1);
      }
    }

    private boolean trim() throws SpoolException {
      long now = System.nanoTime();
      if (now - lastTrim < TRIM_AT_MOST.toNanos()) {
        return false;
      }
      int count = 0;
      for (UnderWay one : held) {
        if (now - one.answeredAt < TimeUnit.MILLISECONDS.toNanos(HOLD_MILLIS)) {
          break;
        }
        count++;
      }
      boolean due = count >= TRIM_AT_ONCE || now - lastTrim >= TRIM_AT_LEAST.toNanos();
      if (count == 0 || !due) {
        return false;
      }
      long last = 0;
      for (int i = 0; i < count; i++) {
        last = held.removeFirst().position;
      }
      spool.trim(last + 1);
      lastTrim = now;
      return true;
    }

    private boolean send() throws SpoolException, InterruptedException {
      int room = Math.min(READ_AT_ONCE, ChainVerifier.LINKS_KEPT - waiting.size());
      long bytes = MAX_BYTES_UNDER_WAY - bytesUnderWay;
      if (room <= 0 || bytes <= 0 || next >= spool.end()) {
        return false;
      }
      room = (int) Math.min(room, sendable());
      if (room <= 0) {
        return false;
      }
      for (Spooled envelope : spool.read(next, room, bytes)) {
        UnderWay one = new UnderWay(envelope);
        waiting.addLast(one);
        bytesUnderWay += one.bytes;
        next = one.position + 1;
        if (resumed.holds(one.position)) {
          arrived(one, null);
        } else {
          outlet.send(envelope, failed -> arrived(one, failed));
        }
        if (failure.get() != null) {
          break;
        }
      }
      return true;
    }

    private void arrived(UnderWay one, @Nullable Exception failed) {
      if (failed == null) {
        one.answeredAt = System.nanoTime() | 1;
      } else {
        failure.compareAndSet(null, failed);
      }
      wake();
    }

    private void watchSilence() {
      UnderWay oldest = waiting.peekFirst();
      if (oldest != null && System.nanoTime() - oldest.sentAt > SILENCE.toNanos()) {
        report("no acknowledgement for " + SILENCE.toSeconds() + " s");
      }
    }

    private long waitNanos() {
      if (waiting.isEmpty() && held.isEmpty()) {
        return TimeUnit.SECONDS.toNanos(10);
      }
      return TimeUnit.MILLISECONDS.toNanos(held.size() >= TRIM_AT_ONCE ? 20 : 250);
    }
  }

  /** An envelope that was sent and is still in the spool. */
  private static final class UnderWay {
    final long position;
    final int bytes;
    final long observedAtMillis;
    final long sentAt = System.nanoTime();
    volatile long answeredAt;

    UnderWay(Spooled envelope) {
      position = envelope.position();
      bytes = envelope.envelope().size();
      observedAtMillis = envelope.observedAtMillis();
    }
  }
}
