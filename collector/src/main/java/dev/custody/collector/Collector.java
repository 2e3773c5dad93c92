package dev.custody.collector;

import dev.custody.access.TokenFile;
import dev.custody.access.Tokens;
import dev.custody.capture.BadInputException;
import dev.custody.capture.CaptureException;
import dev.custody.capture.Recorder;
import dev.custody.capture.SourceNotes;
import dev.custody.http.Health;
import dev.custody.http.HttpServer;
import dev.custody.http.KeyReload;
import dev.custody.http.KeyRoutes;
import dev.custody.http.PortTakenException;
import dev.custody.http.Routes;
import dev.custody.publish.Publisher;
import dev.custody.signing.KeyException;
import dev.custody.source.delegation.DelegationSource;
import dev.custody.source.registration.RegistrationSource;
import dev.custody.source.revocation.RevocationSource;
import dev.custody.spool.Spool;
import dev.custody.spool.SpoolException;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running collector. It records from the moment {@link #start} returns, whether Kafka is there or
 * not, until {@link #close}.
 */
public final class Collector implements AutoCloseable {
  private static final Duration LAST_PUBLISH = Duration.ofSeconds(5);
  private static final Logger LOG = LoggerFactory.getLogger(Collector.class);

  private final CollectorConfig config;
  private final PrometheusMeterRegistry meters =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("custody-heartbeat").daemon().factory());
  private final Spool spool;
  private final OwnEvents own;
  private @Nullable Publisher publisher;
  private @Nullable ChainWriter writer;
  private @Nullable HttpServer http;
  private boolean closed;

  private final CollectorKey key;
  private final String identity;

  private Collector(CollectorConfig config, CollectorKey key, String identity, Spool spool) {
    this.config = config;
    this.key = key;
    this.identity = identity;
    this.spool = spool;
    this.own = new OwnEvents(config.observer(), key.certificate(), config.software());
  }

  /**
   * Starts: on return a new chain is open and durable, and the port listens.
   *
   * @throws CollectorException when the certificate is not this key's or not valid now, another
   *     process has the data directory, the port is taken, or the disk cannot be written
   */
  public static Collector start(CollectorConfig config) throws CollectorException {
    Collector collector;
    try {
      CollectorKey key = config.keys().current();
      String identity = key.check(config.roots(), config.observer().clock().instant()).subject();
      Spool spool = Spool.open(config.data().resolve("spool"), config.limits());
      collector = new Collector(config, key, identity, spool);
    } catch (SpoolException | KeyException e) {
      throw new CollectorException(String.valueOf(e.getMessage()), e);
    }
    try {
      collector.begin();
      return collector;
    } catch (SpoolException | CaptureException | PortTakenException | IOException e) {
      collector.close();
      throw new CollectorException(String.valueOf(e.getMessage()), e);
    } catch (RuntimeException e) {
      collector.close();
      throw e;
    }
  }

  private void begin() throws SpoolException, CaptureException, PortTakenException, IOException {
    // Looked at before a chain is opened: a start that is refused leaves no trace in the log.
    HttpServer.refuseTakenPort(config.http());
    Tokens imports = Tokens.open(importTokens());
    Routes routes = config.routes().open(notes());
    StartMarker marker = new StartMarker(config.data());
    Publisher publishing = Publisher.start(spool, config.outlet());
    publisher = publishing;
    ChainWriter recording =
        ChainWriter.start(spool, key.signer(), own, marker::present, publishing::wake);
    writer = recording;
    marker.write();
    meter(recording, publishing);
    HttpServer listening =
        HttpServer.start(
            config.http(),
            imports,
            routes,
            new KeyRoutes(
                new DelegationSource(config.roots(), config.observer(), routes.delegations()),
                new RegistrationSource(config.roots(), config.observer()),
                new RevocationSource(config.roots(), config.observer()),
                () -> reload(recording)),
            recording,
            () -> new Health(recording.problem(), publishing.unpublished(), publishing.problem()),
            meters);
    http = listening;
    long millis = config.heartbeat().toMillis();
    var _ =
        clock.scheduleAtFixedRate(
            () -> beat(recording, publishing, listening), millis, millis, TimeUnit.MILLISECONDS);
    LOG.info("collector records; http port {}", listening.port());
  }

  private Path importTokens() {
    Path named = config.http().importTokens();
    return named == null ? config.data().resolve(TokenFile.IMPORT_NAME) : named;
  }

  // Only from this collector's own key directory, and only what its own roots certified for it: to
  // ask for it gains nobody anything.
  private KeyReload.Reloaded reload(ChainWriter recording)
      throws BadInputException, CaptureException {
    try {
      CollectorKey next = config.keys().current();
      String subject = next.check(config.roots(), config.observer().clock().instant()).subject();
      if (!subject.equals(identity)) {
        throw new BadInputException(
            "the new certificate: expected one of %s, found one of %s"
                .formatted(identity, subject));
      }
      boolean rotated = recording.rotate(next);
      LOG.info("key {} seals {}", next.signer().keyId(), rotated ? "from now on" : "as before");
      return new KeyReload.Reloaded(next.signer().keyId(), rotated);
    } catch (KeyException | CollectorException e) {
      throw new BadInputException(String.valueOf(e.getMessage()));
    }
  }

  private void meter(ChainWriter recording, Publisher publishing) {
    FunctionCounter.builder("custody.captured", recording, ChainWriter::captured)
        .description("events recorded since start")
        .register(meters);
    Gauge.builder("custody.spooled", spool, s -> s.end() - s.trimmed())
        .description("envelopes in the spool")
        .register(meters);
    Gauge.builder("custody.unpublished", publishing, Publisher::unpublished)
        .description("envelopes that Kafka has not acknowledged")
        .register(meters);
    InstantSource time = config.observer().clock();
    Gauge.builder("custody.publish.lag", publishing, p -> lagSeconds(p, time))
        .description("age of the oldest envelope that was sent and not acknowledged")
        .baseUnit("seconds")
        .register(meters);
  }

  private static double lagSeconds(Publisher publishing, InstantSource time) {
    long oldest = publishing.oldestUnderWayMillis();
    return oldest == 0 ? 0 : Math.max(0, time.millis() - oldest) / 1000.0;
  }

  private void beat(ChainWriter recording, Publisher publishing, HttpServer listening) {
    try {
      recording.record(
          List.of(
              own.heartbeat(recording.captured(), listening.refused(), publishing.unpublished())));
    } catch (CaptureException e) {
      LOG.warn("no heartbeat: {}", e.getMessage());
    } catch (RuntimeException e) {
      // An exception would end all later heartbeats.
      LOG.error("no heartbeat", e);
    }
  }

  /** The port that it listens on. */
  public int httpPort() {
    return started(http).port();
  }

  /** Where sources inside this process record. */
  public Recorder recorder() {
    return started(writer);
  }

  /** Where sources inside this process note how far they read. */
  public SourceNotes notes() {
    return new SourceNotes() {
      @Override
      public byte @Nullable [] get(String name) throws CaptureException {
        try {
          return spool.note(name);
        } catch (SpoolException e) {
          throw new CaptureException(e.getMessage(), e);
        }
      }

      @Override
      public void put(String name, byte[] value) throws CaptureException {
        try {
          spool.putNote(name, value);
        } catch (SpoolException e) {
          throw new CaptureException(e.getMessage(), e);
        }
      }

      @Override
      public SortedMap<String, byte[]> all(String prefix) throws CaptureException {
        try {
          return spool.notes(prefix);
        } catch (SpoolException e) {
          throw new CaptureException(e.getMessage(), e);
        }
      }

      @Override
      public void remove(String name) throws CaptureException {
        try {
          spool.removeNote(name);
        } catch (SpoolException e) {
          throw new CaptureException(e.getMessage(), e);
        }
      }
    };
  }

  /** Waits until Kafka acknowledged all that is recorded now; false when {@code atMost} is over. */
  public boolean awaitPublished(Duration atMost) throws InterruptedException {
    return started(publisher).awaitPublished(atMost);
  }

  /** How many envelopes Kafka has not acknowledged. */
  public long unpublished() {
    return started(publisher).unpublished();
  }

  private static <T> T started(@Nullable T part) {
    if (part == null) {
      throw new IllegalStateException("the collector did not start");
    }
    return part;
  }

  /**
   * Stops in order: listens no more, ends the chain, publishes for a few seconds more; what is left
   * is published after the next start.
   */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    if (http != null) {
      http.close();
    }
    clock.shutdownNow();
    if (writer != null) {
      writer.close();
    }
    if (publisher != null) {
      publishTheRest(publisher);
      publisher.close();
    }
    spool.close();
    meters.close();
  }

  private static void publishTheRest(Publisher publishing) {
    try {
      if (!publishing.awaitPublished(LAST_PUBLISH)) {
        LOG.warn(
            "{} envelopes wait in the spool until the next start: {}",
            publishing.unpublished(),
            publishing.problem());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
