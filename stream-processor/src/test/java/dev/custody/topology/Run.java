package dev.custody.topology;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.custody.alert.FindingSchema;
import dev.custody.attribution.Attribution;
import dev.custody.attribution.Reject;
import dev.custody.attribution.TraceEdge;
import dev.custody.detect.ShippedRules;
import dev.custody.event.Event;
import dev.custody.log.LogKeys;
import dev.custody.log.PublishedCheckpoints;
import dev.custody.sigma.RuleSet;
import dev.custody.topic.Topic;
import dev.custody.wire.Formats;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.KeyValueIterator;

/** Runs the graph over stored records and keeps what it says last. */
final class Run implements AutoCloseable {
  private final TopologyTestDriver driver;
  private final TestInputTopic<byte[], byte[]> events;
  private final TestOutputTopic<String, Attribution> attributed;
  private final TestOutputTopic<String, TraceEdge> traces;
  private final TestOutputTopic<String, byte[]> alerts;
  private final TestOutputTopic<String, Reject> rejects;
  private final TestOutputTopic<String, byte[]> tiles;
  private final TestOutputTopic<String, byte[]> checkpoints;
  private final Map<String, Attribution> newest = new TreeMap<>();
  private final List<Reject> rejected = new ArrayList<>();
  private final Map<String, TraceEdge> shown = new TreeMap<>();
  private final Map<String, JsonNode> findings = new TreeMap<>();
  private final List<byte[]> toldFindings = new ArrayList<>();

  Run(World world, Path stateDirectory) {
    this(world, stateDirectory, world.logs(0), PublishedCheckpoints.none());
  }

  Run(World world, Path stateDirectory, RuleSet rules) {
    this(world, stateDirectory, world.logs(0), PublishedCheckpoints.none(), rules);
  }

  Run(World world, Path stateDirectory, LogKeys logs, PublishedCheckpoints published) {
    this(world, stateDirectory, logs, published, ShippedRules.load());
  }

  private Run(
      World world,
      Path stateDirectory,
      LogKeys logs,
      PublishedCheckpoints published,
      RuleSet rules) {
    ProcessorConfig config =
        new ProcessorConfig(
            "unused:9092", stateDirectory, "test", 1, 1, (short) 1, world.roots(), rules, logs);
    this.driver =
        new TopologyTestDriver(
            CustodyTopology.build(world.roots(), config.rules(), 1, logs, published),
            StreamProcessor.settings(config),
            Instant.EPOCH);
    this.tiles = output(Topic.TILES, Serdes.ByteArray().deserializer());
    this.checkpoints = output(Topic.CHECKPOINTS, Serdes.ByteArray().deserializer());
    this.events =
        driver.createInputTopic(
            Topic.EVENTS.topicName(),
            Serdes.ByteArray().serializer(),
            Serdes.ByteArray().serializer());
    this.attributed = output(Topic.ATTRIBUTED, RecordSerde.of(Formats.ATTRIBUTION).deserializer());
    this.traces = output(Topic.TRACES, RecordSerde.of(Formats.EDGE).deserializer());
    this.alerts = output(Topic.ALERTS, Serdes.ByteArray().deserializer());
    this.rejects = output(Topic.REJECTS, RecordSerde.of(Formats.REJECT).deserializer());
  }

  private <V> TestOutputTopic<String, V> output(
      Topic topic, org.apache.kafka.common.serialization.Deserializer<V> value) {
    return driver.createOutputTopic(topic.topicName(), Serdes.String().deserializer(), value);
  }

  void feed(List<World.Stored> records) {
    for (World.Stored r : records) {
      events.pipeInput(r.key().toByteArray(), r.value().toByteArray(), r.timestamp());
    }
    attributed
        .readValuesToList()
        .forEach(a ->
            newest.merge(a.event().toString(), a, (x, y) -> x.revision() >= y.revision() ? x : y));
    traces.readValuesToList().forEach(this::keep);
    rejected.addAll(rejects.readValuesToList());
  }

