package dev.custody.rules;

import dev.custody.admission.CertificateAuthority;
import dev.custody.admission.TrustedRoots;
import dev.custody.digest.Bytes;
import dev.custody.event.Body;
import dev.custody.identity.Delegation;
import dev.custody.log.LogKeys;
import dev.custody.note.NoteSigner;
import dev.custody.note.VerifierKey;
import dev.custody.signing.FingerprintKey;
import dev.custody.signing.KeyDirectory;
import dev.custody.signing.KeyException;
import dev.custody.signing.Signer;
import dev.custody.signing.TokenSigner;
import dev.custody.tlog.LogList;
import dev.custody.tlog.LogOrigin;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Whose keys sign what is told; two sequences may ask at a time. */
final class Acme {
  static final String DOMAIN = "acme.example";

  /** When every sequence begins. */
  static final Instant START = Instant.parse("2026-11-22T07:00:00Z");

  private final KeyDirectory keys;
  private final CertificateAuthority authority;

  Acme(Path directory) throws Exception {
    this.keys = KeyDirectory.open(directory.resolve("keys"), directory.resolve("wrapping.key"));
    this.authority = new CertificateAuthority(keys.signer("root"));
  }

  synchronized TrustedRoots roots() {
    return new TrustedRoots(List.of(authority.publicKey()));
  }

  synchronized Signer collectorKey() throws KeyException {
    return keys.signer("collector");
  }

  /** The certificate of the collector on {@code host}. */
  synchronized Bytes collectorCertificate(String host) throws Exception {
    return authority.certifyCollector(
        collector(host), collectorKey().publicKey(), START.minusSeconds(3600), Duration.ofDays(30));
  }

  synchronized FingerprintKey fingerprints() throws KeyException {
    return keys.fingerprintKey("fingerprint");
  }

  /** A delegation that {@code human} signs. */
  synchronized Body.Hop signed(String human, Delegation delegation) throws Exception {
    return new Body.Hop(keyOf(human).sign(delegation), certificateOf(human));
  }

  /** A hop that the collector on {@code host} signs, whatever it hands on. */
  synchronized Body.Hop handedOn(String host, Delegation hop) throws Exception {
    TokenSigner signer = keys.tokenSigner("agents-" + host);
    return new Body.Hop(
        signer.sign(hop),
        authority.certifyAgent(
            collector(host),
            signer.publicJwks(),
            START.minus(Duration.ofDays(1)),
            Duration.ofDays(30)));
  }

  static String collector(String host) {
    return "spiffe://" + DOMAIN + "/collector/" + host;
  }

  /** A revocation that {@code human} signs. */
  synchronized Body.Hop signed(String human, Delegation.Revocation revocation) throws Exception {
    return new Body.Hop(keyOf(human).sign(revocation), certificateOf(human));
  }

  private TokenSigner keyOf(String human) throws KeyException {
    return keys.tokenSigner("human-" + human);
  }

  private Bytes certificateOf(String human) throws Exception {
    return authority.certifyHuman(
        human, keyOf(human).publicJwks(), START.minus(Duration.ofDays(1)), Duration.ofDays(30));
  }

  synchronized LogKeys logs() throws Exception {
    Signer signer = keys.signer("log");
    VerifierKey key =
        VerifierKey.ed25519(new LogOrigin("test", 0, 0).toString(), signer.publicKey());
    LogList list = new LogList("test", 1, START, List.of(key));
    return new LogKeys(
        list, list.sign(new NoteSigner(LogList.rootName("test"), keys.signer("root"))), signer);
  }
}
