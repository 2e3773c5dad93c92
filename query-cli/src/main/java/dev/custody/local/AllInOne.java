package dev.custody.local;

import dev.custody.capture.CaptureException;
import dev.custody.collector.CollectorException;
import dev.custody.digest.Digest;
import dev.custody.enforce.Policy;
import dev.custody.event.Body;
import dev.custody.event.EventBuilder;
import dev.custody.event.Host;
import dev.custody.event.Source;
import dev.custody.http.HttpConfig;
import dev.custody.http.HttpServer;
import dev.custody.http.PortTakenException;
import dev.custody.index.Indexer;
import dev.custody.sigma.RuleDocument;
import dev.custody.sigma.RuleSet;
import dev.custody.signing.KeyException;
import dev.custody.signing.Protection;
import dev.custody.tiles.Cosigning;
import dev.custody.tiles.LogMirror;
import dev.custody.tiles.LogServer;
import dev.custody.topic.TopicException;
import dev.custody.topology.ProcessorConfig;
import dev.custody.topology.StreamProcessor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Every role in one process on one data directory: broker, collector, stream processor and index,
 * the real ones. They start in the order in which they need each other, and stop the other way
 * round.
 */
public final class AllInOne implements AutoCloseable {
  /**
   * After a crash Kafka Streams may ask twice, a minute each time, for offsets that an open
   * transaction holds back.
   */
  private static final Duration LONGEST_START = Duration.ofMinutes(3);

  private final Path data;
  private final EmbeddedBroker broker;
  private @Nullable CollectorRole collector;
  private @Nullable StreamProcessor processor;
  private @Nullable Indexer indexer;
  private @Nullable LogMirror mirror;
  private @Nullable LogServer logServer;

  private AllInOne(Path data, EmbeddedBroker broker) {
    this.data = data;
    this.broker = broker;
  }

  /**
   * What it needs.
   *
   * @param data data directory
   * @param httpPort port of the collector, 0 for any
   * @param logPort port where the transparency log is served, 0 for any
   * @param kafkaPort port of the broker, 0 for any
   * @param partitions partitions of every topic
   * @param trustDomain SPIFFE trust domain
   * @param rules detection rules
   * @param cosigning who must sign a checkpoint before it is shown
   * @param policy what agents are answered before a tool runs
   */
  public record Config(
      Path data,
      int httpPort,
      int logPort,
      int kafkaPort,
      int partitions,
      String trustDomain,
      RuleSet rules,
      Cosigning cosigning,
      Policy policy) {
    /** On any free ports, and without witnesses. */
    public static Config onAnyPort(Path data, int partitions, String trustDomain, RuleSet rules) {
      return new Config(
          data, 0, 0, 0, partitions, trustDomain, rules, Cosigning.none(), Policy.OBSERVE);
    }
  }

  /**
   * Starts and returns when everything takes work.
   *
   * @throws BrokerStartException when the data directory is in use, or the Kafka port is taken
   * @throws CollectorException when the HTTP port is taken, or a key is refused
   * @throws TopicException when the topics are not as they must be
   */
  public static AllInOne start(Config config, Path wrappingKey)
      throws StartException,
          CollectorException,
          TopicException,
          KeyException,
          IOException,
          InterruptedException {
    return start(config, new Protection.WrappingKeyFile(wrappingKey));
  }

  /**
   * Starts with the keys that {@code protection} opens.
   *
   * @throws BrokerStartException when the data directory is in use, or the Kafka port is taken
   * @throws CollectorException when the HTTP port is taken, or a key is refused
   * @throws TopicException when the topics are not as they must be
   */
  public static AllInOne start(Config config, Protection protection)
      throws StartException,
          CollectorException,
          TopicException,
          KeyException,
          IOException,
          InterruptedException {
    Files.createDirectories(config.data());
    // The broker holds the directory for one process: it comes first.
    AllInOne all =
        new AllInOne(
            config.data(),
            EmbeddedBroker.start(config.data().resolve("kafka"), config.kafkaPort()));
    try {
      all.begin(config, Installation.open(config.data(), protection, null));
      return all;
    } catch (StartException
        | CollectorException
        | TopicException
        | KeyException
        | IOException
        | InterruptedException
        | RuntimeException e) {
      all.close();
      throw e;
    }
  }

