package dev.custody.topology;

import dev.custody.admission.CertificateAuthority;
import dev.custody.admission.TrustedRoots;
import dev.custody.chain.Envelope;
import dev.custody.chain.Sealer;
import dev.custody.digest.Bytes;
import dev.custody.event.Actor;
import dev.custody.event.Agent;
import dev.custody.event.Body;
import dev.custody.event.Event;
import dev.custody.event.EventBuilder;
import dev.custody.event.Host;
import dev.custody.event.Human;
import dev.custody.event.HumanBasis;
import dev.custody.event.Identifier;
import dev.custody.event.IdentifierKind;
import dev.custody.event.Outcome;
import dev.custody.event.Source;
import dev.custody.identity.AgentId;
import dev.custody.identity.AgentStatement;
import dev.custody.identity.Delegation;
import dev.custody.identity.Scope;
import dev.custody.identity.SpiffeId;
import dev.custody.log.LogKeys;
import dev.custody.note.NoteSigner;
import dev.custody.note.VerifierKey;
import dev.custody.signing.KeyDirectory;
import dev.custody.signing.KeyException;
import dev.custody.signing.Signer;
import dev.custody.signing.TokenSigner;
import dev.custody.tlog.LogList;
import dev.custody.tlog.LogOrigin;
import dev.custody.wire.Formats;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An organisation with real keys, whose collectors record what agents and clouds do. */
final class World {
  static final Instant START = Instant.parse("2026-11-22T07:00:00Z");
  static final String KEY = "AKIAEXAMPLE000000001";

  private final KeyDirectory keys;
  private final CertificateAuthority root;
  private final Signer rootKey;
  private int collectors;

  World(Path directory) throws Exception {
    this.keys = KeyDirectory.open(directory.resolve("keys"), directory.resolve("wrapping.key"));
    this.rootKey = keys.signer("root");
    this.root = new CertificateAuthority(rootKey);
  }

  TrustedRoots roots() {
    return new TrustedRoots(List.of(root.publicKey()));
  }

  /** The key of {@code human}. */
  TokenSigner keyOf(String human) throws KeyException {
    return keys.tokenSigner("human-" + human);
  }

  /** The certificate of that key. */
  Bytes certificateOf(String human) throws KeyException {
    return root.certifyHuman(
        human, keyOf(human).publicJwks(), START.minusSeconds(3600), Duration.ofDays(30));
  }

  /** The key with which {@code collector} signs hops. */
  TokenSigner agentsKeyOf(String collector) throws KeyException {
    return keys.tokenSigner("agents-" + collector);
  }

  /** The certificate of that key. */
  Bytes agentsCertificateOf(String collector) throws KeyException {
    return root.certifyAgent(
        "spiffe://test/collector/" + collector,
        agentsKeyOf(collector).publicJwks(),
        START.minusSeconds(3600),
        Duration.ofDays(30));
  }

  /** The log of partition 0 in {@code generation}, and those before it. */
  LogKeys logs(int generation) {
    try {
      Signer signer = keys.signer("log");
      List<VerifierKey> named = new ArrayList<>();
      for (int g = 0; g <= generation; g++) {
        named.add(VerifierKey.ed25519(new LogOrigin("test", 0, g).toString(), signer.publicKey()));
      }
      LogList list = new LogList("test", generation + 1, START, named);
      return new LogKeys(
          list, list.sign(new NoteSigner(LogList.rootName("test"), rootKey)), signer);
    } catch (KeyException e) {
      throw new IllegalStateException(e);
    }
  }

  /** One record as Kafka holds it. */
  record Stored(Bytes key, Bytes value, long timestamp) {}

  /** A collector and the chain it writes. */
  final class Collector {
    private final Sealer sealer;
    private final Host host;
    private final List<Stored> stored = new ArrayList<>();

    private Collector(String name) throws Exception {
      this.host = new Host(name, null);
      Signer signer = keys.signer("collector-" + name);
      Bytes certificate =
          root.certifyCollector(
              "spiffe://test/collector/" + name, signer.publicKey(), START, Duration.ofDays(30));
      EventBuilder genesis =
          new EventBuilder(
              new Source("custody", null, null, null),
              host,
              START,
              new Body.Genesis(certificate, null, false, "test"));
      Sealer.Opened opened = Sealer.open(signer, Formats.EVENT.encode(genesis.build()));
      this.sealer = opened.sealer();
      store(opened.genesis(), START);
    }