  /** Findings are told by the clock. */
  private void hear() {
    tick();
    alerts
        .readRecordsToList()
        .forEach(told -> {
          toldFindings.add(told.value());
          findings.put(told.key(), FindingSchema.checked(told.value(), told.headers()));
        });
  }

  /** The keys of a store of the graph. */
  List<String> keysOf(String store) {
    List<String> keys = new ArrayList<>();
    try (KeyValueIterator<Object, Object> all = driver.getKeyValueStore(store).all()) {
      all.forEachRemaining(entry -> keys.add(entry.key.toString()));
    }
    return keys;
  }

  /** Lets a second of the wall clock pass. */
  void tick() {
    driver.advanceWallClockTime(Duration.ofSeconds(1));
  }

  /** Lets the wall clock pass every deadline. */
  void passTime() {
    driver.advanceWallClockTime(Duration.ofDays(100 * 365));
    feed(List.of());
  }

  /** The tiles that were published since this was asked last. */
  List<KeyValue<String, byte[]>> tiles() {
    return tiles.readKeyValuesToList();
  }

  /** The checkpoints that were published since this was asked last. */
  List<byte[]> checkpoints() {
    return checkpoints.readValuesToList();
  }

  private void keep(TraceEdge edge) {
    String id = ends(edge) + " by " + edge.evidence();
    if (edge.withdrawn()) {
      shown.remove(id);
    } else {
      shown.put(id, edge);
    }
  }

  private static JsonNode json(byte[] bytes) {
    try {
      return new ObjectMapper().readTree(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Attribution of(Event event) {
    Attribution a = newest.get(event.id().toString());
    if (a == null) {
      throw new AssertionError(
          "nothing was attributed for " + event.body().name() + " " + event.id());
    }
    return a;
  }

  /** The newest answers about all events. */
  List<Attribution> attributed() {
    return List.copyOf(newest.values());
  }

  List<Reject> rejected() {
    return rejected;
  }

  /** The edges by their ends, whichever event shows them. */
  Map<String, TraceEdge> edges() {
    Map<String, TraceEdge> edges = new TreeMap<>();
    shown.values().forEach(edge -> edges.put(ends(edge), edge));
    return edges;
  }

  private static String ends(TraceEdge edge) {
    return edge.prompt() + " " + edge.from() + " -> " + edge.to();
  }

  /** All findings but those of silent collectors: the ones of these worlds send no heartbeats. */
  Map<String, JsonNode> findings() {
    hear();
    Map<String, JsonNode> others = new TreeMap<>(findings);
    others.values().removeIf(Run::isOfSilence);
    return others;
  }

  /** Findings of silent collectors that are not closed. */
  List<JsonNode> silences() {
    hear();
    return findings.values().stream()
        .filter(f -> isOfSilence(f) && f.path("status_id").asInt() != 4)
        .toList();
  }

  private static boolean isOfSilence(JsonNode finding) {
    return finding.at("/finding_info/title").asText().equals("A collector fell silent");
  }

  /** Every record of the alert topic, in order, but those of silent collectors. */
  List<byte[]> toldFindings() {
    hear();
    return toldFindings.stream().filter(told -> !isOfSilence(json(told))).toList();
  }

  int findingRecords() {
    return toldFindings().size();
  }

  /**
   * Everything that a rebuild must say again: who did what, and every finding. Revisions count
   * attempts and may differ.
   */
  Map<String, String> finalState() {
    hear();
    Map<String, String> state = new LinkedHashMap<>();
    newest.forEach((id, a) ->
        state.put(id, a.best() + " " + a.rivals() + " " + a.delegation() + " " + a.humanGrade()));
    // A finding that was closed again is as good as one that never was: whether it fired in between
    // depends on the order.
    findings.values().removeIf(f -> f.path("status_id").asInt() == 4);
    findings.forEach((id, f) ->
        state.put(
            id,
            f.path("status").asText()
                + f.path("count")
                + f.path("finding_info")
                + f.path("evidences").toString().replaceAll("\"offset\":\\d+", "")));
    shown.forEach((id, e) -> state.put(id, e.relation() + e.grade() + e.reasons()));
    return state;
  }

  @Override
  public void close() {
    driver.close();
  }
}
