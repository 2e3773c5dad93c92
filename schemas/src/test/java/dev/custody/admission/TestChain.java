package dev.custody.admission;

import dev.custody.chain.Envelope;
import dev.custody.chain.Sealer;
import dev.custody.digest.Bytes;
import dev.custody.event.Body;
import dev.custody.event.EventBuilder;
import dev.custody.event.Host;
import dev.custody.event.Source;
import dev.custody.signing.KeyDirectory;
import dev.custody.signing.KeyException;
import dev.custody.signing.Signer;
import dev.custody.wire.Formats;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Real keys, a real root and a real chain, for tests. */
public final class TestChain {
  /** When everything in the chain is observed. */
  public static final Instant NOW = Instant.parse("2026-11-22T07:00:00Z");

  private final Signer collector;
  private final CertificateAuthority root;
  private final Sealer sealer;
  private final List<Envelope> envelopes = new ArrayList<>();

  private TestChain(CertificateAuthority root, Signer collector, Bytes certificate) {
    this.root = root;
    this.collector = collector;
    Sealer.Opened opened =
        Sealer.open(
            collector,
            Formats.EVENT.encode(
                event(new Body.Genesis(certificate, null, false, "custody-test 1")).build()));
    this.sealer = opened.sealer();
    envelopes.add(opened.genesis());
  }

  /** A chain of a collector that a fresh root vouches for, keys under {@code directory}. */
  public static TestChain open(Path directory) throws KeyException {
    KeyDirectory keys =
        KeyDirectory.open(directory.resolve("keys"), directory.resolve("wrapping.key"));
    Signer collector = keys.signer("collector-" + UUID.randomUUID());
    CertificateAuthority root = new CertificateAuthority(keys.signer("root"));
    return new TestChain(
        root,
        collector,
        root.certifyCollector(
            "spiffe://test/collector/laptop", collector.publicKey(), NOW, Duration.ofDays(1)));
  }

  /** A builder of an event of this chain's host. */
  public static EventBuilder event(Body body) {
    return new EventBuilder(
        new Source("custody", null, null, null), new Host("laptop", null), NOW, body);
  }

  /** Seals {@code count} heartbeats under one signature. */
  public List<Envelope> sealHeartbeats(int count) {
    List<byte[]> events = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      events.add(Formats.EVENT.encode(event(new Body.CollectorHeartbeat(i, 0, 0)).build()));
    }
    return seal(events);
  }

  /** Seals encoded events under one signature. */
  public List<Envelope> seal(List<byte[]> events) {
    List<Envelope> sealed = sealer.seal(events);
    envelopes.addAll(sealed);
    return sealed;
  }

  /** Everything sealed so far, the genesis first. */
  public List<Envelope> envelopes() {
    return List.copyOf(envelopes);
  }

  /** The root that vouches for the collector. */
  public TrustedRoots roots() {
    return new TrustedRoots(List.of(root.publicKey()));
  }

  /** The collector's signer. */
  public Signer signer() {
    return collector;
  }

  /** An admission that trusts the root and remembers nothing yet. */
  public Admission admission() {
    return new Admission(new ChainVerifier(roots(), new InMemoryChains()));
  }

  /** Admits {@code envelope} as a collector publishes it. */
  public static Verdict admit(Admission admission, Envelope envelope) {
    return admission
        .admit(
            envelope.chain().toByteArray(), Formats.ENVELOPE.encode(envelope), NOW.toEpochMilli())
        .verdict();
  }
}
