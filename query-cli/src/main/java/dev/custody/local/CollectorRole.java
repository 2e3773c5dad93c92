package dev.custody.local;

import dev.custody.capture.CaptureException;
import dev.custody.capture.Observer;
import dev.custody.capture.Recorder;
import dev.custody.collector.Collector;
import dev.custody.collector.CollectorConfig;
import dev.custody.collector.CollectorException;
import dev.custody.event.Event;
import dev.custody.event.Host;
import dev.custody.http.HttpConfig;
import dev.custody.http.Routes;
import dev.custody.identity.SpiffeId;
import dev.custody.signing.KeyException;
import dev.custody.source.claudecode.ClaudeCodeHooks;
import dev.custody.source.cloudtrail.CloudTrailSource;
import dev.custody.source.git.GitWatcher;
import dev.custody.spool.SpoolLimits;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A collector with every source that there is, as one process or as a part of one. */
public final class CollectorRole implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CollectorRole.class);

  private final Collector collector;
  private final GitWatcher git;

  private CollectorRole(Collector collector, GitWatcher git) {
    this.collector = collector;
    this.git = git;
  }

  /**
   * What the role needs.
   *
   * @param data data directory of the installation; the collector's own is {@code DATA/collector}
   * @param bootstrapServers Kafka
   * @param http where it listens
   * @param partitions partitions of every topic
   * @param replication copies of every topic
   * @param trustDomain SPIFFE trust domain
   */
  public record Config(
      Path data,
      String bootstrapServers,
      HttpConfig http,
      int partitions,
      short replication,
      String trustDomain) {}

  /**
   * Starts.
   *
   * @throws StartException when a key cannot be used
   * @throws CollectorException when the port is taken, the spool cannot be used, or a key is
   *     refused
   */
  public static CollectorRole start(Config config, Installation installation)
      throws StartException, CollectorException {
    if (installation.isFresh()) {
      LOG.info(
          "no setup: made the organisation's root key and this collector's key in {}, encrypted under a wrapping key file;"
              + " whoever runs as this user can use them; custody keys init --help has other ways",
          config.data().resolve("keys"));
    }
    AtomicReference<@Nullable GitWatcher> watcher = new AtomicReference<>();
    try {
      String host = hostName();
      InstantSource clock = InstantSource.system();
      Observer observer =
          new Observer(
              new Host(host, System.getProperty("os.name")),
              installation.enrolledUser(),
              config.trustDomain(),
              installation.fingerprints(),
              clock);
      Routes routes =
          new Routes(
              Map.of(Routes.CLAUDE_CODE, new ClaudeCodeHooks(observer)::events),
              Map.of(Routes.CLOUDTRAIL, new CloudTrailSource(observer)::events),
              events -> visit(watcher.get(), events));
      Collector collector =
          Collector.start(
              new CollectorConfig(
                  config.data().resolve("collector"),
                  CollectorConfig.kafka(
                      config.bootstrapServers(), config.partitions(), config.replication()),
                  config.http(),
                  routes,
                  observer,
                  installation.collectorKeys(
                      SpiffeId.collector(config.trustDomain(), host).toString(), clock),
                  installation.roots(),
                  SpoolLimits.DEFAULT,
                  CollectorConfig.HEARTBEAT,
                  "custody-collector " + Release.VERSION));
      GitWatcher git =
          new GitWatcher(observer, collector.recorder(), new NotedTips(collector.notes()));
      watcher.set(git);
      return new CollectorRole(collector, git);
    } catch (KeyException | IOException e) {
      throw new StartException(String.valueOf(e.getMessage()), e);
    }
  }

  private static void visit(@Nullable GitWatcher watcher, List<Event> events) {
    if (watcher != null) {
      events.stream()
          .filter(e -> e.source().kind().equals("claude-code"))
          .map(Event::project)
          .filter(java.util.Objects::nonNull)
          .distinct()
          .forEach(watcher::visit);
    }
  }

  /** What this machine calls itself. */
  public static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (java.net.UnknownHostException e) {
      return "localhost";
    }
  }

  /** The port that it listens on. */
  public int httpPort() {
    return collector.httpPort();
  }

  /** Where parts of this process record. */
  public Recorder recorder() {
    return collector.recorder();
  }

  /** Has every known repository looked through, and waits until Kafka has all that is recorded. */
  public boolean settle(Duration atMost) throws InterruptedException, CaptureException {
    git.scanNow();
    return collector.awaitPublished(atMost);
  }

  /** Stops in order. */
  @Override
  public void close() {
    git.close();
    collector.close();
  }
}
