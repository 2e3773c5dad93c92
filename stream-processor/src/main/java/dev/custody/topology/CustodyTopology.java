package dev.custody.topology;

import dev.custody.admission.TrustedRoots;
import dev.custody.admission.VerifiedEvent;
import dev.custody.admit.AdmissionOutcome;
import dev.custody.admit.AdmitProcessor;
import dev.custody.alert.FindingProcessor;
import dev.custody.alert.OcsfFindings;
import dev.custody.attribute.ActorMessage;
import dev.custody.attribute.Answer;
import dev.custody.attribute.Ask;
import dev.custody.attribute.AttributeFormats;
import dev.custody.attribute.ClaimProcessor;
import dev.custody.attribute.DelegationProcessor;
import dev.custody.attribute.Draft;
import dev.custody.attribute.GatherProcessor;
import dev.custody.attribute.Grant;
import dev.custody.attribute.GrantClaim;
import dev.custody.attribute.GrantReader;
import dev.custody.attribute.Token;
import dev.custody.attribute.TokenMessage;
import dev.custody.attribution.Attribution;
import dev.custody.attribution.Grade;
import dev.custody.correlate.SessionProcessor;
import dev.custody.detect.DetectFormats;
import dev.custody.detect.DetectProcessor;
import dev.custody.detect.DetectProcessor.Consequence;
import dev.custody.detect.RuleMatcher;
import dev.custody.detect.Sighting;
import dev.custody.detect.Sightings;
import dev.custody.event.Body;
import dev.custody.event.Event;
import dev.custody.event.Human;
import dev.custody.identity.InvalidDelegationException;
import dev.custody.log.LogKeys;
import dev.custody.log.LogOutput;
import dev.custody.log.LogProcessor;
import dev.custody.log.PublishedCheckpoints;
import dev.custody.sigma.RuleSet;
import dev.custody.topic.Topic;
import dev.custody.wire.Formats;
import dev.custody.wire.RecordFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.Repartitioned;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The whole graph: admit, log, attribute, correlate, detect, alert. A pure function of the roots,
 * the rules and the partition count; its description is the golden file {@code topology.txt}.
 *
 * <pre>
 * events   -> admit    -> rejects
 * admitted -> append-log -> tiles, checkpoints
 * admitted -> sessions -> claims \
 * admitted -> asks               -> by token -> answers -> by event -> acts \
 * admitted -> acts of agents                                                 -> by human -> attributed
 * admitted -> grants   -> claims by token, and                               /
 * attributed -> detect -> traces, sightings -> by finding -> alerts
 * </pre>
 */
public final class CustodyTopology {
  private static final Logger LOG = LoggerFactory.getLogger(CustodyTopology.class);
  private static final Serde<String> TEXT = Serdes.String();

  private final StreamsBuilder builder = new StreamsBuilder();
  private final TrustedRoots roots;
  private final RuleMatcher matcher;
  private final Sightings sightings;
  private final OcsfFindings ocsf;
  private final GrantReader grants;
  private final int partitions;
  private final LogKeys logs;
  private final PublishedCheckpoints published;

  private CustodyTopology(
      TrustedRoots roots,
      RuleSet rules,
      int partitions,
      LogKeys logs,
      PublishedCheckpoints published) {
    this.roots = roots;
    this.logs = logs;
    this.published = published;
    this.matcher = new RuleMatcher(rules);
    this.sightings = new Sightings(matcher);
    this.ocsf = new OcsfFindings(rules);
    this.grants = new GrantReader(roots);
    this.partitions = partitions;
  }

  /**
   * The graph that trusts {@code roots} and detects by {@code rules}, on topics of {@code
   * partitions}.
   *
   * @param logs the transparency logs that it writes
   * @param published what is published of them when a partition is taken over
   */
  public static Topology build(
      TrustedRoots roots,
      RuleSet rules,
      int partitions,
      LogKeys logs,
      PublishedCheckpoints published) {
    CustodyTopology graph = new CustodyTopology(roots, rules, partitions, logs, published);
    graph.connect();
    return graph.builder.build();
  }

