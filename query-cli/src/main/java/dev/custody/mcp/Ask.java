package dev.custody.mcp;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Whether a message may pass: settled once, and only as long as somebody waits. */
final class Ask {
  /**
   * The collector's answer.
   *
   * @param denied whether it may not pass
   * @param reply what the client is told in the server's place, one line; null for nothing
   */
  @SuppressWarnings("ArrayRecordComponent") // Written once, never compared.
  record Verdict(boolean denied, byte @Nullable [] reply) {
    static final Verdict PASS = new Verdict(false, null);
  }

  private final CountDownLatch settled = new CountDownLatch(1);
  private Verdict verdict = Verdict.PASS;
  private boolean over;

  /** False when nobody waits any more: the message has passed. */
  synchronized boolean settle(Verdict said) {
    if (over) {
      return false;
    }
    over = true;
    verdict = said;
    settled.countDown();
    return true;
  }

  synchronized boolean isOver() {
    return over;
  }

  /** The verdict; to pass, once {@code atMostMillis} are over. */
  Verdict await(long atMostMillis) {
    try {
      if (!settled.await(atMostMillis, TimeUnit.MILLISECONDS)) {
        settle(Verdict.PASS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      settle(Verdict.PASS);
    }
    synchronized (this) {
      return verdict;
    }
  }
}
