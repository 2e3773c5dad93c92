package dev.custody.accuracy.play;

import dev.custody.log.LogKeys;
import dev.custody.log.PublishedCheckpoints;
import dev.custody.note.NoteSigner;
import dev.custody.note.VerifierKey;
import dev.custody.sigma.RuleSet;
import dev.custody.signing.Signer;
import dev.custody.tlog.LogList;
import dev.custody.tlog.LogOrigin;
import dev.custody.topic.Topic;
import dev.custody.topology.CustodyTopology;
import dev.custody.wire.Formats;
import dev.custody.wire.WireException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;

/** Feeds the stream processor's graph with what arrived, in a given order. */
public final class StreamRun {
  private static final int DRAIN_EVERY = 200;
  private static final Duration LONG_AFTER = Duration.ofDays(100 * 365);

  private StreamRun() {}

  /** The final answers to {@code arrivals}, in their order. */
  public static Answers of(SourcesAlone sources, List<SourcesAlone.Arrival> arrivals, Path state)
      throws Exception {
    NewestAnswers newest = new NewestAnswers();
    run(
        sources,
        arrivals,
        RuleSet.of(Map.of()), // No rule has a say in who did what.
        state,
        Topic.ATTRIBUTED,
        record -> newest.take(Formats.ATTRIBUTION.decode(record.value)));
    return newest;
  }

  /** The newest record of each finding by {@code rules}, once every deadline has passed. */
  public static Map<String, byte[]> findings(
      SourcesAlone sources, List<SourcesAlone.Arrival> arrivals, RuleSet rules, Path state)
      throws Exception {
    Map<String, byte[]> newest = new TreeMap<>();
    run(
        sources,
        arrivals,
        rules,
        state,
        Topic.ALERTS,
        record -> newest.put(record.key, record.value));
    return newest;
  }

  /** Takes what a topic is told. */
  private interface Taker {
    void take(KeyValue<String, byte[]> record) throws WireException;
  }

  private static void run(
      SourcesAlone sources,
      List<SourcesAlone.Arrival> arrivals,
      RuleSet rules,
      Path state,
      Topic topic,
      Taker taker)
      throws Exception {
    try (TopologyTestDriver driver =
        new TopologyTestDriver(
            CustodyTopology.build(
                sources.roots(), rules, 1, logs(sources), PublishedCheckpoints.none()),
            settings(state),
            Instant.EPOCH)) {
      TestInputTopic<byte[], byte[]> events =
          driver.createInputTopic(
              Topic.EVENTS.topicName(), new ByteArraySerializer(), new ByteArraySerializer());
      TestOutputTopic<String, byte[]> told =
          driver.createOutputTopic(
              topic.topicName(), new StringDeserializer(), new ByteArrayDeserializer());
      int fed = 0;
      for (SourcesAlone.Arrival each : arrivals) {
        events.pipeInput(each.key().toByteArray(), each.value().toByteArray(), each.timestamp());
        if (++fed % DRAIN_EVERY == 0) {
          drain(told, taker);
        }
      }
      driver.advanceWallClockTime(LONG_AFTER);
      driver.advanceWallClockTime(Duration.ofSeconds(1)); // Findings are told by the clock.
      drain(told, taker);
    }
  }

  private static void drain(TestOutputTopic<String, byte[]> told, Taker taker)
      throws WireException {
    for (KeyValue<String, byte[]> record : told.readKeyValuesToList()) {
      taker.take(record);
    }
  }

  private static LogKeys logs(SourcesAlone sources) throws Exception {
    Signer signer = sources.log();
    VerifierKey key =
        VerifierKey.ed25519(new LogOrigin("test", 0, 0).toString(), signer.publicKey());
    LogList list = new LogList("test", 1, Instant.parse("2026-01-01T00:00:00Z"), List.of(key));
    return new LogKeys(
        list, list.sign(new NoteSigner(LogList.rootName("test"), sources.root())), signer);
  }

  private static Properties settings(Path state) {
    Properties settings = new Properties();
    settings.put(StreamsConfig.APPLICATION_ID_CONFIG, "accuracy");
    settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "unused:9092");
    settings.put(StreamsConfig.STATE_DIR_CONFIG, state.toString());
    settings.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 0);
    return settings;
  }
}
