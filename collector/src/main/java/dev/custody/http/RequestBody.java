package dev.custody.http;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Reads bodies whole, within a size and a time, however they are sent. */
final class RequestBody implements AutoCloseable {
  private static final int CHUNK = 64 << 10;

  private final Duration maxTime;
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("custody-http-deadlines").daemon().factory());

  RequestBody(Duration maxTime) {
    this.maxTime = maxTime;
  }

  byte[] read(ServerRequest request, int maxBytes) throws Refusal {
    List<String> encodings = request.headers().all(HeaderNames.CONTENT_ENCODING, List::of);
    if (encodings.stream().anyMatch(e -> !e.equalsIgnoreCase("identity"))) {
      throw new Refusal(415, "a body is sent as it is, without Content-Encoding");
    }
    long announced = request.headers().contentLength().orElse(-1);
    if (announced > maxBytes) {
      throw tooLarge(maxBytes);
    }
    try (Deadline deadline = new Deadline();
        InputStream in = request.content().inputStream()) {
      byte[] body = read(in, maxBytes);
      deadline.met();
      if (announced >= 0 && body.length != announced) {
        throw new Refusal(
            400, "expected " + announced + " bytes, as announced, found " + body.length);
      }
      return body;
    } catch (IOException | RuntimeException e) {
      // The server reports a connection that ended by several unrelated exceptions.
      throw new Refusal(408, "the body did not arrive whole within " + maxTime.toSeconds() + " s");
    }
  }

  private static byte[] read(InputStream in, int maxBytes) throws IOException, Refusal {
    ByteArrayOutputStream body = new ByteArrayOutputStream(CHUNK);
    byte[] chunk = new byte[CHUNK];
    for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
      body.write(chunk, 0, n);
      if (body.size() > maxBytes) {
        throw tooLarge(maxBytes);
      }
    }
    return body.toByteArray();
  }

  private static Refusal tooLarge(int maxBytes) {
    return new Refusal(413, "the body has more than " + maxBytes + " bytes, the limit here");
  }

  @Override
  public void close() {
    clock.shutdownNow();
  }

  /**
   * Interrupts the thread that reads, which closes its connection: the server knows no read timeout
   * of its own that holds, and a sender of one byte now and then would outlast it.
   */
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