  private void connect() {
    KStream<String, AdmissionOutcome> outcomes = admit();
    reject(outcomes);
    KStream<String, AdmissionOutcome.Suspicion> suspicions =
        log(outcomes)
            .merge(
                outcomes
                    .filter(
                        (chain, outcome) -> outcome instanceof AdmissionOutcome.Suspicion,
                        Named.as("suspicious"))
                    .mapValues(o -> (AdmissionOutcome.Suspicion) o, Named.as("suspicion")),
                Named.as("suspicions"));
    KStream<String, Admitted> admitted =
        outcomes
            .filter(
                (chain, outcome) -> outcome instanceof AdmissionOutcome.Admitted,
                Named.as("admitted"))
            .mapValues(o -> describe((AdmissionOutcome.Admitted) o), Named.as("describe"));
    attribute(admitted);
    KStream<String, Consequence> consequences = detect();
    trace(consequences);
    alert(suspicions, consequences);
  }

  /** What is known of an admitted event at first. */
  private record Admitted(
      VerifiedEvent event, Attribution draft, List<KeyValue<String, Grant>> grants) {
    List<String> tokens() {
      // What an agent reported is its own; only what nobody reported asks who did it.
      return draft.best().grade() == Grade.UNATTRIBUTED && !draft.source().kind().equals("custody")
          ? Token.asked(draft.identifiers())
          : List.of();
    }
  }

  private KStream<String, AdmissionOutcome> admit() {
    store(AdmitProcessor.STORE, Serdes.Bytes(), Serdes.ByteArray());
    return builder.stream(
            Topic.EVENTS.topicName(),
            Consumed.with(Serdes.ByteArray(), Serdes.ByteArray()).withName("events"))
        .process(() -> new AdmitProcessor(roots), Named.as("admit"), AdmitProcessor.STORE);
  }

  private void reject(KStream<String, AdmissionOutcome> outcomes) {
    outcomes
        .filter(
            (chain, outcome) -> outcome instanceof AdmissionOutcome.Rejected, Named.as("rejected"))
        .mapValues(o -> ((AdmissionOutcome.Rejected) o).reject(), Named.as("reject"))
        .to(
            Topic.REJECTS.topicName(),
            Produced.with(TEXT, serde(Formats.REJECT)).withName("rejects"));
  }

  /** What a log publishes goes out; that it stopped comes back. */
  private KStream<String, AdmissionOutcome.Suspicion> log(
      KStream<String, AdmissionOutcome> outcomes) {
    store(LogProcessor.STORE, Serdes.Bytes(), Serdes.ByteArray());
    KStream<String, LogOutput> log =
        outcomes.process(
            () -> new LogProcessor(logs, published), Named.as("append-log"), LogProcessor.STORE);
    publish(log, Topic.TILES, "tiles");
    publish(log, Topic.CHECKPOINTS, "checkpoints");
    return log.filter((key, o) -> o instanceof LogOutput.Stopped, Named.as("log-stopped"))
        .mapValues(o -> ((LogOutput.Stopped) o).suspicion(), Named.as("why-log-stopped"));
  }

  private static void publish(KStream<String, LogOutput> log, Topic topic, String name) {
    log.filter(
            (key, o) -> o instanceof LogOutput.Published p && p.record().topic() == topic,
            Named.as("of-" + name))
        .mapValues(o -> ((LogOutput.Published) o).record(), Named.as("to-" + name))
        .to(
            topic.topicName(),
            Produced.with(TEXT, LogRecordSerde.INSTANCE)
                .withStreamPartitioner(
                    (t, key, record, n) -> Optional.of(Set.of(record.partition())))
                .withName(name));
  }

  private Admitted describe(AdmissionOutcome.Admitted admitted) {
    Event event = admitted.event().event();
    List<KeyValue<String, Grant>> granted = grant(event);
    Attribution draft =
        granted.isEmpty()
            ? Draft.of(admitted.event(), admitted.position(), matcher.hits(event))
            : Draft.ofGrant(admitted.event(), admitted.position(), granted.getFirst().value);
    return new Admitted(admitted.event(), draft, granted);
  }

