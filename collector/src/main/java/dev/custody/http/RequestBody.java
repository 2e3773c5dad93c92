package dev.custody.http;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;

/** Reads bodies whole, within a size and a time, however they are sent. */
final class RequestBody implements AutoCloseable {
  private static final int CHUNK = 64 << 10;
  private static final int FIRST_ROOM = 2 * CHUNK;

  /**
   * How much of a body that is too large is read and thrown away, in bytes (128 MiB): whoever is
   * still sending when the connection is closed does not hear why.
   */
  private static final long MOST_DISCARDED = 128L << 20;

  private final Duration maxTime;
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("custody-http-deadlines").daemon().factory());

  RequestBody(Duration maxTime) {
    this.maxTime = maxTime;
  }

  /** The same of a body that is one of {@code types}, or does not say what it is. */
  byte[] read(ServerRequest request, int maxBytes, List<String> types) throws Refusal {
    String said = request.headers().first(HeaderNames.CONTENT_TYPE).orElse(types.getFirst());
    int end = said.indexOf(';');
    String type = (end < 0 ? said : said.substring(0, end)).strip().toLowerCase(Locale.ROOT);
    if (!types.contains(type)) {
      throw new Refusal(415, "expected Content-Type " + String.join(" or ", types));
    }
    return read(request, maxBytes);
  }

  byte[] read(ServerRequest request, int maxBytes) throws Refusal {
    if (encodings(request).stream().anyMatch(e -> !e.equalsIgnoreCase("identity"))) {
      throw new Refusal(415, "a body is sent as it is, without Content-Encoding");
    }
    return asSent(request, maxBytes);
  }

  /** A body as it was sent, maybe compressed. */
  static final class Compressible {
    private final byte[] bytes;
    private final boolean gzip;

    private Compressible(byte[] bytes, boolean gzip) {
      this.bytes = bytes;
      this.gzip = gzip;
    }

    /** The body itself, of at most {@code most} bytes. */
    byte[] plain(int most) throws Refusal {
      if (!gzip) {
        return bytes;
      }
      try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes), CHUNK)) {
        return RequestBody.read(in, -1, most);
      } catch (IOException e) {
        throw new Refusal(400, "expected a body in gzip, found another or a part of one");
      }
    }
  }

  /** The same, where a body may be compressed. */
  Compressible readCompressible(ServerRequest request, int maxBytes) throws Refusal {
    List<String> encodings = encodings(request);
    boolean gzip = encodings.equals(List.of("gzip"));
    if (!gzip && !encodings.isEmpty() && !encodings.equals(List.of("identity"))) {
      throw new Refusal(415, "expected Content-Encoding gzip or none, found another");
    }
    return new Compressible(asSent(request, maxBytes), gzip);
  }

  private static List<String> encodings(ServerRequest request) {
    return request.headers().all(HeaderNames.CONTENT_ENCODING, List::of).stream()
        .map(encoding -> encoding.strip().toLowerCase(Locale.ROOT))
        .toList();
  }

  private byte[] asSent(ServerRequest request, int maxBytes) throws Refusal {
    long announced = request.headers().contentLength().orElse(-1);
    if (announced > MOST_DISCARDED) {
      throw tooLarge(maxBytes);
    }
    try (Deadline deadline = new Deadline();
        InputStream in = request.content().inputStream()) {
      byte[] body = announced > maxBytes ? tooMuch(in, maxBytes) : read(in, announced, maxBytes);
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

  // Whoever announces much must send some of it before there is room for all: two allocations.
  private static byte[] read(InputStream in, long announced, int maxBytes)
      throws IOException, Refusal {
    byte[] body = new byte[announced < 0 ? CHUNK : Math.clamp(announced, 1, FIRST_ROOM)];
    int size = 0;
    while (true) {
      size += in.readNBytes(body, size, body.length - size);
      if (size > maxBytes) {
        return tooMuch(in, maxBytes);
      }
      if (size < body.length) {
        return Arrays.copyOf(body, size);
      }
      int next = in.read();
      if (next < 0) {
        return body;
      }
      long more = announced > size ? announced : 2L * size;
      body = Arrays.copyOf(body, (int) Math.min(more, maxBytes + 1L));
      body[size++] = (byte) next;
    }
  }

  /** Reads on without keeping anything, and refuses then. */
  private static byte[] tooMuch(InputStream in, int maxBytes) throws IOException, Refusal {
    byte[] chunk = new byte[CHUNK];
    long discarded = 0;
    for (int n = in.read(chunk); n >= 0 && discarded < MOST_DISCARDED; n = in.read(chunk)) {
      discarded += n;
    }
    throw tooLarge(maxBytes);
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
