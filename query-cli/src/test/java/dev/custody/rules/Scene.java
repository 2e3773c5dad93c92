package dev.custody.rules;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.custody.capture.CaptureException;
import dev.custody.capture.Observer;
import dev.custody.capture.Recorder;
import dev.custody.chain.ChainHead;
import dev.custody.chain.Envelope;
import dev.custody.chain.Sealer;
import dev.custody.delegations.Bindings;
import dev.custody.delegations.DelegationBook;
import dev.custody.delegations.MemoryNotes;
import dev.custody.delegations.SubAgentHops;
import dev.custody.digest.Bytes;
import dev.custody.enforce.DecisionPoint;
import dev.custody.enforce.Policy;
import dev.custody.enforce.PolicyFile;
import dev.custody.event.Body;
import dev.custody.event.Event;
import dev.custody.event.EventBuilder;
import dev.custody.event.Host;
import dev.custody.event.Source;
import dev.custody.identity.Delegation;
import dev.custody.identity.Scope;
import dev.custody.identity.SpiffeId;
import dev.custody.missed.MissedHooks;
import dev.custody.sighting.SessionRedactors;
import dev.custody.source.SessionPlaces;
import dev.custody.source.agent.AgentHooks;
import dev.custody.source.agent.Oversight;
import dev.custody.source.claudecode.ClaudeCodeHooks;
import dev.custody.source.cloudtrail.CloudTrailSource;
import dev.custody.source.codex.CodexHooks;
import dev.custody.source.delegation.DelegationRequest;
import dev.custody.source.delegation.DelegationSource;
import dev.custody.source.gcp.GcpSource;
import dev.custody.source.gemini.GeminiHooks;
import dev.custody.source.git.SecretChecks;
import dev.custody.source.github.GitHubSource;
import dev.custody.source.kubernetes.KubernetesSource;
import dev.custody.source.mcp.McpSource;
import dev.custody.source.opencode.OpencodeHooks;
import dev.custody.source.otlp.Encoding;
import dev.custody.source.otlp.OtlpReceiver;
import dev.custody.source.otlp.Signal;
import dev.custody.source.records.AuditLog;
import dev.custody.tag.SessionEnvironment;
import dev.custody.tag.SessionTags;
import dev.custody.wire.Formats;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A developer's machine and its collector, while the steps of one sequence happen. */
final class Scene implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String HOST = "laptop";
  private static final String HUMAN = "dana";

  /** What records have in place of the path of a repository. */
  private static final String REPOSITORY = "@repository@";

  private static final Pattern TAG = Pattern.compile("CUSTODY_SESSION_TAG=(\\S+)");

  private final Acme organisation;
  private final Path directory;
  private final Observer observer;
  private final Map<String, AgentHooks<?>> hooks;
  private final Map<String, AuditLog> logs;
  private final McpSource mcp;
  private final OtlpReceiver telemetry;
  private final DelegationBook book;
  private final DelegationSource delegations;
  private final SessionEnvironment environment;
  private final SessionPlaces places = new SessionPlaces();
  private final Map<String, Delegation> granted = new TreeMap<>();
  private final Map<String, Body.Hop> signatures = new TreeMap<>();
  private final Map<String, WorkTree> workTrees = new TreeMap<>();
  private final Sealer sealer;
  private final List<Arrival> arrivals = new ArrayList<>();
  private final List<Arrival> held = new ArrayList<>();
  private final Set<String> known = new HashSet<>();
  private Instant now = Acme.START.minusSeconds(60);
  private String tag = "none";
  private int lost;
  private boolean late;
  private boolean damaged;
  private boolean killed;

  /** A record as Kafka would hold it. */
  record Arrival(Bytes key, Bytes value, long timestamp) {}

  Scene(Acme organisation, Path directory, List<Step> steps) throws Exception {
    this.organisation = organisation;
    this.directory = Files.createDirectories(directory);
    this.observer =
        new Observer(
            new Host(HOST, "Linux"), HUMAN, Acme.DOMAIN, organisation.fingerprints(), () -> now);
    MemoryNotes notes = new MemoryNotes();
    this.book = DelegationBook.open(notes, organisation.roots(), observer.clock());
    DecisionPoint decisions = new DecisionPoint(book, policy(steps));
    Bindings bindings = new Bindings(book);
    SessionTags tags = SessionTags.open(observer.fingerprints(), notes, observer.clock());
    this.environment = new SessionEnvironment(tags, observer);
    Oversight oversight =
        new Oversight(
            bindings,
            new SubAgentHops(book, null, organisation.roots(), observer),
            decisions,
            tags);
    SessionRedactors redactors = new SessionRedactors(observer.fingerprints());
    this.hooks =
        Map.of(
            "claude-code", new ClaudeCodeHooks(observer, redactors, oversight),
            "codex", new CodexHooks(observer, redactors, oversight),
            "gemini-cli", new GeminiHooks(observer, redactors, oversight),
            "opencode", new OpencodeHooks(observer, redactors, oversight));
    this.logs =
        Map.of(
            "cloudtrail", new CloudTrailSource(observer),
            "gcp", new GcpSource(observer),
            "github", new GitHubSource(observer),
            "kubernetes", new KubernetesSource(observer));
    this.mcp = McpSource.open(observer, notes, bindings, decisions);
    this.telemetry = new OtlpReceiver(observer, redactors, places);
    this.delegations = new DelegationSource(organisation.roots(), observer, book);
    EventBuilder genesis =
        own(new Body.Genesis(organisation.collectorCertificate(HOST), null, false, "rules"));
    Sealer.Opened opened =
        Sealer.open(organisation.collectorKey(), Formats.EVENT.encode(genesis.build()));
    this.sealer = opened.sealer();
    arrive(opened.genesis());
  }

  /** What reaches Kafka once all of {@code steps} have happened. */
  List<Arrival> play(List<Step> steps) throws Exception {
    for (Step step : steps) {
      now = Acme.START.plus(step.at());
      happen(step.source(), JSON.readTree(named(step.record().toString())));
    }
    if (!killed) {
      now = now.plusMillis(1);
      ChainHead head = sealer.head();
      record(List.of(own(new Body.CollectorStopped(head.sequence(), head.link())).build()));
    }
    return arrivals;
  }

  /** {@code record} with what is known here only in place of its names. */
  private String named(String record) throws Exception {
    String known = record.replace("@tag@", tag);
    return known.contains(REPOSITORY) ? known.replace(REPOSITORY, workTree("api").path()) : known;
  }

  private WorkTree workTree(String name) throws Exception {
    WorkTree there = workTrees.get(name);
    if (there == null) {
      there = WorkTree.begin(directory.resolve(name), observer, this::record);
      workTrees.put(name, there);
    }
    return there;
  }

  private void happen(String source, JsonNode told) throws Exception {
    if (hooks.containsKey(source)) {
      List<Event> events =
          Objects.requireNonNull(hooks.get(source)).receive(bytes(told), null).events();
      places.recorded(events);
      record(events);
    } else if (logs.containsKey(source)) {
      record(Objects.requireNonNull(logs.get(source)).events(told));
    } else {
      switch (source) {
        case "mcp" -> record(mcp.receive(bytes(told), null).events());
        case "otlp" -> export(told);
        case "git" -> workTree(told.path("repository").asText("api")).commit(told, now);
        case "custody" -> own(told);
        default -> throw new IllegalArgumentException("no source " + source);
      }
    }
  }

  private void export(JsonNode told) throws Exception {
    Signal signal = Signal.valueOf(told.required("signal").asText());
    OtlpReceiver.Taken taken =
        telemetry.receive(signal, Encoding.JSON, bytes(told.required("body")), this::record);
    if (taken.refused() > 0) {
      throw new IOException("refused: " + taken.why());
    }
  }

  /** What humans, the disk and the network do to a collector. */
  private void own(JsonNode told) throws Exception {
    String what = told.fieldNames().next();
    JsonNode how = told.required(what);
    switch (what) {
      case "grant" -> granted(delegation(how));
      case "hop" -> handedOn(how);
      case "revoke" ->
          delegated(
              organisation.signed(
                  HUMAN,
                  new Delegation.Revocation(
                      how.asText().replaceFirst("^dlg", "rvk"), HUMAN, how.asText(), now, "over")));
      case "tag" -> tag(how.asText());
      case "missed" -> missed(how);
      case "check" -> record(new SecretChecks(observer).events(how));
      case "lose" -> lost = how.asInt();
      case "late" -> late = true;
      case "resend" -> arrivals.add(arrivals.getLast());
      case "relabel" -> relabelled(arrivals.getLast(), how.asLong());
      case "empty" -> arrivals.clear();
      case "damage" -> damaged = true;
      case "fork" -> forked();
      case "stranger" -> stranger();
      case "kill" -> killed = true;
      case "policy" -> {}
      default -> throw new IllegalArgumentException("nothing of the kind happens: " + what);
    }
  }

  /** The session is given the tag that its calls carry. */
  private void tag(String session) throws Exception {
    String lines =
        environment.give(bytes(JSON.createObjectNode().put("session_id", session)), this::record);
    Matcher matcher = TAG.matcher(lines);
    if (!matcher.find()) {
      throw new IllegalStateException("no tag in " + lines);
    }
    tag = matcher.group(1);
  }

  private Delegation delegation(JsonNode how) {
    Instant from = Acme.START.plusSeconds(how.path("from").asLong(-3600));
    return new Delegation(
        how.required("id").asText(),
        HUMAN,
        SpiffeId.parse("spiffe://" + Acme.DOMAIN + "/agent/claude-code"),
        new Scope(
            List.of(
                new Scope.Grant(
                    List.of(how.required("actions").asText().split(",", -1)), List.of("*")))),
        from,
        from,
        Acme.START.plusSeconds(how.path("until").asLong(43_200)),
        "the day's work",
        how.path("depth").asInt(0));
  }

  private void granted(Delegation delegation) throws Exception {
    Body.Hop signed = organisation.signed(HUMAN, delegation);
    granted.put(delegation.id(), delegation);
    signatures.put(delegation.id(), signed);
    delegated(signed);
  }

  /** A collector in other hands hands a delegation on without asking whether it may. */
  private void handedOn(JsonNode how) throws Exception {
    Delegation parent = Objects.requireNonNull(granted.get(how.required("of").asText()));
    Body.Hop above = Objects.requireNonNull(signatures.get(parent.id()));
    List<SpiffeId> actors = new ArrayList<>(parent.actors());
    actors.addFirst(SpiffeId.parse(parent.actors().getFirst() + "/" + how.required("to").asText()));
    Delegation hop =
        new Delegation(
            how.required("id").asText(),
            Acme.collector(HOST),
            HUMAN,
            actors,
            new Scope(
                List.of(
                    new Scope.Grant(
                        List.of(how.required("actions").asText().split(",", -1)), List.of("*")))),
            parent.notBefore(),
            parent.notBefore(),
            parent.expiresAt().plusSeconds(how.path("longer").asLong(0)),
            "",
            Math.max(0, parent.maxDepth() - 1),
            parent.session(),
            Delegation.commitment(above.token()));
    Body.Hop signed = organisation.handedOn(how.path("by").asText(HOST), hop);
    record(
        List.of(
            own(new Body.DelegationGranted(
                    how.path("as").asText(hop.id()),
                    signed.token(),
                    signed.certificate(),
                    List.of(above)))
                .action("delegation:grant")
                .delegation(hop.id())
                .build()));
  }

  private void delegated(Body.Hop hop) throws Exception {
    record(
        List.of(delegations.event(new DelegationRequest(hop, List.of()).toJson().getBytes(UTF_8))));
  }

  /** Who has the collector's key says in place of the next record that the chain ends here. */
  private void forked() throws Exception {
    ChainHead head = sealer.head();
    EventBuilder end = own(new Body.CollectorStopped(head.sequence(), head.link()));
    Sealer copy = sealer.under(organisation.collectorKey());
    late = true;
    arrive(copy.seal(List.of(Formats.EVENT.encode(end.build()))).getFirst());
  }

  /** A collector that another organisation certified. */
  private void stranger() throws Exception {
    Acme other = new Acme(directory.resolve("other"));
    EventBuilder genesis =
        own(new Body.Genesis(other.collectorCertificate(HOST), null, false, "rules"));
    arrive(Sealer.open(other.collectorKey(), Formats.EVENT.encode(genesis.build())).genesis());
  }

  /** The same record once more, {@code seconds} later by Kafka's own clock. */
  private void relabelled(Arrival last, long seconds) {
    arrivals.add(new Arrival(last.key(), last.value(), last.timestamp() + seconds * 1000));
  }

  // The first look moves the file aside, the second reads it.
  private void missed(JsonNode how) throws IOException {
    String line =
        "%s %s %s %d%n"
            .formatted(
                how.required("agent").asText(),
                how.required("hook").asText(),
                how.required("session").asText(),
                now.toEpochMilli());
    Files.writeString(directory.resolve(MissedHooks.FILE), line);
    MissedHooks.start(directory, observer, this::record).close();
    MissedHooks.start(directory, observer, this::record).close();
  }

  // What a real spool does: an event with a source id that was seen is left out.
  private Recorder.Receipt record(List<Event> events) {
    int kept = 0;
    for (Event event : events) {
      String id = event.source().id();
      if (id == null || known.add(event.source().kind() + ' ' + id)) {
        arrive(sealer.seal(List.of(Formats.EVENT.encode(event))).getFirst());
        kept++;
      }
    }
    try {
      for (Event event : events) {
        book.recorded(event);
      }
    } catch (CaptureException e) {
      throw new IllegalStateException(e);
    }
    mcp.recorded(events);
    return new Recorder.Receipt(kept, events.size() - kept);
  }

  private void arrive(Envelope envelope) {
    if (lost > 0) {
      lost--;
      return;
    }
    byte[] value = Formats.ENVELOPE.encode(envelope);
    if (damaged) {
      value[value.length / 2] ^= 1;
      damaged = false;
    }
    Arrival arrival =
        new Arrival(
            new Bytes(envelope.chain().toByteArray()), new Bytes(value), now.toEpochMilli());
    if (late) {
      late = false;
      held.add(arrival);
      return;
    }
    arrivals.add(arrival);
    arrivals.addAll(held);
    held.clear();
  }

  private EventBuilder own(Body body) {
    return new EventBuilder(
        new Source("custody", body.name(), null, null), observer.host(), now, body);
  }

  private Policy policy(List<Step> steps) throws Exception {
    for (Step step : steps) {
      if (step.record().has("policy")) {
        Path file = directory.resolve("policy.json");
        Files.writeString(file, step.record().get("policy").toString());
        return PolicyFile.read(file);
      }
    }
    return Policy.OBSERVE;
  }

  private static byte[] bytes(JsonNode json) throws IOException {
    return JSON.writeValueAsBytes(json);
  }

  @Override
  public void close() {
    workTrees.values().forEach(WorkTree::close);
  }
}
