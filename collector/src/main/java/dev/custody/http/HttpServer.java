package dev.custody.http;

import dev.custody.access.Tokens;
import dev.custody.capture.Recorder;
import io.helidon.http.Method;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.function.Supplier;

/** Listens, on loopback unless told otherwise, until it is closed. */
public final class HttpServer implements AutoCloseable {
  /** Largest body of a hook or an import, in bytes (8 MiB). */
  public static final int MAX_BODY_BYTES = 8 << 20;

  // A body of the largest size in each stays within a small heap.
  private static final int MAX_REQUESTS = 32;
  private static final Duration IDLE = Duration.ofSeconds(60);

  private final WebServer server;
  private final RequestBody bodies;
  private final RefusalLog refusals;

  private HttpServer(WebServer server, RequestBody bodies, RefusalLog refusals) {
    this.server = server;
    this.bodies = bodies;
    this.refusals = refusals;
  }

  /**
   * Says early that a port is taken.
   *
   * @throws PortTakenException when it is
   * @throws IOException when the address cannot be listened on at all
   */
  public static void refuseTakenPort(HttpConfig config) throws PortTakenException, IOException {
    try (ServerSocket probe = new ServerSocket()) {
      probe.bind(new InetSocketAddress(config.bindAddress(), config.port()));
    } catch (BindException e) {
      throw new PortTakenException(config.port(), e);
    }
  }

  /**
   * Listens.
   *
   * @param importTokens who may hand in providers' records
   * @throws PortTakenException when somebody else does
   */
  public static HttpServer start(
      HttpConfig config,
      Tokens importTokens,
      Routes routes,
      KeyRoutes keys,
      Recorder recorder,
      Supplier<Health> health,
      PrometheusMeterRegistry meters)
      throws PortTakenException {
    RefusalLog refusals = new RefusalLog(meters);
    RequestBody bodies = new RequestBody(config.bodyTimeout());
    Handlers handlers =
        new Handlers(new Admittance(config, importTokens), bodies, recorder, routes, refusals);
    HttpRouting.Builder routing = HttpRouting.builder();
    routes.hooks().forEach((path, source) -> handlers.hook(routing, path, source));
    routes.imports().forEach(log -> handlers.lines(routing, log));
    handlers.on(routing, Method.POST, Routes.SESSION_ENVIRONMENT, handlers::environment);
    handlers.on(
        routing, Method.POST, Routes.DELEGATIONS, r -> handlers.grant(r, keys.delegations()));
    handlers.on(routing, Method.POST, Routes.AGENTS, r -> handlers.agent(r, keys.agents()));
    handlers.on(routing, Method.POST, Routes.REVOCATIONS, r -> handlers.revoke(r, keys));
    handlers.on(routing, Method.POST, Routes.KEYS_RELOAD, r -> handlers.reload(r, keys));
    handlers.on(routing, Method.POST, Routes.CREDENTIALS_AWS, handlers::credential);
    handlers.telemetry(routing);
    handlers.toAll(routing, Method.GET, "/health", r -> Handlers.health(health.get()));
    handlers.on(routing, Method.GET, "/metrics", r -> Handlers.Answer.text(meters.scrape()));
    handlers.otherwise(routing);
    WebServer server =
        WebServer.builder()
            .host(config.bindAddress())
            .port(config.port())
            .routing(routing)
            .contentEncoding(new AsSent())
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
      if (isCausedBy(e, BindException.class)) {
        throw new PortTakenException(config.port(), e);
      }
      throw e;
    }
    return new HttpServer(server, bodies, refusals);
  }

  private static boolean isCausedBy(Throwable e, Class<? extends Throwable> type) {
    for (Throwable at = e; at != null; at = at.getCause()) {
      if (type.isInstance(at)) {
        return true;
      }
    }
    return false;
  }

  /** The port that it listens on. */
  public int port() {
    return server.port();
  }

  /** Requests refused since start. */
  public long refused() {
    return refusals.refused();
  }

  @Override
  public void close() {
    server.stop();
    bodies.close();
  }
}
