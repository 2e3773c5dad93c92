package dev.custody.admission;

import dev.custody.digest.Bytes;
import dev.custody.event.EventId;
import dev.custody.identity.Certificate;
import dev.custody.identity.CertificateRole;
import dev.custody.identity.SignedCertificate;
import dev.custody.note.NoteSigner;
import dev.custody.note.SignedNote;
import dev.custody.signing.Signer;
import dev.custody.tlog.LogList;
import dev.custody.wire.Formats;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** The organisation's root: vouches for the keys of collectors, humans, logs and other roots. */
public final class CertificateAuthority {
  /** Clocks may differ by this much when a certificate is first used. */
  private static final Duration BACKDATED = Duration.ofMinutes(5);

  private static final String ROOT_SUBJECT = "root";

  private final Signer root;

  /** Signs with {@code root}. */
  public CertificateAuthority(Signer root) {
    this.root = root;
  }

  /** The root's public key, 32 raw bytes. */
  public Bytes publicKey() {
    return root.publicKey();
  }

  /** Signs a list of logs. */
  public SignedNote sign(LogList list) {
    return list.sign(new NoteSigner(LogList.rootName(list.name()), root));
  }

  /** Certifies an Ed25519 key of a collector. */
  public Bytes certifyCollector(String spiffeId, Bytes publicKey, Instant now, Duration validity) {
    return certify(CertificateRole.COLLECTOR, spiffeId, "Ed25519", publicKey, now, validity);
  }

  /** Certifies the ES256 keys of a human, a JSON Web Key Set. */
  public Bytes certifyHuman(String human, String publicJwks, Instant now, Duration validity) {
    return certify(CertificateRole.HUMAN, human, "ES256", Bytes.utf8(publicJwks), now, validity);
  }

  /**
   * Certifies the ES256 key, a JSON Web Key Set, with which the collector {@code spiffeId} signs
   * what the agents that it vouches for hand on to sub-agents.
   */
  public Bytes certifyAgent(String spiffeId, String publicJwks, Instant now, Duration validity) {
    return certify(CertificateRole.AGENT, spiffeId, "ES256", Bytes.utf8(publicJwks), now, validity);
  }

  /** Certifies the Ed25519 key of the log {@code origin}. */
  public Bytes certifyLog(String origin, Bytes publicKey, Instant now, Duration validity) {
    return certify(CertificateRole.LOG, origin, "Ed25519", publicKey, now, validity);
  }

  /**
   * Vouches for another root of the same organisation: half of a cross-signature, of which the
   * other root signs the other half.
   */
  public Bytes certifyRoot(Bytes publicKey, Instant now, Duration validity) {
    return certify(CertificateRole.ROOT, ROOT_SUBJECT, "Ed25519", publicKey, now, validity);
  }

  private Bytes certify(
      CertificateRole role,
      String subject,
      String algorithm,
      Bytes key,
      Instant now,
      Duration validity) {
    Instant start = now.minus(BACKDATED).truncatedTo(ChronoUnit.SECONDS);
    Bytes certificate =
        new Bytes(
            Formats.CERTIFICATE.encode(
                new Certificate(
                    role, subject, algorithm, key, start, start.plus(validity), EventId.fresh())));
    return new Bytes(
        Formats.SIGNED_CERTIFICATE.encode(
            new SignedCertificate(
                certificate, root.keyId(), root.sign(TrustedRoots.statement(certificate)))));
  }
}
