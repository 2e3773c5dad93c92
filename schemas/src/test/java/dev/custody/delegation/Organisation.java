package dev.custody.delegation;

import dev.custody.admission.CertificateAuthority;
import dev.custody.admission.TrustedRoots;
import dev.custody.digest.Bytes;
import dev.custody.event.Body.Hop;
import dev.custody.identity.Delegation;
import dev.custody.identity.Scope;
import dev.custody.identity.SpiffeId;
import dev.custody.signing.KeyDirectory;
import dev.custody.signing.KeyException;
import dev.custody.signing.TokenSigner;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A root, a human and a collector with real keys, and what they sign. */
final class Organisation {
  static final Instant START = Instant.parse("2026-11-01T09:00:00Z");
  static final Instant END = START.plusSeconds(8 * 3_600);
  static final String DANA = "dana@example.test";
  static final String LAPTOP = "spiffe://example.test/collector/laptop";
  static final SpiffeId AGENT = SpiffeId.parse("spiffe://example.test/agent/claude-code/api");

  private final KeyDirectory keys;
  private final CertificateAuthority root;

  Organisation(Path directory) throws KeyException {
    keys = KeyDirectory.open(directory.resolve("keys"), directory.resolve("wrapping.key"));
    root = new CertificateAuthority(keys.signer("root"));
  }

  TrustedRoots roots() {
    return new TrustedRoots(List.of(root.publicKey()));
  }

  CertificateAuthority root() {
    return root;
  }

  Bytes collectorKey() throws KeyException {
    return keys.signer("collector").publicKey();
  }

  TokenSigner human() throws KeyException {
    return keys.tokenSigner("dana");
  }

  TokenSigner agents() throws KeyException {
    return keys.tokenSigner("agents");
  }

  Bytes humanCertificate() throws KeyException {
    return root.certifyHuman(DANA, human().publicJwks(), START, Duration.ofDays(30));
  }

  Bytes agentCertificate() throws KeyException {
    return root.certifyAgent(LAPTOP, agents().publicJwks(), START, Duration.ofDays(30));
  }

  static Scope scope(String actions) {
    return new Scope(
        List.of(new Scope.Grant(List.of(actions.split(",", -1)), List.of("arn:aws:s3:::acme-*"))));
  }

  static Delegation own(int maxDepth, @Nullable String session) {
    return new Delegation(
        "dlg-00000001",
        DANA,
        DANA,
        List.of(AGENT),
        scope("s3:*"),
        START,
        START,
        END,
        "look at the builds",
        maxDepth,
        session,
        null);
  }

  static SpiffeId sub(int number) {
    return new SpiffeId(AGENT.trustDomain(), AGENT.path() + "/sub-" + number);
  }

  /** A hop as it should be: below {@code parent}, whose token it commits to. */
  static Delegation below(Delegation parent, String parentToken) {
    List<SpiffeId> actors = new ArrayList<>(parent.actors());
    actors.addFirst(sub(actors.size()));
    return new Delegation(
        "dlg-%08d".formatted(actors.size()),
        LAPTOP,
        parent.grantor(),
        actors,
        scope("s3:Get*"),
        START,
        START,
        END,
        "",
        parent.maxDepth() - 1,
        parent.session(),
        Delegation.commitment(parentToken));
  }

  Hop granted(Delegation own) throws KeyException {
    return new Hop(human().sign(own), humanCertificate());
  }

  Hop handedOn(Delegation hop) throws KeyException {
    return new Hop(agents().sign(hop), agentCertificate());
  }

  /** A chain of so many hops, as it should be. */
  List<Hop> chain(int hops) throws KeyException {
    List<Hop> chain = new ArrayList<>();
    Delegation last = own(8, null);
    chain.add(granted(last));
    while (chain.size() < hops) {
      last = below(last, chain.getLast().token());
      chain.add(handedOn(last));
    }
    return chain;
  }
}
