package dev.custody.witness;

import dev.custody.note.SignedNote;
import dev.custody.tlog.AddCheckpoint;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Method;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Serves a {@link Witness} over HTTP until it is closed; TLS is for a proxy in front of it. */
public final class WitnessServer implements AutoCloseable {
  // A body of the largest size in each stays within a small heap.
  private static final int MAX_REQUESTS = 128;
  private static final int MAX_REASON_CHARS = 300;
  private static final Duration BODY_TIME = Duration.ofSeconds(10);
  private static final Duration IDLE = Duration.ofSeconds(60);
  private static final String TEXT = "text/plain; charset=utf-8";

  private final Witness witness;
  private final WebServer server;
  private final BoundedBody bodies;

  private WitnessServer(Witness witness, WebServer server, BoundedBody bodies) {
    this.witness = witness;
    this.server = server;
    this.bodies = bodies;
  }

  /**
   * Listens, and owns {@code witness} from then on.
   *
   * @throws WitnessException when the address cannot be listened on
   */
  public static WitnessServer start(Witness witness, String host, int port)
      throws WitnessException {
    BoundedBody bodies = new BoundedBody(AddCheckpoint.MAX_BYTES, BODY_TIME);
    HttpRouting.Builder routing =
        HttpRouting.builder()
            .route(Method.POST, "/add-checkpoint", (q, a) -> add(witness, bodies, q, a))
            .route(Method.GET, "/{origin}/checkpoint", (q, a) -> latest(witness, q, a));
    WebServer server =
        WebServer.builder()
            .host(host)
            .port(port)
            .routing(routing)
            .idleConnectionTimeout(IDLE)
            .idleConnectionPeriod(IDLE)
            .maxConcurrentRequests(MAX_REQUESTS)
            .shutdownGracePeriod(Duration.ofSeconds(2))
            .shutdownHook(false)
            .build();
    try {
      server.start();
    } catch (RuntimeException e) {
      bodies.close();
      throw new WitnessException(
          "%s:%d cannot be listened on: %s; try: --listen HOST:PORT"
              .formatted(host, port, cause(e).getMessage()),
          e);
    }
    return new WitnessServer(witness, server, bodies);
  }

  private static Throwable cause(Throwable e) {
    Throwable deepest = e;
    while (deepest.getCause() != null) {
      deepest = deepest.getCause();
    }
    return deepest;
  }

  private static void add(
      Witness witness, BoundedBody bodies, ServerRequest request, ServerResponse response) {
    byte[] body = bodies.read(request);
    if (body == null) {
      response.status(Status.create(400)).header(HeaderNames.CONTENT_TYPE, TEXT);
      response.header(HeaderValues.CONNECTION_CLOSE);
      response.send(
          "expected a body of at most %d bytes within %d s\n"
              .formatted(AddCheckpoint.MAX_BYTES, BODY_TIME.toSeconds()));
      // What is left of the body is not read.
      throw new CloseConnectionException("the body did not come");
    }
    WitnessAnswer answer = witness.add(body);
    boolean stale = answer instanceof WitnessAnswer.Stale;
    response
        .status(Status.create(answer.status()))
        .header(HeaderNames.CONTENT_TYPE, stale ? "text/x.tlog.size" : TEXT)
        .send(text(answer).getBytes(StandardCharsets.UTF_8));
  }

  private static String text(WitnessAnswer answer) {
    return switch (answer) {
      case WitnessAnswer.Cosigned cosigned -> cosigned.cosignature() + "\n";
      case WitnessAnswer.Stale stale -> stale.size() + "\n";
      case WitnessAnswer.Refused refused ->
          refused.detail().substring(0, Math.min(MAX_REASON_CHARS, refused.detail().length()))
              + "\n";
    };
  }

  private static void latest(Witness witness, ServerRequest request, ServerResponse response) {
    SignedNote latest = witness.latest(request.path().pathParameters().get("origin"));
    response.header(HeaderNames.CONTENT_TYPE, TEXT);
    if (latest == null) {
      response.status(Status.NOT_FOUND_404).send("no checkpoint of such a log was cosigned\n");
    } else {
      response.send(latest.encode());
    }
  }

  /** The port that it listens on. */
  public int port() {
    return server.port();
  }

  @Override
  public void close() throws IOException {
    server.stop();
    bodies.close();
    witness.close();
  }
}