    private void store(Envelope envelope, Instant observedAt) {
      stored.add(
          new Stored(
              new Bytes(envelope.chain().toByteArray()),
              new Bytes(Formats.ENVELOPE.encode(envelope)),
              observedAt.toEpochMilli()));
    }

    Event record(Event event) {
      store(sealer.seal(List.of(Formats.EVENT.encode(event))).getFirst(), event.observedAt());
      return event;
    }

    List<Stored> stored() {
      return List.copyOf(stored);
    }

    /** A cloud's record as {@link CloudRecord} describes it. */
    Event cloudCall(CloudRecord call) {
      return record(
          builder(
                  "cloudtrail",
                  call.seen(),
                  new Body.CloudCall(
                      "aws",
                      "123456789012",
                      "eu-west-1",
                      "ci",
                      "AssumedRole",
                      call.address(),
                      call.userAgent(),
                      null,
                      false,
                      call.issued(),
                      call.issued() == null ? null : call.at().plusSeconds(3600)))
              .occurredAt(call.at())
              .action(call.action())
              .resources(call.resources())
              .outcome(Outcome.SUCCESS, null)
              .identifiers(call.identifiers())
              .identifiers(List.of(new Identifier(IdentifierKind.SOURCE_ADDRESS, call.address())))
              .build());
    }

    private EventBuilder builder(String kind, Instant at, Body body) {
      return new EventBuilder(new Source(kind, null, null, null), host, at, body);
    }

    Event cloudCall(
        Instant at, Instant seen, String action, String resource, Identifier... identifiers) {
      return record(
          builder(
                  "cloudtrail",
                  seen,
                  new Body.CloudCall(
                      "aws",
                      "123456789012",
                      "eu-west-1",
                      "ci",
                      "IAMUser",
                      "198.51.100.7",
                      "aws-cli/2",
                      null,
                      false,
                      null,
                      null))
              .occurredAt(at)
              .action(action)
              .outcome(Outcome.SUCCESS, null)
              .resources(resource.isEmpty() ? List.of() : List.of(resource))
              .identifiers(List.of(identifiers))
              .build());
    }

    Event commit(Instant at, String id) {
      return record(
          builder(
                  "git",
                  at,
                  new Body.CommitCreated(
                      "/home/dana/api",
                      id,
                      List.of(),
                      "Dana",
                      "dana@example.test",
                      "dana@example.test",
                      at,
                      at,
                      "refs/heads/main",
                      List.of("a.txt"),
                      0,
                      false,
                      null))
              .action("git:commit")
              .identifiers(List.of(new Identifier(IdentifierKind.GIT_COMMIT, id)))
              .build());
    }

    /** A branch is seen to move to commit {@code id}. */
    Event moved(Instant at, String id) {
      return record(
          builder(
                  "git",
                  at,
                  new Body.ReferenceUpdated(
                      "/home/dana/api", "refs/heads/main", null, id, false, "commit"))
              .action("git:update-ref")
              .identifiers(List.of(new Identifier(IdentifierKind.GIT_COMMIT, id)))
              .build());
    }

    /** A note on a commit that names {@code sessions}. */
    Event note(Instant at, String commit, Identifier... sessions) {
      List<Identifier> named = new ArrayList<>(List.of(sessions));
      named.add(new Identifier(IdentifierKind.GIT_COMMIT, commit));
      return record(
          builder(
                  "git",
                  at,
                  new Body.CommitAnnotated(
                      "/home/dana/api", commit, "refs/notes/ai", "f".repeat(40)))
              .action("git:notes")
              .identifiers(named)
              .build());
    }

