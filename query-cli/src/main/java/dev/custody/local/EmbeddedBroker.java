package dev.custody.local;

import dev.custody.topic.Topic;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import kafka.server.BrokerServer;
import kafka.server.ControllerServer;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.server.Server;
import kafka.server.SharedServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Exit;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.raft.QuorumConfig;
import org.apache.kafka.server.common.Feature;
import org.apache.kafka.server.common.MetadataVersion;
import org.apache.kafka.server.fault.FaultHandler;
import org.apache.kafka.server.fault.LoggingFaultHandler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Kafka of one node, broker and controller together, inside this JVM.
 *
 * <p>It listens on 127.0.0.1 and nowhere else, in plain text and without authentication: any
 * process on this machine may connect. It keeps everything in one directory, which it owns alone
 * while it runs and which may be started again on any other port: the quorum is static, so the
 * addresses are configuration and never state.
 *
 * <p>Kafka's own {@code KafkaRaftServer} would open its ports itself, late, and halt the JVM when
 * one is taken. This class puts the same parts together, but binds both ports first and hands them
 * over: there is no moment between "free" and "taken", and a port of 0 is known before the start.
 *
 * <p>Durability: an acknowledged record survives the death of this process, because it is in the
 * operating system's cache. It survives a loss of power once it is fsynced, which happens within
 * {@value #FLUSH_MILLIS} ms or so; a topic that cannot afford that window sets {@code
 * flush.messages=1}, and is then fsynced before it is acknowledged.
 *
 * <p>Who creates a topic asks for the end offset of each of its partitions before the first record
 * goes there. Until then a partition may still refuse the first of several requests in flight and
 * take the second, and this Kafka then never takes the first (KAFKA-15591).
 *
 * <p>Measured on two shared cores with a heap of at most 1 GiB: ready 2.5 s after the start of a
 * JVM, and up to 15 s when other work keeps both cores busy; below 1 s in a JVM that is warm, below
 * 2 s there after a SIGKILL; closed in 0.5 s. 73 threads and 240 to 260 MB resident when idle; 430
 * MB after 200,000 records of 200 bytes from a producer in the same JVM, which took 1.6 to 4.5 s.
 */
