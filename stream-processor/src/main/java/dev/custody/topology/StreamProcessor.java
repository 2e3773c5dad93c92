package dev.custody.topology;

import dev.custody.log.KafkaCheckpoints;
import dev.custody.log.LogListPublisher;
import dev.custody.topic.Topic;
import dev.custody.topic.TopicException;
import dev.custody.topic.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the graph on Kafka, exactly once. */
public final class StreamProcessor implements AutoCloseable {
  /** Kafka Streams application id, the prefix of every internal topic. */
  public static final String APPLICATION = "custody-processor";

  private static final Logger LOG = LoggerFactory.getLogger(StreamProcessor.class);

  /** What changes several times between two commits is written once. */
  private static final long CACHE_BYTES = 16L << 20;

  /** Of one partition; Kafka's 16 KiB fill within milliseconds. */
  private static final int BATCH_BYTES = 128 << 10;

  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(20);
  private static final int MAX_REPLACED_THREADS = 5;
  private static final Duration FORGIVEN_AFTER = Duration.ofMinutes(10);

  private final KafkaStreams streams;
  private final CountDownLatch running = new CountDownLatch(1);
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private int replaced;
  private Instant lastFailure = Instant.EPOCH;

  private StreamProcessor(KafkaStreams streams) {
    this.streams = streams;
  }

  /**
   * Makes the topics that are missing and starts.
   *
   * @throws TopicException when the topics differ from what is expected, or Kafka does not answer
   */
  public static StreamProcessor start(ProcessorConfig config) throws TopicException {
    try (Admin admin =
        Admin.create(
            Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, config.bootstrapServers()))) {
      Topics.ensure(admin, config.partitions(), config.replication());
    }
    LogListPublisher.publish(config.bootstrapServers(), config.logs().signedList());
    KafkaStreams streams =
        new KafkaStreams(
            CustodyTopology.build(
                config.roots(),
                config.rules(),
                config.partitions(),
                config.logs(),
                new KafkaCheckpoints(config.bootstrapServers())),
            settings(config));
    StreamProcessor processor = new StreamProcessor(streams);
    streams.setUncaughtExceptionHandler(processor::failed);
    streams.setStateListener((now, before) -> {
      if (now == KafkaStreams.State.RUNNING || now == KafkaStreams.State.ERROR) {
        processor.running.countDown();
      }
    });
    streams.start();
    return processor;
  }

  /**
   * The application id, which is the consumer group as well. A log that was opened anew has to be
   * built from the first record on: by another application, which has no state yet.
   *
   * @param reopened how often logs were opened anew
   */
  public static String application(int reopened) {
    return reopened == 0 ? APPLICATION : APPLICATION + "-" + reopened;
  }

  static Properties settings(ProcessorConfig config) {
    Properties p = new Properties();
    p.put(StreamsConfig.APPLICATION_ID_CONFIG, application(config.logs().reopened()));
    p.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, config.bootstrapServers());
    p.put(StreamsConfig.STATE_DIR_CONFIG, config.stateDirectory().toString());
    p.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    p.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, (int) config.replication());
    p.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, config.threads());
    p.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 100);
    p.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, CACHE_BYTES);
    p.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, BoundedRocksDb.class);
    p.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
    // Static membership: a restarted instance takes its own place again instead of waiting for its
    // old self to time out.
    p.put(
        StreamsConfig.mainConsumerPrefix(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG),
        config.instance());
    p.put(StreamsConfig.producerPrefix(ProducerConfig.BATCH_SIZE_CONFIG), BATCH_BYTES);
    p.put(
        StreamsConfig.producerPrefix(ProducerConfig.MAX_REQUEST_SIZE_CONFIG),
        Topic.MAX_MESSAGE_BYTES);
    p.put(
        StreamsConfig.topicPrefix(TopicConfig.MAX_MESSAGE_BYTES_CONFIG),
        Integer.toString(Topic.MAX_MESSAGE_BYTES));
    p.put(StreamsConfig.topicPrefix(Topic.AFTER_MAX), Topic.ANY_TIME);
    return p;
  }

  private synchronized StreamThreadExceptionResponse failed(Throwable cause) {
    LOG.error("the stream processor failed: {}", cause.getMessage(), cause);
    failure.set(cause);
    Instant now = Instant.now();
    replaced = lastFailure.plus(FORGIVEN_AFTER).isBefore(now) ? 1 : replaced + 1;
    lastFailure = now;
    // What fails again and again is not a passing fault of the network: stop, and say so, rather
    // than spin.
    return replaced <= MAX_REPLACED_THREADS
        ? StreamThreadExceptionResponse.REPLACE_THREAD
        : StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
  }

  /** Whether it was running within {@code timeout}. */
  public boolean awaitRunning(Duration timeout) throws InterruptedException {
    return running.await(timeout.toMillis(), TimeUnit.MILLISECONDS)
        && streams.state() != KafkaStreams.State.ERROR;
  }

  /** Whether it runs, or will when its partitions are assigned. */
  public boolean healthy() {
    return streams.state().isRunningOrRebalancing();
  }

  /** The newest failure, or null. */
  public @Nullable Throwable failure() {
    return failure.get();
  }

  /** Stops in order; the broker has to be alive still. */
  @Override
  public void close() {
    if (!streams.close(CLOSE_TIMEOUT)) {
      LOG.warn("the stream processor did not stop within {} s", CLOSE_TIMEOUT.toSeconds());
    }
  }
}