  private void begin(Config config, Installation installation)
      throws StartException,
          CollectorException,
          TopicException,
          KeyException,
          IOException,
          InterruptedException {
    refuseTakenPort(config.httpPort());
    StreamProcessor stream =
        StreamProcessor.start(
            new ProcessorConfig(
                kafka(),
                data.resolve("streams"),
                "all-in-one",
                1,
                config.partitions(),
                (short) 1,
                installation.roots(),
                config.rules(),
                installation.logs(config.partitions(), Instant.now())));
    processor = stream;
    CollectorRole collecting =
        CollectorRole.start(
            new CollectorRole.Config(
                data,
                kafka(),
                HttpConfig.loopback(config.httpPort()),
                config.partitions(),
                (short) 1,
                config.trustDomain(),
                config.policy()),
            installation);
    collector = collecting;
    indexer = Indexer.start(data.resolve("index"), kafka());
    mirror = LogMirror.start(logs(data), kafka(), installation.roots(), config.cosigning());
    logServer = LogServer.start(logs(data), "127.0.0.1", config.logPort());
    recordRules(collecting, config.rules());
    if (!stream.awaitRunning(LONGEST_START)) {
      throw new StartException("the stream processor did not start: " + stream.failure(), null);
    }
    RunningMark.write(data, http(), kafka());
  }

  // Before the parts that take seconds to start and to stop again.
  private static void refuseTakenPort(int port) throws StartException, IOException {
    try {
      HttpServer.refuseTakenPort(HttpConfig.loopback(port));
    } catch (PortTakenException e) {
      throw new StartException(String.valueOf(e.getMessage()), e);
    }
  }

  // Once for each set: findings name it, and a rebuild can tell which rules spoke.
  private static void recordRules(CollectorRole collector, RuleSet rules) throws StartException {
    Source source = new Source("custody", "rules", "rules:" + rules.digest(), null);
    Body.RulesLoaded body =
        new Body.RulesLoaded(
            Digest.ofHex(rules.digest()),
            rules.documents().stream().map(RuleDocument::id).toList());
    try {
      collector
          .recorder()
          .record(
              List.of(
                  new EventBuilder(source, new Host("localhost", null), Instant.now(), body)
                      .action("rules:load")
                      .build()));
    } catch (CaptureException e) {
      throw new StartException(e.getMessage(), e);
    }
  }

  /** Where the published log of {@code data} lies. */
  public static Path logs(Path data) {
    return data.resolve("log");
  }

  /** Where the transparency log is served. */
  public String log() {
    if (logServer == null) {
      throw new IllegalStateException("the log is not served");
    }
    return "http://127.0.0.1:" + logServer.port();
  }

  /** Where the collector listens. */
  public String http() {
    return "http://127.0.0.1:" + collector().httpPort();
  }

  /** Where the broker listens. */
  public String kafka() {
    return broker.bootstrapServers();
  }

  /** The collector. */
  public CollectorRole collector() {
    if (collector == null) {
      throw new IllegalStateException("the collector did not start");
    }
    return collector;
  }

  /** Whether every role works; what does not has said why in the log. */
  public boolean healthy() {
    return !broker.fault().toCompletableFuture().isDone()
        && processor != null
        && processor.healthy()
        && indexer != null
        && indexer.failure().isEmpty()
        && mirror != null
        && mirror.failure().isEmpty();
  }

  /**
   * Waits until everything that was captured is attributed and can be found; false when {@code
   * atMost} is over.
   */
  public boolean awaitIndexed(Duration atMost) throws InterruptedException, CaptureException {
    if (indexer == null) {
      throw new IllegalStateException("the index did not start");
    }
    return collector().settle(atMost) && Quiescence.await(kafka(), indexer, atMost);
  }

  /** Stops in order. */
  @Override
  public void close() {
    RunningMark.remove(data);
    if (collector != null) {
      collector.close();
    }
    if (logServer != null) {
      logServer.close();
    }
    if (mirror != null) {
      mirror.close();
    }
    if (processor != null) {
      processor.close();
    }
    if (indexer != null) {
      indexer.close();
    }
    broker.close();
  }
}
