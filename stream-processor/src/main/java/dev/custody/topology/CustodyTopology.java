package dev.custody.topology;

import dev.custody.admission.TrustedRoots;
import dev.custody.admit.AdmissionOutcome;
import dev.custody.admit.AdmitProcessor;
import dev.custody.alert.FindingProcessor;
import dev.custody.alert.OcsfFindings;
import dev.custody.attribute.ActorMessage;
import dev.custody.attribute.Ask;
import dev.custody.attribute.AttributeFormats;
import dev.custody.attribute.Claim;
import dev.custody.attribute.ClaimProcessor;
import dev.custody.attribute.DelegationProcessor;
import dev.custody.attribute.Draft;
import dev.custody.attribute.Ending;
import dev.custody.attribute.GatherProcessor;
import dev.custody.attribute.Grant;
import dev.custody.attribute.GrantClaim;
import dev.custody.attribute.GrantReader;
import dev.custody.attribute.Question;
import dev.custody.attribute.StatementReader;
import dev.custody.attribute.TokenMessage;
import dev.custody.attribution.Attribution;
import dev.custody.attribution.Grade;
import dev.custody.complete.CompleteFormats;
import dev.custody.complete.CompletenessProcessor;
import dev.custody.complete.PulseProcessor;
import dev.custody.correlate.LineageProcessor;
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
import org.apache.kafka.streams.state.KeyValueStore;
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
 * admitted -> sessions, and collectors -> silences          \
 * attributed -> detect -> traces, sightings ----------------- > by finding -> alerts
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
  private final StatementReader statements;
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
    this.statements = new StatementReader(roots);
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
    KStream<String, Attribution> attributed =
        builder.stream(
            Topic.ATTRIBUTED.topicName(),
            Consumed.with(TEXT, serde(Formats.ATTRIBUTION)).withName("attributed-again"));
    KStream<String, Attribution> sessions = sessions(admitted, attributed);
    attribute(admitted, sessions);
    KStream<String, Consequence> consequences = detect(attributed);
    trace(consequences);
    alert(suspicions, consequences, silences(admitted, sessions));
  }

  /** What is known of an admitted event at first. */
  private record Admitted(
      Attribution draft,
      List<KeyValue<String, TokenMessage>> asks,
      List<KeyValue<String, Grant>> grants,
      List<KeyValue<String, Ending>> endings) {
    // What an agent reported is its own; only what nobody reported asks who did it.
    static List<KeyValue<String, TokenMessage>> asks(Event event, Attribution draft) {
      if (draft.best().grade() != Grade.UNATTRIBUTED || draft.source().kind().equals("custody")) {
        return List.of();
      }
      Question question = Question.of(event, draft);
      List<String> tokens = question.tokens();
      return tokens.stream()
          .map(t ->
              pair(
                  t,
                  TokenMessage.ofAsk(
                      new Ask(t, tokens.size(), question),
                      t.equals(tokens.getFirst()) ? draft : null)))
          .toList();
    }
  }

  private KStream<String, AdmissionOutcome> admit() {
    changingStore(AdmitProcessor.STORE, Serdes.Bytes(), Serdes.ByteArray());
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
    List<KeyValue<String, Ending>> revoked = revocation(event);
    Attribution draft = draft(admitted, granted, revoked);
    return new Admitted(draft, Admitted.asks(event, draft), granted, revoked);
  }

  private Attribution draft(
      AdmissionOutcome.Admitted admitted,
      List<KeyValue<String, Grant>> granted,
      List<KeyValue<String, Ending>> revoked) {
    if (!granted.isEmpty()) {
      return Draft.ofGrant(admitted.event(), admitted.position(), granted.getFirst().value);
    }
    return revoked.isEmpty()
        ? statements.draft(
            admitted.event(), admitted.position(), matcher.hits(admitted.event().event()))
        : Draft.ofRevocation(admitted.event(), admitted.position(), revoked.getFirst().value);
  }

  private void attribute(
      KStream<String, Admitted> admitted, KStream<String, Attribution> sessions) {
    KStream<String, Grant> granted =
        admitted.flatMap((chain, a) -> a.grants(), Named.as("grants-verified"));
    KStream<String, TokenMessage> claims =
        sessionClaims(sessions)
            .merge(
                granted.map((human, g) -> claimed(GrantClaim.of(g)), Named.as("claims-of-grants")),
                Named.as("all-claims"));
    KStream<String, TokenMessage> asks = admitted.flatMap((chain, a) -> a.asks(), Named.as("asks"));
    KStream<String, Attribution> answered = answer(claims.merge(asks, Named.as("claims-and-asks")));
    KStream<String, Attribution> direct =
        admitted
            .filter((chain, a) -> a.asks().isEmpty(), Named.as("asks-nobody"))
            .map(
                (chain, a) -> pair(a.draft().event().toString(), a.draft()),
                Named.as("speaks-for-itself"));
    KStream<String, Ending> revoked =
        admitted.flatMap((chain, a) -> a.endings(), Named.as("revocations-verified"));
    judge(granted, revoked, answered.merge(direct, Named.as("attributed-once")));
  }

  /** What happens in each session, and which credentials it came by. */
  private KStream<String, Attribution> sessions(
      KStream<String, Admitted> admitted, KStream<String, Attribution> attributed) {
    store(LineageProcessor.STORE, TEXT, serde(LineageProcessor.TOLD));
    KStream<String, Attribution> lineage =
        attributed
            .filter(
                (event, a) -> a.kind().equals("CloudCall") && a.issued() != null,
                Named.as("handed-out"))
            .process(LineageProcessor::new, Named.as("follow-credentials"), LineageProcessor.STORE);
    return admitted
        .filter(
            (chain, a) -> a.draft().best().agent() != null && a.draft().best().session() != null,
            Named.as("of-sessions"))
        .map(
            (chain, a) -> pair(String.valueOf(a.draft().best().session()), a.draft()),
            Named.as("by-session"))
        .merge(lineage, Named.as("sessions-and-lineage"))
        .repartition(repartitioned("sessions", serde(Formats.ATTRIBUTION)));
  }

  private KStream<String, TokenMessage> sessionClaims(KStream<String, Attribution> sessions) {
    store(SessionProcessor.STORE, TEXT, serde(SessionProcessor.STATE));
    store(SessionProcessor.CALLS, Serdes.Bytes(), serde(SessionProcessor.CALL));
    return sessions
        .process(
            SessionProcessor::new,
            Named.as("follow-session"),
            SessionProcessor.STORE,
            SessionProcessor.CALLS)
        .mapValues(TokenMessage::ofClaim, Named.as("claims-of-sessions"));
  }

  private KStream<String, Attribution> answer(KStream<String, TokenMessage> messages) {
    store(ClaimProcessor.CLAIMS, Serdes.Bytes(), serde(AttributeFormats.CLAIM));
    store(ClaimProcessor.LENGTHS, TEXT, Serdes.Integer());
    store(ClaimProcessor.ASKS, Serdes.Bytes(), serde(AttributeFormats.ASK));
    changingStore(GatherProcessor.STORE, TEXT, serde(AttributeFormats.GATHERED));
    store(GatherProcessor.DEADLINES, Serdes.Bytes(), TEXT);
    return messages
        .repartition(repartitioned("tokens", serde(AttributeFormats.TOKEN_MESSAGE)))
        .process(
            ClaimProcessor::new,
            Named.as("join-claims"),
            ClaimProcessor.CLAIMS,
            ClaimProcessor.LENGTHS,
            ClaimProcessor.ASKS)
        .repartition(repartitioned("answers", serde(AttributeFormats.EVENT_MESSAGE)))
        .process(
            GatherProcessor::new,
            Named.as("gather-answers"),
            GatherProcessor.STORE,
            GatherProcessor.DEADLINES);
  }

  private void judge(
      KStream<String, Grant> granted,
      KStream<String, Ending> revoked,
      KStream<String, Attribution> acts) {
    store(DelegationProcessor.GRANTS, Serdes.Bytes(), serde(AttributeFormats.GRANT));
    store(DelegationProcessor.ENDINGS, Serdes.Bytes(), serde(AttributeFormats.ENDING));
    store(DelegationProcessor.ACTS, Serdes.Bytes(), serde(Formats.ATTRIBUTION));
    KStream<String, Attribution> judged =
        acts.filter((event, a) -> isSomebodys(a), Named.as("of-somebody"))
            .map(
                (event, a) -> pair(humanOf(a), new ActorMessage(a, null, null)),
                Named.as("by-human"))
            .merge(
                granted.mapValues(
                    g -> new ActorMessage(null, g, null), Named.as("grants-by-human")),
                Named.as("acts-and-grants"))
            .merge(
                revoked.mapValues(
                    e -> new ActorMessage(null, null, e), Named.as("revocations-by-human")),
                Named.as("acts-grants-and-revocations"))
            .repartition(repartitioned("humans", serde(AttributeFormats.ACTOR_MESSAGE)))
            .process(
                DelegationProcessor::new,
                Named.as("judge-delegation"),
                DelegationProcessor.GRANTS,
                DelegationProcessor.ENDINGS,
                DelegationProcessor.ACTS);
    // What nobody is known to have done is under nobody's delegation.
    acts.filter((event, a) -> !isSomebodys(a), Named.as("of-nobody"))
        .merge(judged, Named.as("all-attributed"))
        .to(
            Topic.ATTRIBUTED.topicName(),
            Produced.with(TEXT, serde(Formats.ATTRIBUTION)).withName("attributed"));
  }

  private KStream<String, Consequence> detect(KStream<String, Attribution> attributed) {
    store(DetectProcessor.STORE, TEXT, serde(DetectFormats.DETECT_STATE));
    return attributed.process(
        () -> new DetectProcessor(sightings), Named.as("detect"), DetectProcessor.STORE);
  }

  private void trace(KStream<String, Consequence> consequences) {
    consequences
        .filter((key, c) -> c instanceof Consequence.Edge, Named.as("edges"))
        .mapValues(c -> ((Consequence.Edge) c).edge(), Named.as("edge"))
        .to(Topic.TRACES.topicName(), Produced.with(TEXT, serde(Formats.EDGE)).withName("traces"));
  }

  /** What should have been heard of and was not. */
  private KStream<String, Sighting> silences(
      KStream<String, Admitted> admitted, KStream<String, Attribution> sessions) {
    store(CompletenessProcessor.SESSIONS, TEXT, serde(CompleteFormats.SESSION));
    store(CompletenessProcessor.CALLS, Serdes.Bytes(), serde(CompleteFormats.CALL));
    store(CompletenessProcessor.PROMPTS, Serdes.Bytes(), serde(CompleteFormats.PROMPT));
    store(CompletenessProcessor.DEADLINES, Serdes.Bytes(), TEXT);
    changingStore(PulseProcessor.STORE, TEXT, serde(CompleteFormats.CHAIN));
    store(PulseProcessor.DEADLINES, Serdes.Bytes(), TEXT);
    KStream<String, Sighting> ofCollectors =
        admitted
            .mapValues(Admitted::draft, Named.as("of-collectors"))
            .process(
                () -> new PulseProcessor(sightings),
                Named.as("hear-collectors"),
                PulseProcessor.STORE,
                PulseProcessor.DEADLINES);
    return sessions
        .process(
            () -> new CompletenessProcessor(sightings),
            Named.as("miss-nothing"),
            CompletenessProcessor.SESSIONS,
            CompletenessProcessor.CALLS,
            CompletenessProcessor.PROMPTS,
            CompletenessProcessor.DEADLINES)
        .merge(ofCollectors, Named.as("silences"));
  }

  private void alert(
      KStream<String, AdmissionOutcome.Suspicion> suspicions,
      KStream<String, Consequence> consequences,
      KStream<String, Sighting> silences) {
    store(FindingProcessor.STORE, TEXT, serde(FindingProcessor.STATE));
    store(FindingProcessor.EVIDENCE, Serdes.Bytes(), serde(DetectFormats.SIGHTING));
    KStream<String, Sighting> ofChains =
        suspicions.flatMap((chain, s) -> inChains(s), Named.as("suspicions-of-chains"));
    consequences
        .filter((key, c) -> c instanceof Consequence.Seen, Named.as("seen"))
        .mapValues(c -> ((Consequence.Seen) c).sighting(), Named.as("sighting"))
        .merge(ofChains, Named.as("sightings-of-chains"))
        .merge(silences, Named.as("all-sightings"))
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
          "delegation {} of event {} does not count: {}: {}",
          granted.id(),
          event.id(),
          e.defect(),
          e.getMessage());
      return List.of();
    }
  }

  private List<KeyValue<String, Ending>> revocation(Event event) {
    if (!(event.body() instanceof Body.DelegationRevoked revoked)) {
      return List.of();
    }
    try {
      Ending ending = grants.read(event, revoked);
      return List.of(pair(ending.grantor(), ending));
    } catch (InvalidDelegationException e) {
      LOG.warn(
          "revocation of {} in event {} does not count: {}: {}",
          revoked.id(),
          event.id(),
          e.defect(),
          e.getMessage());
      return List.of();
    }
  }

  private static KeyValue<String, TokenMessage> claimed(Claim claim) {
    return pair(claim.token(), TokenMessage.ofClaim(claim));
  }

  private static boolean isSomebodys(Attribution act) {
    return act.best().agent() != null || act.best().human() != null;
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
    builder.addStateStore(stored(name, key, value));
  }

  /** One whose rows change several times between commits: the last change is what is kept. */
  private <K, V> void changingStore(String name, Serde<K> key, Serde<V> value) {
    builder.addStateStore(stored(name, key, value).withCachingEnabled());
  }

  private static <K, V> StoreBuilder<KeyValueStore<K, V>> stored(
      String name, Serde<K> key, Serde<V> value) {
    return Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore(name), key, value)
        .withLoggingEnabled(changelog());
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
