package dev.custody.http;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;

/** Reads a body whole, within a size and a time, however it is sent. */
final class RequestBody {
  /** Longest time that a body may take altogether. */
  static final Duration MAX_TIME = Duration.ofSeconds(30);

  private static final int CHUNK = 64 << 10;

  private RequestBody() {}

  static byte[] read(ServerRequest request, int maxBytes) throws Refusal {
    List<String> encodings = request.headers().all(HeaderNames.CONTENT_ENCODING, List::of);
    if (encodings.stream().anyMatch(e -> !e.equalsIgnoreCase("identity"))) {
      throw new Refusal(415, "a body is sent as it is, without Content-Encoding");
    }
    long announced = request.headers().contentLength().orElse(-1);
    if (announced > maxBytes) {
      throw tooLarge(maxBytes);
    }
    try (InputStream in = request.content().inputStream()) {
      return read(in, maxBytes, announced);
    } catch (IOException | UncheckedIOException e) {
      throw new Refusal(408, "the body did not arrive whole");
    }
  }

  private static byte[] read(InputStream in, int maxBytes, long announced)
      throws IOException, Refusal {
    long deadline = System.nanoTime() + MAX_TIME.toNanos();
    ByteArrayOutputStream body = new ByteArrayOutputStream(CHUNK);
    byte[] chunk = new byte[CHUNK];
    for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
      body.write(chunk, 0, n);
      if (body.size() > maxBytes) {
        throw tooLarge(maxBytes);
      }
      if (System.nanoTime() - deadline > 0) {
        throw new Refusal(408, "the body took longer than " + MAX_TIME.toSeconds() + " s");
      }
    }
    if (announced >= 0 && body.size() != announced) {
      throw new Refusal(
          400, "expected " + announced + " bytes, as announced, found " + body.size());
    }
    return body.toByteArray();
  }

  private static Refusal tooLarge(int maxBytes) {
    return new Refusal(413, "the body has more than " + maxBytes + " bytes, the limit here");
  }
}
