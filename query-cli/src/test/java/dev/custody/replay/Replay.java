package dev.custody.replay;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.custody.admission.CertificateAuthority;
import dev.custody.admission.TrustedRoots;
import dev.custody.alert.FindingSchema;
import dev.custody.attribution.Attribution;
import dev.custody.capture.Observer;
import dev.custody.capture.Recorder;
import dev.custody.chain.Envelope;
import dev.custody.chain.Sealer;
import dev.custody.detect.ShippedRules;
import dev.custody.digest.Bytes;
import dev.custody.event.Body;
import dev.custody.event.Event;
import dev.custody.event.EventBuilder;
import dev.custody.event.Host;
import dev.custody.event.Source;
import dev.custody.log.LogKeys;
import dev.custody.log.PublishedCheckpoints;
import dev.custody.note.NoteSigner;
import dev.custody.note.VerifierKey;
import dev.custody.sighting.SessionRedactors;
import dev.custody.signing.KeyDirectory;
import dev.custody.signing.Signer;
import dev.custody.source.SessionPlaces;
import dev.custody.source.agent.AgentHooks;
import dev.custody.source.agent.Recordings;
import dev.custody.source.otlp.Encoding;
import dev.custody.source.otlp.OtlpReceiver;
import dev.custody.source.otlp.Signal;
import dev.custody.tlog.LogList;
import dev.custody.tlog.LogOrigin;
import dev.custody.topic.Topic;
import dev.custody.topology.CustodyTopology;
import dev.custody.wire.Formats;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.zip.GZIPInputStream;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;

/** One collector that hears what an agent sent, and what the graph then says is missing. */
final class Replay {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Instant START = Instant.parse("2026-11-22T00:00:00Z");

  private final List<Event> events = new ArrayList<>();
  private final Set<String> known = new HashSet<>();
  private final Path directory;
  private final KeyDirectory keys;
  private final CertificateAuthority authority;
  private final Observer observer;
  private final SessionRedactors redactors;
  private final SessionPlaces places = new SessionPlaces();
  private Instant now = START;

  Replay(Path directory) throws Exception {
    this.directory = directory;
    this.keys = KeyDirectory.open(directory.resolve("keys"), directory.resolve("wrapping.key"));
    this.authority = new CertificateAuthority(keys.signer("root"));
    this.observer =
        new Observer(
            new Host("laptop", "Linux"),
            "dana",
            "acme.example",
            keys.fingerprintKey("fingerprint"),
            () -> now);
    this.redactors = new SessionRedactors(observer.fingerprints());
  }

  /** What happened, in the order of the collector. */
  List<Event> events() {
    return events;
  }

  /**
   * Hears the hooks {@code run}, from {@code first} on and half a second apart: most name no time.
   */
  void hooks(String run, Instant first) throws Exception {
    AgentHooks<?> hooks = Recordings.hooksOf(run, observer);
    now = first;
    for (byte[] body : Recordings.bodies(run)) {
      List<Event> told = hooks.events(body);
      places.recorded(told);
      keep(told);
      now = now.plusMillis(500);
    }
  }

  /** Hears the telemetry {@code run}. */
  void telemetry(String run) throws Exception {
    OtlpReceiver receiver = new OtlpReceiver(observer, redactors, places);
    now = now.plusSeconds(5);
    try (InputStream in = Replay.class.getResourceAsStream("/otlp/" + run + ".jsonl.gz");
        InputStream plain = new GZIPInputStream(Objects.requireNonNull(in, run))) {
      for (String line : new String(plain.readAllBytes(), UTF_8).lines().toList()) {
        JsonNode request = JSON.readTree(line);
        for (Signal signal : Signal.values()) {
          if (signal.path().equals(request.path("path").asText())) {
            OtlpReceiver.Taken _ =
                receiver.receive(
                    signal,
                    Encoding.JSON,
                    JSON.writeValueAsBytes(request.path("body")),
                    this::recorded);
          }
        }
      }
    }
  }

  private Recorder.Receipt recorded(List<Event> told) {
    int before = events.size();
    keep(told);
    int kept = events.size() - before;
    return new Recorder.Receipt(kept, told.size() - kept);
  }

  // A source id that was seen is left out, as by the spool.
  private void keep(List<Event> told) {
    for (Event event : told) {
      String id = event.source().id();
      if (id == null || known.add(event.source().kind() + ' ' + id)) {
        events.add(event);
      }
    }
  }

  /** As if {@code unheard} had never reached the collector. */
  void lose(Predicate<Event> unheard) {
    events.removeIf(unheard);
  }

