package dev.custody.campaign;

import dev.custody.admission.TrustedRoots;
import dev.custody.digest.Bytes;
import dev.custody.digest.Digest;
import dev.custody.digest.HashDomain;
import dev.custody.digest.Salt;
import dev.custody.event.Actor;
import dev.custody.event.Body;
import dev.custody.event.Event;
import dev.custody.event.EventId;
import dev.custody.event.Host;
import dev.custody.event.Outcome;
import dev.custody.event.Source;
import dev.custody.identity.Certificate;
import dev.custody.identity.CertificateRole;
import dev.custody.identity.SignedCertificate;
import dev.custody.signing.Signer;
import dev.custody.wire.Formats;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** Keys, certificates and events of which nothing is left to chance: all come from their names. */
final class Organisation {
  /** When the first event is observed. */
  static final Instant BEGIN = Instant.parse("2026-11-22T07:00:00Z");

  /** Every certificate ends then. */
  static final Instant END = BEGIN.plus(Duration.ofDays(2));

  /** The root that auditors trust. */
  static final Signer ROOT = SeededSigner.named("root");

  /** A root that nobody here trusts. */
  static final Signer STRANGER = SeededSigner.named("somebody else's root");

  private static final ConcurrentHashMap<String, Signer> SIGNERS = new ConcurrentHashMap<>();

  private Organisation() {}

  /** What an auditor has. */
  static TrustedRoots roots() {
    return new TrustedRoots(List.of(ROOT.publicKey()));
  }

  static String collector(int number) {
    return "spiffe://acme.example/collector/" + number;
  }

  /** The key that a collector has after so many changes of it. */
  static Signer signer(int collector, int generation) {
    return SIGNERS.computeIfAbsent(
        "collector %d, key %d".formatted(collector, generation), SeededSigner::named);
  }

  /** A key of somebody who was never enrolled. */
  static Signer thief() {
    return SIGNERS.computeIfAbsent("thief", SeededSigner::named);
  }

  /** A collector's certificate as the root signs it. */
  static Bytes certificate(int collector, Signer key) {
    return certificate(CertificateRole.COLLECTOR, collector(collector), key, ROOT);
  }

  static Bytes certificate(CertificateRole role, String subject, Signer key, Signer root) {
    Certificate certificate =
        new Certificate(
            role,
            subject,
            "Ed25519",
            key.publicKey(),
            BEGIN.minusSeconds(300),
            END,
            new EventId(uuid("serial " + subject + key.keyId())));
    byte[] body = Formats.CERTIFICATE.encode(certificate);
    byte[] prefix = HashDomain.CERTIFICATE.prefix();
    byte[] statement =
        ByteBuffer.allocate(prefix.length + body.length).put(prefix).put(body).array();
    return new Bytes(
        Formats.SIGNED_CERTIFICATE.encode(
            new SignedCertificate(new Bytes(body), root.keyId(), root.sign(statement))));
  }

  /** An event that nothing but {@code name} makes what it is. */
  static Event event(String name, Instant observedAt, Body body) {
    Bytes content =
        body instanceof Body.CollectorHeartbeat
            ? Bytes.utf8("{\"note\":\"%s\"}".formatted(name))
            : new Bytes(new byte[0]);
    return new Event(
        new Salt(Digest.sha256(Bytes.utf8("salt " + name).toByteArray()).toByteArray()),
        new EventId(uuid(name)),
        observedAt,
        observedAt,
        new Source("custody", null, null, null),
        new Host("laptop", null),
        new Actor(null, null),
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        List.of(),
        null,
        Outcome.UNKNOWN,
        null,
        List.of(),
        List.of(),
        content,
        "",
        0,
        body);
  }

  private static UUID uuid(String name) {
    ByteBuffer bytes = Digest.sha256(Bytes.utf8(name).toByteArray()).asByteBuffer();
    long high = (bytes.getLong() & ~0xF000L) | 0x7000L;
    long low = (bytes.getLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
    return new UUID(high, low);
  }
}
