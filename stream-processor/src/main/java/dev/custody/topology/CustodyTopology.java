package dev.custody.topology;

import static dev.custody.topology.Wiring.TEXT;
import static dev.custody.topology.Wiring.serde;

import dev.custody.admission.TrustedRoots;
import dev.custody.admit.AdmissionOutcome;
import dev.custody.admit.AdmitProcessor;
import dev.custody.attribute.ActorMessage;
import dev.custody.attribute.Ask;
import dev.custody.attribute.AttributeFormats;
import dev.custody.attribute.Basis;
import dev.custody.attribute.Claim;
import dev.custody.attribute.ClaimProcessor;
import dev.custody.attribute.DelegationProcessor;
import dev.custody.attribute.Draft;
import dev.custody.attribute.Ending;
import dev.custody.attribute.EventMessage;
import dev.custody.attribute.GatherProcessor;
import dev.custody.attribute.Grant;
import dev.custody.attribute.GrantClaim;
import dev.custody.attribute.GrantReader;
import dev.custody.attribute.NeighbourProcessor;
import dev.custody.attribute.Question;
import dev.custody.attribute.Reply;
import dev.custody.attribute.StatementReader;
import dev.custody.attribute.TokenMessage;
import dev.custody.attribution.Attribution;
import dev.custody.attribution.Grade;
import dev.custody.attribution.RuleHits;
import dev.custody.complete.CompleteFormats;
import dev.custody.complete.CompletenessProcessor;
import dev.custody.complete.PulseProcessor;
import dev.custody.correlate.LineageProcessor;
import dev.custody.correlate.SessionProcessor;
import dev.custody.coverage.Counter;
import dev.custody.detect.DetectProcessor.Consequence;
import dev.custody.detect.RuleMatcher;
import dev.custody.detect.Sighting;
import dev.custody.detect.Sightings;
import dev.custody.event.Event;
import dev.custody.event.Human;
import dev.custody.log.LogKeys;
import dev.custody.log.LogOutput;
import dev.custody.log.LogProcessor;
import dev.custody.log.PublishedCheckpoints;
import dev.custody.sigma.RuleSet;
import dev.custody.topic.Topic;
import dev.custody.wire.Formats;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Produced;

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
  private final Wiring wiring;
  private final TrustedRoots roots;
  private final RuleMatcher matcher;
  private final Sightings sightings;
  private final DetectionGraph detection;
  private final GrantReader grants;
  private final StatementReader statements;
  private final LogKeys logs;
  private final long firstRevision;
  private final PublishedCheckpoints published;

  private CustodyTopology(
      TrustedRoots roots,
      RuleSet rules,
      int partitions,
      LogKeys logs,
      PublishedCheckpoints published) {
    this.roots = roots;
    this.logs = logs;
    this.firstRevision = GatherProcessor.firstRevision(logs.reopened());
    this.published = published;
    this.matcher = new RuleMatcher(rules);
    this.sightings = new Sightings(matcher);
    this.wiring = new Wiring(partitions);
    this.detection = new DetectionGraph(wiring, rules, sightings);
    this.grants = new GrantReader(roots);
    this.statements = new StatementReader(roots);
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
    return graph.wiring.builder.build();
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
        wiring.builder.stream(
            Topic.ATTRIBUTED.topicName(),
            Consumed.with(TEXT, serde(Formats.ATTRIBUTION)).withName("attributed-again"));
    KStream<String, Attribution> sessions = sessions(admitted, attributed);
    attribute(admitted, sessions);
    KStream<String, Consequence> consequences = detection.consequences(attributed);
    detection.alert(suspicions, consequences, silences(admitted, sessions));
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
    wiring.changingStore(AdmitProcessor.STORE, Serdes.Bytes(), Serdes.ByteArray());
    return wiring.builder.stream(
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
    wiring.store(LogProcessor.STORE, Serdes.Bytes(), Serdes.ByteArray());
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
    Optional<Grant> granted = grants.grant(event);
    Optional<Ending> revoked = grants.revocation(event);
    RuleHits hits =
        granted.isPresent() ? matcher.seen(event) : matcher.seen(event).and(refused(event));
    Attribution first =
        granted
            .map(grant -> Draft.ofGrant(admitted.event(), admitted.position(), hits, grant))
            .or(() ->
                revoked.map(ending ->
                    Draft.ofRevocation(admitted.event(), admitted.position(), hits, ending)))
            .orElseGet(() -> statements.draft(admitted.event(), admitted.position(), hits));
    Attribution draft = Draft.at(first, firstRevision);
    return new Admitted(
        draft,
        Admitted.asks(event, draft),
        granted.map(grant -> pair(grant.grantor(), grant)).stream().toList(),
        revoked.map(ending -> pair(ending.grantor(), ending)).stream().toList());
  }

  /** What rules see in a delegation that does not count. */
  private RuleHits refused(Event event) {
    return grants
        .refusal(event)
        .map(why ->
            matcher.seenInRefusedDelegation(
                event, why.defect().name(), String.valueOf(why.getMessage())))
        .orElse(RuleHits.NONE);
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
    wiring.store(LineageProcessor.STORE, TEXT, serde(LineageProcessor.TOLD));
    KStream<String, Attribution> lineage =
        attributed
            .filter(
                (event, a) ->
                    (a.kind().equals("CloudCall") && a.issued() != null)
                        || a.kind().equals("CredentialRevoked"),
                Named.as("handed-out"))
            .process(LineageProcessor::new, Named.as("follow-credentials"), LineageProcessor.STORE);
    return admitted
        .filter(
            (chain, a) -> a.draft().best().agent() != null && a.draft().best().session() != null,
            Named.as("of-sessions"))
        .flatMap((chain, a) -> bySession(a.draft()), Named.as("by-session"))
        .merge(lineage, Named.as("sessions-and-lineage"))
        .repartition(wiring.repartitioned("sessions", serde(Formats.ATTRIBUTION)));
  }

  /** An act once for its session, and once for the run that counted it. */
  private static List<KeyValue<String, Attribution>> bySession(Attribution draft) {
    String session = String.valueOf(draft.best().session());
    Counter counter = Counter.of(draft.source());
    return counter == null || !counter.ofRun() || counter.name().equals(session)
        ? List.of(pair(session, draft))
        : List.of(pair(session, draft), pair(counter.name(), draft));
  }

  /** Whether {@code act} is there for the run {@code key} that counted it, not for its session. */
  private static boolean isCounted(String key, Attribution act) {
    Counter counter = Counter.of(act.source());
    return counter != null
        && counter.ofRun()
        && counter.name().equals(key)
        && !key.equals(act.best().session());
  }

  private KStream<String, TokenMessage> sessionClaims(KStream<String, Attribution> sessions) {
    wiring.store(SessionProcessor.STORE, TEXT, serde(SessionProcessor.STATE));
    wiring.store(SessionProcessor.CALLS, Serdes.Bytes(), serde(SessionProcessor.CALL));
    return sessions
        .filterNot((key, act) -> isCounted(key, act), Named.as("acts-of-sessions"))
        .process(
            SessionProcessor::new,
            Named.as("follow-session"),
            SessionProcessor.STORE,
            SessionProcessor.CALLS)
        .mapValues(TokenMessage::ofClaim, Named.as("claims-of-sessions"));
  }

  private KStream<String, Attribution> answer(KStream<String, TokenMessage> messages) {
    wiring.store(ClaimProcessor.CLAIMS, Serdes.Bytes(), serde(AttributeFormats.CLAIM));
    wiring.store(ClaimProcessor.LENGTHS, TEXT, Serdes.Integer());
    wiring.store(ClaimProcessor.ASKS, Serdes.Bytes(), serde(AttributeFormats.ASK));
    wiring.store(ClaimProcessor.USES, Serdes.Bytes(), Serdes.Bytes());
    wiring.changingStore(GatherProcessor.STORE, TEXT, serde(AttributeFormats.GATHERED));
    wiring.store(GatherProcessor.DEADLINES, Serdes.Bytes(), TEXT);
    KStream<String, Reply> replies =
        messages
            .filterNot((token, m) -> isOfUser(m), Named.as("of-tokens"))
            .repartition(wiring.repartitioned("tokens", serde(AttributeFormats.TOKEN_MESSAGE)))
            .process(
                ClaimProcessor::new,
                Named.as("join-claims"),
                ClaimProcessor.CLAIMS,
                ClaimProcessor.LENGTHS,
                ClaimProcessor.ASKS,
                ClaimProcessor.USES);
    return replies
        .filter((key, reply) -> reply instanceof EventMessage, Named.as("answered"))
        .mapValues(reply -> (EventMessage) reply, Named.as("answer"))
        .merge(neighbours(messages, replies), Named.as("all-answers"))
        .repartition(wiring.repartitioned("answers", serde(AttributeFormats.EVENT_MESSAGE)))
        .process(
            GatherProcessor::new,
            Named.as("gather-answers"),
            GatherProcessor.STORE,
            GatherProcessor.DEADLINES);
  }

  /** What else ran as the user of a credential's holder. */
  private KStream<String, EventMessage> neighbours(
      KStream<String, TokenMessage> messages, KStream<String, Reply> replies) {
    wiring.store(NeighbourProcessor.CALLS, Serdes.Bytes(), serde(AttributeFormats.CLAIM));
    wiring.store(NeighbourProcessor.LENGTHS, TEXT, Serdes.Integer());
    wiring.store(NeighbourProcessor.ASKS, Serdes.Bytes(), serde(AttributeFormats.ASK));
    KStream<String, TokenMessage> asks =
        replies
            .filter((user, reply) -> reply instanceof Ask, Named.as("asks-user"))
            .mapValues(reply -> TokenMessage.ofAsk((Ask) reply, null), Named.as("ask-of-user"));
    return messages
        .filter((user, m) -> isOfUser(m), Named.as("calls-of-user"))
        .merge(asks, Named.as("calls-and-asks-of-user"))
        .repartition(wiring.repartitioned("users", serde(AttributeFormats.TOKEN_MESSAGE)))
        .process(
            NeighbourProcessor::new,
            Named.as("join-neighbours"),
            NeighbourProcessor.CALLS,
            NeighbourProcessor.LENGTHS,
            NeighbourProcessor.ASKS);
  }

  private static boolean isOfUser(TokenMessage message) {
    Claim claim = message.claim();
    return claim != null && claim.basis() == Basis.SAME_USER;
  }

  private void judge(
      KStream<String, Grant> granted,
      KStream<String, Ending> revoked,
      KStream<String, Attribution> acts) {
    wiring.store(DelegationProcessor.GRANTS, Serdes.Bytes(), serde(AttributeFormats.GRANT));
    wiring.store(DelegationProcessor.ENDINGS, Serdes.Bytes(), serde(AttributeFormats.ENDING));
    wiring.store(DelegationProcessor.ACTS, Serdes.Bytes(), serde(Formats.ATTRIBUTION));
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
            .repartition(wiring.repartitioned("humans", serde(AttributeFormats.ACTOR_MESSAGE)))
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

  /** What should have been heard of and was not. */
  private KStream<String, Sighting> silences(
      KStream<String, Admitted> admitted, KStream<String, Attribution> sessions) {
    wiring.store(CompletenessProcessor.SESSIONS, TEXT, serde(CompleteFormats.SESSION));
    wiring.store(CompletenessProcessor.CALLS, Serdes.Bytes(), serde(CompleteFormats.CALL));
    wiring.store(CompletenessProcessor.PROMPTS, Serdes.Bytes(), serde(CompleteFormats.PROMPT));
    wiring.store(CompletenessProcessor.DEADLINES, Serdes.Bytes(), TEXT);
    wiring.changingStore(PulseProcessor.STORE, TEXT, serde(CompleteFormats.CHAIN));
    wiring.store(PulseProcessor.DEADLINES, Serdes.Bytes(), TEXT);
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
}
