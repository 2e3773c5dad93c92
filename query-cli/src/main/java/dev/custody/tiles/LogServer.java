package dev.custody.tiles;

import dev.custody.tlog.Tile;
import dev.custody.tlog.TlogException;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves a mirror over HTTP, read-only, as C2SP tlog-tiles says: {@code
 * /<partition>/<generation>/checkpoint} and {@code /<partition>/<generation>/tile/...}; and {@code
 * /logs}, the list of logs.
 */
public final class LogServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LogServer.class);
  private static final Pattern LOG_PATH =
      Pattern.compile("/(0|[1-9][0-9]{0,8})/(0|[1-9][0-9]{0,8})/([a-z0-9./]{1,100})");
  private static final String IMMUTABLE = "public, max-age=31536000, immutable";
  private static final Duration IDLE = Duration.ofSeconds(60);
  private static final int MAX_REQUESTS = 64;

  private final Path directory;
  private final WebServer server;

  private LogServer(Path directory, String host, int port) {
    this.directory = directory;
    HttpRouting.Builder routing = HttpRouting.builder();
    routing.get("/*", this::answer);
    routing.any((request, response) -> response.status(Status.METHOD_NOT_ALLOWED_405).send());
    this.server =
        WebServer.builder()
            .host(host)
            .port(port)
            .routing(routing)
            .idleConnectionTimeout(IDLE)
            .maxConcurrentRequests(MAX_REQUESTS)
            .shutdownGracePeriod(Duration.ofSeconds(1))
            .shutdownHook(false)
            .build();
  }

  /**
   * Serves the mirror in {@code directory}.
   *
   * @param port 0 for any
   * @throws IOException when the port cannot be listened on
   */
  public static LogServer start(Path directory, String host, int port) throws IOException {
    LogServer server = new LogServer(directory, host, port);
    try {
      server.server.start();
      return server;
    } catch (RuntimeException e) {
      throw new IOException("port %d of %s: %s".formatted(port, host, e.getMessage()), e);
    }
  }

  private void answer(ServerRequest request, ServerResponse response) {
    String path = request.path().path();
    Matcher matcher = LOG_PATH.matcher(path);
    try {
      if (path.equals("/" + LogMirror.LIST)) {
        note(response, Files.readAllBytes(directory.resolve(LogMirror.LIST)));
      } else if (matcher.matches()) {
        log(
            response,
            new TileDirectory(directory.resolve(matcher.group(1)).resolve(matcher.group(2))),
            matcher.group(3));
      } else {
        missing(response);
      }
    } catch (NoSuchFileException | TlogException e) {
      missing(response);
    } catch (IOException e) {
      LOG.warn("{}: {}", path, e.getMessage());
      response.status(Status.INTERNAL_SERVER_ERROR_500).send();
    }
  }

  private static void log(ServerResponse response, TileDirectory log, String resource)
      throws IOException, TlogException {
    if (resource.equals(TileDirectory.CHECKPOINT)) {
      note(response, log.checkpoint().orElseThrow(() -> new NoSuchFileException(resource)));
      return;
    }
    byte[] tile = log.tile(Tile.parse(resource));
    response.header(HeaderNames.CACHE_CONTROL, IMMUTABLE);
    response.header(HeaderValues.CONTENT_TYPE_OCTET_STREAM);
    response.send(tile);
  }

  private static void note(ServerResponse response, byte[] note) {
    response.header(HeaderNames.CACHE_CONTROL, "no-cache");
    response.header(HeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8");
    response.send(note);
  }

  private static void missing(ServerResponse response) {
    response.status(Status.NOT_FOUND_404).send();
  }

  /** The port that it listens on. */
  public int port() {
    return server.port();
  }

  @Override
  public void close() {
    server.stop();
  }
}