public final class EmbeddedBroker implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(EmbeddedBroker.class);

  private static final String BROKER_LISTENER = "BROKER";
  private static final String CONTROLLER_LISTENER = "CONTROLLER";
  private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

  private static final int FLUSH_MILLIS = 200;

  /**
   * Far more than a recovery needs, which reads what was written in the last minute before a crash;
   * it only keeps a start from waiting for ever.
   */
  private static final Duration LONGEST_START = Duration.ofMinutes(5);

  /** What the clients' last requests and the controller's leave get, out of the longest close. */
  private static final Duration LONGEST_FAREWELL = Duration.ofSeconds(5);

  private static final Duration LONGEST_CLOSE = Duration.ofSeconds(10);

  /**
   * Kafka's wish to end the JVM does not say which broker it is about: all that run here hear it.
   */
  private static final Set<EmbeddedBroker> RUNNING = ConcurrentHashMap.newKeySet();

  private final BrokerDirectory directory;
  private final Map<String, ServerSocketChannel> ports;
  private final BrokerServer broker;
  private final ControllerServer controller;
  private final CompletableFuture<Throwable> fault = new CompletableFuture<>();
  private final CompletableFuture<Void> closed = new CompletableFuture<>();
  private final AtomicBoolean closing = new AtomicBoolean();

  private EmbeddedBroker(BrokerDirectory directory, Map<String, ServerSocketChannel> ports)
      throws IOException {
    this.directory = directory;
    this.ports = ports;
    KafkaConfig config = new KafkaConfig(settings(directory.path(), ports), false);
    var formatted = KafkaRaftServer.initializeLogDirs(config, log, "");
    SharedServer shared =
        new SharedServer(
            config,
            formatted._1(),
            Time.SYSTEM,
            Server.initializeMetrics(config, Time.SYSTEM, formatted._1().clusterId().orElseThrow()),
            CompletableFuture.completedFuture(
                QuorumConfig.parseVoterConnections(config.quorumConfig().voters())),
            List.of(),
            this::faultHandler,
            (listener, address, backlog, receiveBuffer) -> openPort(listener));
    this.broker = new BrokerServer(shared);
    this.controller = new ControllerServer(shared, KafkaRaftServer.configSchema(), formatted._2());
  }

  /**
   * Starts a broker and returns when it takes records. An empty or absent directory is formatted
   * first; on one that an earlier broker left, all topics, records and offsets are there again.
   *
   * @param port the port on 127.0.0.1; 0 is any free one
   * @throws BrokerStartException if the port is taken, the directory is in use, damaged or another
   *     cluster's, or Kafka fails; nothing of the broker is left then
   */
  public static EmbeddedBroker start(Path directory, int port) {
    Exit.setHaltProcedure(EmbeddedBroker::refuseToDie);
    Exit.setExitProcedure(EmbeddedBroker::refuseToDie);
    BrokerDirectory held = BrokerDirectory.hold(directory);
    Map<String, ServerSocketChannel> ports = new HashMap<>();
    EmbeddedBroker started;
    try {
      boolean formatted = held.isFormatted();
      ports.put(BROKER_LISTENER, bind(port));
      ports.put(CONTROLLER_LISTENER, bind(0));
      if (!formatted) {
        format(held.path());
      }
      started = new EmbeddedBroker(held, ports);
    } catch (BrokerStartException e) {
      release(held, ports);
      throw e;
    } catch (Exception e) {
      release(held, ports);
      throw couldNotStart(held.path(), e);
    }
    started.startUp();
    return started;
  }

  /** Where the clients connect, as {@code 127.0.0.1:port}, with the actual port. */
  public String bootstrapServers() {
    return address(ports, BROKER_LISTENER);
  }

  /**
   * Completes with the cause when the broker stops working while it runs, as when its disk fails;
   * its owner closes it then. Never completes in orderly use.
   */
  public CompletionStage<Throwable> fault() {
    return fault.minimalCompletionStage();
  }

  /**
   * Stops the broker in order, so that the next start need not recover anything. Returns after 10 s
   * at the latest; the directory stays held as long as a part of the broker still writes to it.
   * Closing again does nothing but wait for the same end.
   */
  @Override
  public void close() {
    if (closing.compareAndSet(false, true)) {
      Thread.ofPlatform().daemon().name("custody-broker-close").start(this::shutDown);
    }
    try {
      closed.get(LONGEST_CLOSE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      log.warn(
          "kafka in {} is not closed after {} s: left to recover at the next start",
          directory.path(),
          LONGEST_CLOSE.toSeconds());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      log.warn("kafka in {} did not close in order", directory.path(), e.getCause());
    }
  }

  private void startUp() {
    RUNNING.add(this);
    CompletableFuture<Void> ready = new CompletableFuture<>();
    Thread starter =
        Thread.ofPlatform()
            .daemon()
            .name("custody-broker-start")
            .start(() -> complete(ready, this::startParts));
    try {
      // A fatal fault of one part leaves the others waiting for it: whichever comes first decides.
      @Nullable Object failed = CompletableFuture.anyOf(ready, fault).join();
      if (failed instanceof Throwable cause) {
        throw new CompletionException(cause);
      }
    } catch (CompletionException e) {
      starter.interrupt();
      close();
      throw couldNotStart(directory.path(), e.getCause() == null ? e : e.getCause());
    }
  }

  private void startParts() {
    // The broker's registration needs the controller.
    controller.startup();
    broker.startup();
  }

  private void shutDown() {
    complete(
        closed,
        () -> {
          try {
            // The broker leaves through the controller, and so goes first.
            broker.shutdown(LONGEST_FAREWELL);
            controller.shutdown();
          } finally {
            RUNNING.remove(this);
            release(directory, ports);
          }
        });
  }

  private static void complete(CompletableFuture<Void> end, Runnable work) {
    try {
      work.run();
      end.complete(null);
    } catch (Throwable e) {
      // Kafka throws checked exceptions that it does not declare, and errors: all of them are ends.
      end.completeExceptionally(e);
    }
  }

  private FaultHandler faultHandler(String part, boolean fatal, Runnable action) {
    FaultHandler logged = new LoggingFaultHandler(part, action);
    if (!fatal) {
      return logged;
    }
    return (message, cause) -> {
      RuntimeException failure = logged.handleFault(message, cause);
      fault.complete(cause == null ? failure : cause);
      return failure;
    };
  }

  /**
   * In place of the JVM's end: the thread that wished for it dies alone, and the owners hear why.
   */
  private static void refuseToDie(int status, @Nullable String message) {
    IllegalStateException wish =
        new IllegalStateException(
            "kafka gave up with status %d%s"
                .formatted(status, message == null ? "" : ": " + message));
    RUNNING.forEach(broker -> broker.fault.complete(wish));
    throw wish;
  }

  private ServerSocketChannel openPort(String listener) throws IOException {
    ServerSocketChannel port = ports.get(listener);
    if (port == null) {
      throw new IOException("no port was bound for listener " + listener);
    }
    return port;
  }

  private static ServerSocketChannel bind(int port) throws IOException {
    ServerSocketChannel channel = ServerSocketChannel.open();
    try {
      channel.configureBlocking(false);
      return channel.bind(new InetSocketAddress(LOOPBACK, port));
    } catch (BindException e) {
      channel.close();
      throw new BrokerStartException(
          "kafka port %d is taken; try: --kafka-port 0".formatted(port), e);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static void release(BrokerDirectory held, Map<String, ServerSocketChannel> ports) {
    try {
      for (ServerSocketChannel port : ports.values()) {
        port.close();
      }
      held.close();
    } catch (IOException e) {
      log.warn("kafka data directory {} was not given up in order", held.path(), e);
    }
  }

  private static void format(Path directory) throws Exception {
    new Formatter()
        .setPrintStream(new PrintStream(OutputStream.nullOutputStream(), false))
        .setSupportedFeatures(Feature.PRODUCTION_FEATURES)
        .setReleaseVersion(MetadataVersion.LATEST_PRODUCTION)
        .setClusterId(newClusterId())
        .setNodeId(BrokerDirectory.NODE_ID)
        .setControllerListenerName(CONTROLLER_LISTENER)
        .setMetadataLogDirectory(directory.toString())
        .addDirectory(directory.toString())
        .run();
  }

  /** 80 random bits behind {@link BrokerDirectory#CLUSTER_ID_PREFIX}. */
  private static String newClusterId() {
    Uuid prefix = Uuid.fromString(BrokerDirectory.CLUSTER_ID_PREFIX + "A".repeat(14));
    Uuid random = Uuid.randomUuid();
    return new Uuid(
            prefix.getMostSignificantBits() | (random.getMostSignificantBits() & 0xFFFF),
            random.getLeastSignificantBits())
        .toString();
  }

  private static BrokerStartException couldNotStart(Path directory, Throwable cause) {
    return new BrokerStartException(
        "kafka did not start on %s: %s; try: see the log, or use an empty directory"
            .formatted(directory, cause),
        cause);
  }

  private static String address(Map<String, ServerSocketChannel> ports, String listener) {
    ServerSocketChannel port = ports.get(listener);
    if (port == null) {
      throw new IllegalStateException("no port was bound for listener " + listener);
    }
    return LOOPBACK.getHostAddress() + ":" + port.socket().getLocalPort();
  }

  private static Map<String, String> settings(
      Path directory, Map<String, ServerSocketChannel> ports) {
    Map<String, String> settings = new HashMap<>();
    settings.putAll(identity(directory, ports));
    settings.putAll(durability());
    settings.putAll(smallness());
    return settings;
  }

  private static Map<String, String> identity(
      Path directory, Map<String, ServerSocketChannel> ports) {
    String node = Integer.toString(BrokerDirectory.NODE_ID);
    String quorum = address(ports, CONTROLLER_LISTENER);
    return Map.ofEntries(
        Map.entry("process.roles", "broker,controller"),
        Map.entry("node.id", node),
        Map.entry("log.dirs", directory.toString()),
        Map.entry("controller.quorum.voters", node + "@" + quorum),
        Map.entry("controller.listener.names", CONTROLLER_LISTENER),
        Map.entry("inter.broker.listener.name", BROKER_LISTENER),
        Map.entry(
            "listeners",
            "%s://%s,%s://%s"
                .formatted(
                    BROKER_LISTENER, address(ports, BROKER_LISTENER), CONTROLLER_LISTENER, quorum)),
        Map.entry(
            "listener.security.protocol.map",
            "%s:PLAINTEXT,%s:PLAINTEXT".formatted(BROKER_LISTENER, CONTROLLER_LISTENER)),
        // A misspelt topic is an error, never a new topic with a default's retention.
        Map.entry("auto.create.topics.enable", "false"),
        // Of topics that do not say, as Kafka Streams' own: the time of a record is a collector's.
        Map.entry("log." + Topic.AFTER_MAX, Topic.ANY_TIME),
        Map.entry("message.max.bytes", Integer.toString(2 * 1024 * 1024)),
        Map.entry("server.max.startup.time.ms", Long.toString(LONGEST_START.toMillis())));
  }

  private static Map<String, String> durability() {
    String flush = Integer.toString(FLUSH_MILLIS);
    return Map.of(
        "log.flush.interval.ms", flush,
        // Without a scheduler, which is off by default, no flush.ms of any topic has an effect.
        "log.flush.scheduler.interval.ms", flush,
        // The scheduler too waits for this, 30 s by default.
        "log.initial.task.delay.ms", flush,
        // After a SIGKILL the controller refuses the new broker until the old one's session is
        // over.
        "broker.session.timeout.ms", "1000",
        "broker.heartbeat.interval.ms", "250",
        // One voter has nobody to wait for.
        "controller.quorum.election.timeout.ms", "100",
        "controller.quorum.fetch.timeout.ms", "200",
        // No record every 500 ms to say that there is none: an idle machine's disk stays idle.
        "metadata.max.idle.interval.ms", "0");
  }

  private static Map<String, String> smallness() {
    String one = "1";
    String none = "0";
    return Map.ofEntries(
        Map.entry("offsets.topic.replication.factor", one),
        Map.entry("offsets.topic.num.partitions", one),
        Map.entry("transaction.state.log.replication.factor", one),
        Map.entry("transaction.state.log.min.isr", one),
        Map.entry("transaction.state.log.num.partitions", one),
        Map.entry("share.coordinator.state.topic.replication.factor", one),
        Map.entry("share.coordinator.state.topic.min.isr", one),
        Map.entry("share.coordinator.state.topic.num.partitions", one),
        Map.entry("group.coordinator.threads", one),
        Map.entry("group.coordinator.background.threads", one),
        Map.entry("group.initial.rebalance.delay.ms", none),
        Map.entry("group.streams.initial.rebalance.delay.ms", none),
        Map.entry("num.network.threads", "2"),
        Map.entry("num.io.threads", "2"),
        Map.entry("background.threads", "2"),
        Map.entry("num.recovery.threads.per.data.dir", one),
        Map.entry("num.replica.fetchers", one),
        Map.entry("auto.leader.rebalance.enable", "false"),
        Map.entry("metric.reporters", ""),
        // On the heap: 128 MiB by default. 4 MiB tell 150,000 keys apart in one pass of the
        // cleaner.
        Map.entry("log.cleaner.dedupe.buffer.size", Integer.toString(4 * 1024 * 1024)),
        // Each open segment has two index files of this length, 10 MiB by default. One entry of at
        // most 12 bytes for each 4 KiB: 1 MiB is enough for this segment, so none rolls early.
        Map.entry("log.index.size.max.bytes", Integer.toString(1024 * 1024)),
        Map.entry("log.segment.bytes", Integer.toString(256 * 1024 * 1024)));
  }
}
