package dev.custody.rules;

import com.fasterxml.jackson.databind.JsonNode;
import dev.custody.alert.FindingSchema;
import dev.custody.attribution.Attribution;
import dev.custody.event.EventId;
import dev.custody.log.PublishedCheckpoints;
import dev.custody.sigma.RuleSet;
import dev.custody.topic.Topic;
import dev.custody.topology.CustodyTopology;
import dev.custody.wire.Formats;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;

/** What the graph says once all has come, and all time has passed. */
final class Graph {
  /** Longer than any deadline. */
  private static final Duration EVER = Duration.ofDays(100 * 365);

  private Graph() {}

  /** The findings that are open. */
  static Collection<JsonNode> alerts(
      Acme organisation, RuleSet rules, List<Scene.Arrival> arrivals, Path state) throws Exception {
    Map<String, JsonNode> newest = new TreeMap<>();
    for (TestRecord<String, byte[]> told :
        run(organisation, rules, arrivals, state, Topic.ALERTS)) {
      newest.put(told.key(), FindingSchema.checked(told.value(), told.headers()));
    }
    newest.values().removeIf(finding -> finding.path("status_id").asInt() == 4);
    return newest.values();
  }

  /** Who did what, by event; no rule has a say in it. */
  static Map<EventId, Attribution> attributions(
      Acme organisation, List<Scene.Arrival> arrivals, Path state) throws Exception {
    Map<EventId, Attribution> newest = new HashMap<>();
    for (TestRecord<String, byte[]> told :
        run(organisation, RuleSet.of(Map.of()), arrivals, state, Topic.ATTRIBUTED)) {
      Attribution each = Formats.ATTRIBUTION.decode(told.value());
      newest.merge(each.event(), each, (a, b) -> a.revision() > b.revision() ? a : b);
    }
    return newest;
  }

  private static List<TestRecord<String, byte[]>> run(
      Acme organisation, RuleSet rules, List<Scene.Arrival> arrivals, Path state, Topic topic)
      throws Exception {
    try (TopologyTestDriver driver =
        new TopologyTestDriver(
            CustodyTopology.build(
                organisation.roots(), rules, 1, organisation.logs(), PublishedCheckpoints.none()),
            settings(state),
            Instant.EPOCH)) {
      TestInputTopic<byte[], byte[]> events =
          driver.createInputTopic(
              Topic.EVENTS.topicName(), new ByteArraySerializer(), new ByteArraySerializer());
      for (Scene.Arrival each : arrivals) {
        events.pipeInput(each.key().toByteArray(), each.value().toByteArray(), each.timestamp());
      }
      driver.advanceWallClockTime(EVER);
      driver.advanceWallClockTime(Duration.ofSeconds(1)); // Findings are told by the clock.
      return driver
          .createOutputTopic(
              topic.topicName(), new StringDeserializer(), new ByteArrayDeserializer())
          .readRecordsToList();
    }
  }

  private static Properties settings(Path state) {
    Properties settings = new Properties();
    settings.put(StreamsConfig.APPLICATION_ID_CONFIG, "rules");
    settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "unused:9092");
    settings.put(StreamsConfig.STATE_DIR_CONFIG, state.toString());
    settings.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 0);
    return settings;
  }
}
