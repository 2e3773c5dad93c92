package dev.custody.witness;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reads bodies whole, within a size and a time: whoever sends a byte now and then would keep a
 * request open for ever.
 */
final class BoundedBody implements AutoCloseable {
  private final int maxBytes;
  private final Duration maxTime;
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("custody-witness-deadlines").daemon().factory());

  BoundedBody(int maxBytes, Duration maxTime) {
    this.maxBytes = maxBytes;
    this.maxTime = maxTime;
  }

  /** Null when it is larger, comes too slowly, is encoded, or breaks off. */
  byte @Nullable [] read(ServerRequest request) {
    long announced = request.headers().contentLength().orElse(-1);
    if (announced > maxBytes || request.headers().contains(HeaderNames.CONTENT_ENCODING)) {
      return null;
    }
    if (announced == 0) {
      return new byte[0];
    }
    try (Deadline deadline = new Deadline();
        InputStream in = request.content().inputStream()) {
      byte[] body = in.readNBytes(maxBytes + 1);
      deadline.met();
      boolean whole = announced < 0 ? body.length <= maxBytes : body.length == announced;
      return whole ? body : null;
    } catch (IOException | RuntimeException e) {
      // The server reports a connection that ended by several unrelated exceptions.
      return null;
    }
  }

  @Override
  public void close() {
    clock.shutdownNow();
  }

  /** Interrupts the thread that reads, which closes its connection. */
  private final class Deadline implements AutoCloseable {
    private final Thread reader = Thread.currentThread();
    private final Future<?> alarm =
        clock.schedule(this::expire, maxTime.toMillis(), TimeUnit.MILLISECONDS);
    private boolean over;

    private synchronized void expire() {
      if (!over) {
        reader.interrupt();
      }
    }

    synchronized void met() {
      over = true;
      alarm.cancel(false);
    }

    @Override
    public void close() {
      met();
      // Whoever works on in this thread is not meant.
      Thread.interrupted();
    }
  }
}
