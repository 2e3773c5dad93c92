package dev.custody.collector;

import static org.assertj.core.api.Assertions.assertThat;

import dev.custody.admission.Admission;
import dev.custody.admission.CertificateAuthority;
import dev.custody.admission.ChainVerifier;
import dev.custody.admission.InMemoryChains;
import dev.custody.admission.TrustedRoots;
import dev.custody.admission.VerifiedEvent;
import dev.custody.capture.Observer;
import dev.custody.delegation.HopSigner;
import dev.custody.delegations.DelegationBook;
import dev.custody.digest.Bytes;
import dev.custody.event.Body;
import dev.custody.event.Event;
import dev.custody.event.EventBuilder;
import dev.custody.event.Host;
import dev.custody.event.Source;
import dev.custody.http.HookSource;
import dev.custody.http.Routes;
import dev.custody.signing.KeyDirectory;
import dev.custody.signing.KeyException;
import dev.custody.signing.Signer;
import dev.custody.signing.TokenSigner;
import dev.custody.source.records.AuditLog;
import dev.custody.spool.Spool;
import dev.custody.spool.SpoolException;
import dev.custody.spool.Spooled;
import dev.custody.tag.SessionEnvironment;
import dev.custody.tag.SessionTags;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A root, a certified collector and a certified human, with real keys that stay on disk. */
public final class Organisation {
  /** Who is certified. */
  public static final String HUMAN = "jane@acme.example";

  private final KeyDirectory keys;
  private final CertificateAuthority root;
  private Signer signer;
  private final Observer observer;

  private Organisation(KeyDirectory keys) throws KeyException {
    this.keys = keys;
    this.root = new CertificateAuthority(keys.signer("root"));
    this.signer = keys.signer("collector");
    this.observer =
        new Observer(
            new Host("laptop", "linux"),
            "jane",
            "acme.example",
            keys.fingerprintKey("fingerprints"),
            Clock.systemUTC());
  }

  /** The organisation whose keys are under {@code directory}. */
  public static Organisation in(Path directory) throws KeyException {
    return new Organisation(
        KeyDirectory.open(directory.resolve("keys"), directory.resolve("wrapping.key")));
  }

  /** Whom it trusts. */
  public TrustedRoots roots() {
    return new TrustedRoots(List.of(root.publicKey()));
  }

  /** Its certificate authority. */
  public CertificateAuthority root() {
    return root;
  }

  /** The collector's key. */
  public Signer signer() {
    return signer;
  }

  /** What the collector's events say of the machine. */
  public Observer observer() {
    return observer;
  }

  /** The collector's certificate. */
  public Bytes certificate() {
    return root.certifyCollector(
        "spiffe://acme.example/collector/laptop",
        signer.publicKey(),
        Instant.now(),
        Duration.ofDays(1));
  }

  /** The collector's key with its certificate. */
  public CollectorKey key() {
    return new CollectorKey(signer, certificate());
  }

  /** Gives the collector another key; who runs with the old one is not told. */
  public void rotate() throws KeyException {
    signer = keys.signer("collector-" + UUID.randomUUID());
  }

  /** A human's key. */
  public TokenSigner humanKey() throws KeyException {
    return keys.tokenSigner("human");
  }

  /** The certificate of that key. */
  public Bytes humanCertificate() throws KeyException {
    return root.certifyHuman(HUMAN, humanKey().publicJwks(), Instant.now(), Duration.ofDays(1));
  }

  /** What signs hops for the sub-agents whose sessions its collector vouches for. */
  public HopSigner hopSigner() throws KeyException {
    String collector = "spiffe://acme.example/collector/laptop";
    TokenSigner key = keys.tokenSigner("agents");
    return new HopSigner(
        collector,
        key,
        root.certifyAgent(collector, key.publicJwks(), Instant.now(), Duration.ofDays(1)));
  }

  /** Routes of a collector that knows its delegations and tags. */
  public Routes.Opener routes(
      Map<String, HookSource> hooks, List<AuditLog> imports, Consumer<List<Event>> afterRecord) {
    return notes ->
        new Routes(
            DelegationBook.open(notes, roots(), observer.clock()),
            new SessionEnvironment(
                SessionTags.open(observer.fingerprints(), notes, observer.clock()), observer),
            hooks,
            imports,
            afterRecord);
  }

  /** Routes that listen for nothing but what concerns keys. */
  public Routes.Opener routes() {
    return routes(Map.of(), List.of(), events -> {});
  }

  OwnEvents own() {
    return new OwnEvents(observer, certificate(), "custody-test 1");
  }

  /** A prompt of {@code session}; a repeat is known by {@code id} unless that is null. */
  public static Event prompt(String session, @Nullable String id) {
    return prompt(session, id, 100);
  }

  /** The same, with so many bytes of content. */
  public static Event prompt(String session, @Nullable String id, int contentBytes) {
    return new EventBuilder(
            new Source("claude-code", "UserPromptSubmit", id, null),
            new Host("laptop", "linux"),
            Instant.now(),
            new Body.PromptSubmitted(Body.PromptOrigin.HUMAN))
        .within(session, id, null)
        .project("/home/dana/" + session)
        .content("x".repeat(contentBytes).getBytes(java.nio.charset.StandardCharsets.UTF_8), 0)
        .build();
  }

  /** All that {@code spool} holds. */
  public static List<Spooled> all(Spool spool) throws SpoolException {
    List<Spooled> all = new ArrayList<>();
    for (long at = spool.trimmed(); at < spool.end(); at = spool.trimmed() + all.size()) {
      all.addAll(spool.read(at, 1000, 8 << 20));
    }
    return all;
  }

  /**
   * The events of {@code log}, once each envelope is admitted: first seen it is intact and the next
   * of its chain, seen again it is the same.
   */
  public List<VerifiedEvent> verify(List<Spooled> log) {
    Admission admission = new Admission(new ChainVerifier(roots(), new InMemoryChains()));
    List<VerifiedEvent> events = new ArrayList<>();
    for (Spooled envelope : log) {
      Admission.Result result =
          admission.admit(
              envelope.chain().toByteArray(),
              envelope.envelope().toByteArray(),
              envelope.observedAtMillis());
      assertThat(result.verdict().getClass().getSimpleName())
          .as("%s", result.verdict())
          .isIn("Intact", "Repeat");
      VerifiedEvent event = result.event();
      if (event != null && result.verdict() instanceof dev.custody.admission.Verdict.Intact) {
        events.add(event);
      }
    }
    return events;
  }
}
