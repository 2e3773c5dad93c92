package dev.custody.http;

import java.util.concurrent.Semaphore;

/**
 * Lets few large bodies be read at once: what is made of one takes several times its bytes, and
 * nobody but a hostile sender has many of them.
 */
final class LargeBodies {
  /** Larger ones wait for a place, in bytes (256 KiB). */
  private static final int LARGE = 256 << 10;

  /** As many as an import has under way. */
  private static final int AT_ONCE = 4;

  private final Semaphore places = new Semaphore(AT_ONCE, true);

  /** A place among those that are read, until it is closed. */
  interface Place extends AutoCloseable {
    @Override
    void close();
  }

  /** Waits for a place to read {@code body}. */
  Place place(byte[] body) {
    if (body.length <= LARGE) {
      return () -> {};
    }
    places.acquireUninterruptibly();
    return places::release;
  }
}