    Event grant(
        String id, String human, String actions, Instant from, Instant until, Instant recorded)
        throws Exception {
      TokenSigner signer = keys.tokenSigner("human-" + human);
      Delegation delegation =
          new Delegation(
              id,
              human,
              SpiffeId.parse("spiffe://test/agent/claude-code"),
              new Scope(List.of(new Scope.Grant(List.of(actions.split(",", -1)), List.of("*")))),
              from,
              from,
              until,
              "tests",
              0);
      Bytes certificate =
          root.certifyHuman(
              human, signer.publicJwks(), START.minusSeconds(3600), Duration.ofDays(30));
      return record(
          builder(
                  "custody",
                  recorded,
                  new Body.DelegationGranted(id, signer.sign(delegation), certificate, List.of()))
              .action("delegation:grant")
              .build());
    }

    /** Records that {@code human}, whose key is {@code keyOf}'s, states something of an agent. */
    Event states(
        AgentStatement.Kind kind, String agent, String human, String keyOf, Instant recorded)
        throws Exception {
      TokenSigner signer = keys.tokenSigner("human-" + keyOf);
      AgentStatement statement =
          new AgentStatement(
              "agt-%012x".formatted(stored.size()), kind, human, AgentId.parse(agent), recorded);
      Bytes certificate =
          root.certifyHuman(
              human,
              keys.tokenSigner("human-" + human).publicJwks(),
              START.minusSeconds(3600),
              Duration.ofDays(30));
      String token = signer.sign(statement);
      return record(
          builder(
                  "custody",
                  recorded,
                  kind == AgentStatement.Kind.REGISTER
                      ? new Body.AgentRegistered(
                          agent, statement.agent().product(), human, token, certificate)
                      : new Body.AgentRetired(agent, human, token, certificate))
              .action("agent:" + kind.word())
              .resources(List.of(agent))
              .build());
    }

    /** What the collector says of itself. */
    Event own(Instant at, Body body) {
      return record(builder("custody", at, body).build());
    }

    Session session(String id) {
      return new Session(this, id);
    }
  }

  /**
   * A cloud's record.
   *
   * @param at when it happened
   * @param seen when it was imported
   */
  record CloudRecord(
      Instant at,
      Instant seen,
      String action,
      String userAgent,
      String address,
      @Nullable Identifier issued,
      List<Identifier> identifiers,
      List<String> resources) {
    static CloudRecord of(Instant at, String action, Identifier... identifiers) {
      return new CloudRecord(
          at,
          at.plusSeconds(600),
          action,
          "aws-cli/2.15.0",
          "198.51.100.7",
          null,
          List.of(identifiers),
          List.of());
    }

    CloudRecord touching(String resource) {
      return new CloudRecord(
          at, seen, action, userAgent, address, issued, identifiers, List.of(resource));
    }

    CloudRecord from(String other) {
      return new CloudRecord(at, seen, action, userAgent, other, issued, identifiers, resources);
    }

    CloudRecord by(String client) {
      return new CloudRecord(at, seen, action, client, address, issued, identifiers, resources);
    }

    CloudRecord handingOut(Identifier credential) {
      return new CloudRecord(
          at, seen, action, userAgent, address, credential, identifiers, resources);
    }

    CloudRecord seenAt(Instant other) {
      return new CloudRecord(at, other, action, userAgent, address, issued, identifiers, resources);
    }
  }

  /** One session of an agent that works for Dana. */
  static final class Session {
    private final Collector collector;
    private final String id;
    private final Actor actor;

    private Session(Collector collector, String id) {
      this.collector = collector;
      this.id = id;
      this.actor =
          new Actor(
              new Human("dana@example.test", HumanBasis.GIT_EMAIL, "dana", "dana@example.test"),
              new Agent("claude-code", null, "spiffe://test/agent/claude-code/api", id, null));
    }

    String prompt() {
      return "prompt-of-" + id;
    }

    Event requested(Instant at, String call, String command) {
      return record(at, call, new Body.ToolCallRequested("Bash"), command, "", List.of(), 0);
    }

    Event naming(Instant at, String call, String command, Identifier... named) {
      return record(at, call, new Body.ToolCallRequested("Bash"), command, "", List.of(named), 0);
    }

    Event completed(Instant at, String call, String command, String output, Identifier... shown) {
      return record(
          at, call, new Body.ToolCallCompleted("Bash", 1L), command, output, List.of(shown), 0);
    }