  private void attribute(KStream<String, Admitted> admitted) {
    KStream<String, Grant> granted =
        admitted.flatMap((chain, a) -> a.grants(), Named.as("grants-verified"));
    KStream<String, TokenMessage> claims =
        sessionClaims(admitted)
            .merge(
                granted.map((human, g) -> keyed(GrantClaim.of(g)), Named.as("claims-of-grants")),
                Named.as("all-claims"));
    KStream<String, TokenMessage> asks =
        admitted.flatMap(
            (chain, a) -> a.tokens().stream().map(t -> keyed(ask(t, a))).toList(),
            Named.as("asks"));
    KStream<String, Attribution> answered = answer(claims.merge(asks, Named.as("claims-and-asks")));
    KStream<String, Attribution> direct =
        admitted
            .filter((chain, a) -> a.tokens().isEmpty(), Named.as("asks-nobody"))
            .map(
                (chain, a) -> pair(a.draft().event().toString(), a.draft()),
                Named.as("speaks-for-itself"));
    judge(granted, answered.merge(direct, Named.as("attributed-once")));
  }

  private KStream<String, TokenMessage> sessionClaims(KStream<String, Admitted> admitted) {
    store(SessionProcessor.STORE, TEXT, serde(SessionProcessor.STATE));
    store(SessionProcessor.CALLS, Serdes.Bytes(), serde(SessionProcessor.CALL));
    return admitted
        .filter(
            (chain, a) -> a.draft().best().agent() != null && a.draft().best().session() != null,
            Named.as("of-sessions"))
        .map(
            (chain, a) -> pair(String.valueOf(a.draft().best().session()), a.draft()),
            Named.as("by-session"))
        .repartition(repartitioned("sessions", serde(Formats.ATTRIBUTION)))
        .process(
            SessionProcessor::new,
            Named.as("follow-session"),
            SessionProcessor.STORE,
            SessionProcessor.CALLS)
        .mapValues(claim -> new TokenMessage(claim, null), Named.as("claims-of-sessions"));
  }

  private KStream<String, Attribution> answer(KStream<String, TokenMessage> messages) {
    store(ClaimProcessor.CLAIMS, Serdes.Bytes(), serde(AttributeFormats.CLAIM));
    store(ClaimProcessor.ASKS, Serdes.Bytes(), serde(AttributeFormats.ASK));
    store(GatherProcessor.STORE, TEXT, serde(AttributeFormats.GATHERED));
    KStream<String, Answer> answers =
        messages
            .repartition(repartitioned("tokens", serde(AttributeFormats.TOKEN_MESSAGE)))
            .process(
                ClaimProcessor::new,
                Named.as("join-claims"),
                ClaimProcessor.CLAIMS,
                ClaimProcessor.ASKS);
    return answers
        .repartition(repartitioned("answers", serde(AttributeFormats.ANSWER)))
        .process(GatherProcessor::new, Named.as("gather-answers"), GatherProcessor.STORE);
  }

  private void judge(KStream<String, Grant> granted, KStream<String, Attribution> acts) {
    store(DelegationProcessor.GRANTS, Serdes.Bytes(), serde(AttributeFormats.GRANT));
    store(DelegationProcessor.ACTS, Serdes.Bytes(), serde(Formats.ATTRIBUTION));
    acts.map((event, a) -> pair(humanOf(a), new ActorMessage(a, null)), Named.as("by-human"))
        .merge(
            granted.mapValues(g -> new ActorMessage(null, g), Named.as("grants-by-human")),
            Named.as("acts-and-grants"))
        .repartition(repartitioned("humans", serde(AttributeFormats.ACTOR_MESSAGE)))
        .process(
            DelegationProcessor::new,
            Named.as("judge-delegation"),
            DelegationProcessor.GRANTS,
            DelegationProcessor.ACTS)
        .to(
            Topic.ATTRIBUTED.topicName(),
            Produced.with(TEXT, serde(Formats.ATTRIBUTION)).withName("attributed"));
  }