  /**
   * What the graph says.
   *
   * @param attributed its answers
   * @param gaps what is missing: the summaries of the open findings of silence, by their title
   */
  record Said(List<Attribution> attributed, Map<String, List<String>> gaps) {}

  /** What is said once all time has passed. */
  Said said() throws Exception {
    Map<String, Attribution> newest = new TreeMap<>();
    Map<String, JsonNode> findings = new TreeMap<>();
    Path state = directory.resolve("state-" + System.nanoTime());
    try (TopologyTestDriver driver =
        new TopologyTestDriver(
            CustodyTopology.build(
                new TrustedRoots(List.of(authority.publicKey())),
                ShippedRules.load(),
                1,
                logs(),
                PublishedCheckpoints.none()),
            settings(state),
            Instant.EPOCH)) {
      TestInputTopic<byte[], byte[]> in =
          driver.createInputTopic(
              Topic.EVENTS.topicName(), new ByteArraySerializer(), new ByteArraySerializer());
      for (Sealed each : sealed()) {
        in.pipeInput(
            each.envelope().chain().toByteArray(),
            Formats.ENVELOPE.encode(each.envelope()),
            each.at().toEpochMilli());
      }
      driver.advanceWallClockTime(Duration.ofDays(100 * 365));
      driver.advanceWallClockTime(Duration.ofSeconds(1)); // Findings are told by the clock.
      for (byte[] record : output(driver, Topic.ATTRIBUTED).readValuesToList()) {
        Attribution attribution = Formats.ATTRIBUTION.decode(record);
        newest.put(attribution.event().toString(), attribution);
      }
      for (var record : output(driver, Topic.ALERTS).readKeyValuesToList()) {
        findings.put(record.key, FindingSchema.checked(record.value));
      }
    }
    return new Said(List.copyOf(newest.values()), gaps(findings));
  }

  private static TestOutputTopic<String, byte[]> output(TopologyTestDriver driver, Topic topic) {
    return driver.createOutputTopic(
        topic.topicName(), new StringDeserializer(), new ByteArrayDeserializer());
  }

  private static Map<String, List<String>> gaps(Map<String, JsonNode> findings) {
    Map<String, List<String>> gaps = new TreeMap<>();
    for (JsonNode finding : findings.values()) {
      String title = finding.at("/finding_info/title").asText();
      boolean open = finding.path("status_id").asInt() != 4;
      if (open && GAPS.contains(title)) {
        List<String> summaries = gaps.computeIfAbsent(title, t -> new ArrayList<>());
        finding
            .path("evidences")
            .forEach(evidence -> summaries.add(evidence.at("/data/summary").asText()));
      }
    }
    return gaps;
  }

  private static final Set<String> GAPS =
      Set.of(
          "A tool call was told of by one channel only",
          "A tool call never came back",
          "Tool calls without a prompt",
          "Records of an agent's telemetry are missing");

  private record Sealed(Envelope envelope, Instant at) {}

  private List<Sealed> sealed() throws Exception {
    Signer signer = keys.signer("collector-laptop");
    Bytes certificate =
        authority.certifyCollector(
            "spiffe://acme.example/collector/laptop",
            signer.publicKey(),
            START,
            Duration.ofDays(30));
    EventBuilder genesis =
        new EventBuilder(
            new Source("custody", null, null, null),
            observer.host(),
            START,
            new Body.Genesis(certificate, null, false, "replay"));
    Sealer.Opened opened = Sealer.open(signer, Formats.EVENT.encode(genesis.build()));
    List<Sealed> all = new ArrayList<>(List.of(new Sealed(opened.genesis(), START)));
    for (Event event : events) {
      all.add(
          new Sealed(
              opened.sealer().seal(List.of(Formats.EVENT.encode(event))).getFirst(),
              event.observedAt()));
    }
    return all;
  }

  private LogKeys logs() throws Exception {
    Signer signer = keys.signer("log");
    VerifierKey key =
        VerifierKey.ed25519(new LogOrigin("test", 0, 0).toString(), signer.publicKey());
    LogList list = new LogList("test", 1, START, List.of(key));
    return new LogKeys(
        list, list.sign(new NoteSigner(LogList.rootName("test"), keys.signer("root"))), signer);
  }

  private static Properties settings(Path state) {
    Properties settings = new Properties();
    settings.put(StreamsConfig.APPLICATION_ID_CONFIG, "replay");
    settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "unused:9092");
    settings.put(StreamsConfig.STATE_DIR_CONFIG, state.toString());
    settings.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 0);
    return settings;
  }
}