    Event revealing(Instant at, String call, String command, Identifier... shown) {
      return record(
          at,
          call,
          new Body.ToolCallCompleted("Bash", 1L),
          command,
          "[redacted]",
          List.of(shown),
          1);
    }

    /** The broker gives the session a credential for an hour, under a delegation that it found. */
    Event issued(Instant at, Identifier credential, String delegation) {
      return issued(at, credential, delegation, actor);
    }

    /** The same, under a delegation that the session presented. */
    Event issuedUnderPresented(Instant at, Identifier credential, String delegation) {
      Human human = java.util.Objects.requireNonNull(actor.human());
      return issued(
          at,
          credential,
          delegation,
          new Actor(
              new Human(human.id(), HumanBasis.SIGNED_DELEGATION, human.osUser(), human.gitEmail()),
              actor.agent()));
    }

    private Event issued(Instant at, Identifier credential, String delegation, Actor actor) {
      return own(
          at,
          actor,
          new Body.CredentialIssued(
              credential,
              "aws sts",
              null,
              id,
              at.plusSeconds(3600),
              null,
              "arn:aws:iam::123456789012:role/agents",
              "{}"),
          delegation,
          List.of(credential));
    }

    Event tagged(Instant at, String tag) {
      return own(
          at,
          new Body.SessionStarted("startup", null),
          null,
          List.of(new Identifier(IdentifierKind.SESSION_TAG, tag)));
    }

    /** The provider ends a credential of the session. */
    Event revoked(Instant at, Identifier credential) {
      return collector.record(
          collector
              .builder("custody", at, new Body.CredentialRevoked(credential, "lost", at, null))
              .actor(actor)
              .within(id, null, null)
              .outcome(Outcome.SUCCESS, null)
              .identifiers(List.of(credential))
              .build());
    }

    Event ended(Instant at) {
      return own(at, new Body.SessionEnded("exit"), null, List.of());
    }

    /** What {@code source} told of the session at {@code seen}. */
    Event heard(Source source, Instant at, Instant seen, @Nullable String call, Body body) {
      return collector.record(
          new EventBuilder(source, collector.host, seen, body)
              .occurredAt(at)
              .actor(actor)
              .within(id, prompt(), call)
              .build());
    }

    private Event own(
        Instant at, Body body, @Nullable String delegation, List<Identifier> identifiers) {
      return own(at, actor, body, delegation, identifiers);
    }

    private Event own(
        Instant at,
        Actor actor,
        Body body,
        @Nullable String delegation,
        List<Identifier> identifiers) {
      return collector.record(
          collector
              .builder("custody", at, body)
              .actor(actor)
              .within(id, null, null)
              .delegation(delegation)
              .identifiers(identifiers)
              .build());
    }

    private Event record(
        Instant at,
        String call,
        Body body,
        String command,
        String output,
        List<Identifier> shown,
        int secrets) {
      String json =
          "{\"tool_input\":{\"command\":\"%s\"},\"tool_response\":{\"stdout\":\"%s\"}}"
              .formatted(command, output);
      EventBuilder builder =
          collector
              .builder("claude-code", at, body)
              .actor(actor)
              .within(id, prompt(), call)
              .action("tool:Bash")
              .outcome(
                  body instanceof Body.ToolCallCompleted ? Outcome.SUCCESS : Outcome.UNKNOWN, null)
              .identifiers(shown)
              .content(json.getBytes(StandardCharsets.UTF_8), 0);
      for (int i = 0; i < secrets; i++) {
        builder.redactions(
            List.of(
                new dev.custody.event.Redaction(
                    "aws-secret-access-key", "00ff", "/tool_response/stdout")));
      }
      return collector.record(builder.build());
    }
  }

  Collector collector() throws Exception {
    return new Collector("laptop-" + collectors++);
  }

  static Identifier key(String value) {
    return new Identifier(IdentifierKind.AWS_ACCESS_KEY_ID, value);
  }

  static Instant at(double seconds) {
    return START.plusMillis(Math.round(seconds * 1000));
  }
}