  private KStream<String, Consequence> detect() {
    store(DetectProcessor.STORE, TEXT, serde(DetectFormats.DETECT_STATE));
    return builder.stream(
            Topic.ATTRIBUTED.topicName(),
            Consumed.with(TEXT, serde(Formats.ATTRIBUTION)).withName("attributed-again"))
        .process(() -> new DetectProcessor(sightings), Named.as("detect"), DetectProcessor.STORE);
  }

  private void trace(KStream<String, Consequence> consequences) {
    consequences
        .filter((key, c) -> c instanceof Consequence.Edge, Named.as("edges"))
        .mapValues(c -> ((Consequence.Edge) c).edge(), Named.as("edge"))
        .to(Topic.TRACES.topicName(), Produced.with(TEXT, serde(Formats.EDGE)).withName("traces"));
  }

  private void alert(
      KStream<String, AdmissionOutcome.Suspicion> suspicions,
      KStream<String, Consequence> consequences) {
    store(FindingProcessor.STORE, TEXT, serde(FindingProcessor.STATE));
    store(FindingProcessor.EVIDENCE, Serdes.Bytes(), serde(DetectFormats.SIGHTING));
    KStream<String, Sighting> ofChains =
        suspicions.flatMap((chain, s) -> inChains(s), Named.as("suspicions-of-chains"));
    consequences
        .filter((key, c) -> c instanceof Consequence.Seen, Named.as("seen"))
        .mapValues(c -> ((Consequence.Seen) c).sighting(), Named.as("sighting"))
        .merge(ofChains, Named.as("all-sightings"))
        .repartition(repartitioned("findings", serde(DetectFormats.SIGHTING)))
        .process(
            () -> new FindingProcessor(ocsf),
            Named.as("gather-evidence"),
            FindingProcessor.STORE,
            FindingProcessor.EVIDENCE)
        .to(Topic.ALERTS.topicName(), Produced.with(TEXT, Serdes.ByteArray()).withName("alerts"));
  }

  private List<KeyValue<String, Sighting>> inChains(AdmissionOutcome.Suspicion suspicion) {
    return sightings.in(suspicion).stream().map(s -> pair(s.finding(), s)).toList();
  }

  private List<KeyValue<String, Grant>> grant(Event event) {
    if (!(event.body() instanceof Body.DelegationGranted granted)) {
      return List.of();
    }
    try {
      Grant grant = grants.read(event, granted);
      return List.of(pair(grant.grantor(), grant));
    } catch (InvalidDelegationException e) {
      LOG.warn(
          "delegation {} of event {} does not count: {}", granted.id(), event.id(), e.getMessage());
      return List.of();
    }
  }

  private static TokenMessage ask(String token, Admitted a) {
    return new TokenMessage(null, new Ask(token, a.tokens().size(), a.draft()));
  }

  private static KeyValue<String, TokenMessage> keyed(TokenMessage message) {
    String token =
        message.claim() != null
            ? message.claim().token()
            : message.ask() != null ? message.ask().token() : "";
    return pair(token, message);
  }

  private static String humanOf(Attribution act) {
    Human human = act.best().human();
    return human == null ? "" : human.id();
  }

  private static <V> KeyValue<String, V> pair(String key, V value) {
    return KeyValue.pair(key, value);
  }

  private <V> Repartitioned<String, V> repartitioned(String name, Serde<V> serde) {
    return Repartitioned.<String, V>as(name)
        .withKeySerde(TEXT)
        .withValueSerde(serde)
        .withNumberOfPartitions(partitions);
  }

  private <K, V> void store(String name, Serde<K> key, Serde<V> value) {
    StoreBuilder<?> store =
        Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore(name), key, value)
            .withLoggingEnabled(changelog());
    builder.addStateStore(store);
  }

  private static Map<String, String> changelog() {
    Map<String, String> settings = new TreeMap<>();
    settings.put("max.message.bytes", Integer.toString(Topic.MAX_MESSAGE_BYTES));
    return settings;
  }

  private static <T> Serde<T> serde(RecordFormat<T> format) {
    return RecordSerde.of(format);
  }
}
