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
                      false))
              .action("git:commit")
              .identifiers(List.of(new Identifier(IdentifierKind.GIT_COMMIT, id)))
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
                  new Body.DelegationGranted(id, signer.sign(delegation), certificate))
              .action("delegation:grant")
              .build());
    }

    Session session(String id) {
      return new Session(this, id);
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
