package dev.custody.delegation;

import static dev.custody.admission.VectorChain.ROOT;
import static dev.custody.admission.VectorChain.STRANGER;
import static dev.custody.delegation.DelegationVectors.AGENTS_CERTIFICATE;
import static dev.custody.delegation.DelegationVectors.HUMAN_CERTIFICATE;
import static dev.custody.delegation.DelegationVectors.below;
import static dev.custody.delegation.DelegationVectors.certificate;
import static dev.custody.delegation.DelegationVectors.grant;
import static dev.custody.delegation.DelegationVectors.handedOn;
import static dev.custody.delegation.DelegationVectors.narrowing;
import static dev.custody.delegation.DelegationVectors.own;
import static dev.custody.delegation.DelegationVectors.revoked;
import static dev.custody.delegation.DelegationVectors.scope;
import static dev.custody.delegation.DelegationVectors.signed;
import static dev.custody.delegation.DelegationVectors.times;
import static dev.custody.delegation.KnownEs256.AGENTS;
import static dev.custody.delegation.KnownEs256.HUMAN;
import static dev.custody.delegation.Organisation.AGENT;
import static dev.custody.delegation.Organisation.DANA;
import static dev.custody.delegation.Organisation.END;
import static dev.custody.delegation.Organisation.LAPTOP;
import static dev.custody.delegation.Organisation.START;
import static dev.custody.delegation.Organisation.sub;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.custody.delegation.DelegationVectors.Folder;
import dev.custody.digest.Bytes;
import dev.custody.event.Body.Hop;
import dev.custody.identity.CertificateRole;
import dev.custody.identity.DelegationDefect;
import dev.custody.identity.SpiffeId;
import dev.custody.signing.TokenVerifier;
import java.util.ArrayList;
import java.util.List;

/** Chains of hops, one defect each, and revocations. */
final class HopDefects {
  private static final CertificateRole HUMAN_ROLE = CertificateRole.HUMAN;
  private static final CertificateRole AGENT_ROLE = CertificateRole.AGENT;

  private final DelegationVectors vectors;

  HopDefects(DelegationVectors vectors) {
    this.vectors = vectors;
  }

  void add() {
    sound();
    wider();
    spliced();
    depths();
    replayed();
    signers();
    revocations();
  }

  private void sound() {
    Folder folder = vectors.verifying();
    folder.hop("hop", claims -> {});
    folder.hop("hop-for-a-session", claims -> claims.put("session", "session-1"));
    folder.chain("eight-hops", narrowing(8));
  }

  private void wider() {
    Folder widened = vectors.of(DelegationDefect.WIDENED);
    widened.hop("widened-actions", c -> scope(c, "*", "arn:aws:s3:::acme-*"));
    widened.hop("widened-resources", c -> scope(c, "s3:Get*", "arn:aws:s3:::*"));
    Folder outlives = vectors.of(DelegationDefect.OUTLIVES_PARENT);
    outlives.hop("ends-after-its-parent", c -> times(c, START, END.plusSeconds(1)));
    outlives.hop("begins-before-its-parent", c -> times(c, START.minusSeconds(1), END));
    Folder other = vectors.of(DelegationDefect.OTHER_SESSION);
    ObjectNode bound = own().put("session", "session-1");
    Hop one = signed(bound);
    other.chain("session-another", one, handedOn(below(bound, one).put("session", "session-2")));
    other.chain("session-left-out", one, handedOn(below(bound, one)));
  }

  private void spliced() {
    Folder folder = vectors.of(DelegationDefect.SPLICED);
    Hop other = signed(claims -> claims.put("jti", "dlg-other001"));
    folder.chain("hop-of-another-grant", other, handedOn(below(own(), grant())));
    folder.hop("hop-without-a-parent", claims -> claims.remove("parent"));
    folder.hop("hop-for-another-human", claims -> claims.put("sub", "eve@example.test"));
    folder.hop("actor-left-out", claims -> act(claims, List.of(sub(1))));
    folder.hop("actor-added", claims -> act(claims, List.of(sub(2), sub(1), AGENT)));
    SpiffeId stranger = new SpiffeId("example.test", "/agent/other");
    folder.hop("actor-of-another-grant", claims -> act(claims, List.of(sub(1), stranger)));
    vectors.of(DelegationDefect.CYCLE).hop("cycle", claims -> act(claims, List.of(AGENT, AGENT)));
    vectors
        .of(DelegationDefect.CONTRADICTION)
        .hop("same-id-at-two-hops", claims -> claims.put("jti", "dlg-00000001"));
  }

  private static void act(ObjectNode claims, List<SpiffeId> actors) {
    ObjectNode at = claims;
    for (SpiffeId actor : actors) {
      at = at.putObject("act").put("sub", actor.toString());
    }
  }

  private void depths() {
    Folder folder = vectors.of(DelegationDefect.TOO_DEEP);
    folder.hop("over-deep", claims -> claims.put("max_depth", 2));
    ObjectNode leaf = own().put("max_depth", 0);
    Hop signed = signed(leaf);
    folder.chain("below-a-leaf", signed, handedOn(below(leaf, signed).put("max_depth", 0)));
    List<Hop> nine = new ArrayList<>(narrowing(8));
    nine.add(nine.getLast());
    folder.chain("nine-hops", nine);
    Hop third = new Hop("A".repeat(TokenVerifier.MAX_TOKEN_CHARS), HUMAN_CERTIFICATE);
    vectors
        .of(DelegationDefect.TOO_LONG)
        .chain("one-over-192KiB", third, third, third, new Hop("A", HUMAN_CERTIFICATE));
  }

  private void replayed() {
    List<Hop> three = narrowing(3);
    Folder signer = vectors.of(DelegationDefect.WRONG_SIGNER);
    signer.chain("replayed-grant-below-itself", grant(), grant());
    signer.chain("replayed-hop-without-its-parent", three.get(1));
    vectors
        .of(DelegationDefect.BAD_SIGNATURE)
        .chain("replayed-grant-as-a-hop", grant(), new Hop(grant().token(), AGENTS_CERTIFICATE));
    Folder spliced = vectors.of(DelegationDefect.SPLICED);
    spliced.chain("replayed-hop-below-itself", three.get(0), three.get(1), three.get(1));
    spliced.chain("replayed-hop-without-one-between", three.get(0), three.get(2));
    spliced.chain("replayed-hop-out-of-order", three.get(0), three.get(2), three.get(1));
  }

  private void signers() {
    Hop grant = grant();
    ObjectNode claims = below(own(), grant);
    String token = handedOn(claims).token();
    Folder unknown = vectors.of(DelegationDefect.UNKNOWN_SIGNER);
    unknown.chain(
        "unknown-signer", new Hop(grant.token(), certificate(HUMAN_ROLE, DANA, HUMAN, STRANGER)));
    unknown.chain(
        "unknown-signer-of-the-hop",
        grant,
        new Hop(token, certificate(AGENT_ROLE, LAPTOP, AGENTS, STRANGER)));
    unknown.chain("certificate-one-bit-changed", new Hop(grant.token(), changed()));
    unknown.chain("certificate-empty", new Hop(grant.token(), new Bytes(new byte[0])));
    Folder wrong = vectors.of(DelegationDefect.WRONG_SIGNER);
    wrong.chain("human-signs-a-hop", grant, new Hop(token, HUMAN_CERTIFICATE));
    wrong.chain("collector-signs-a-grant", new Hop(grant.token(), AGENTS_CERTIFICATE));
    wrong.chain(
        "sealing-key-signs-a-hop",
        grant,
        new Hop(token, certificate(CertificateRole.COLLECTOR, LAPTOP, AGENTS, ROOT)));
    wrong.chain(
        "agent-signs-its-own-hop",
        grant,
        new Hop(
            handedOn(claims.put("iss", AGENT.toString())).token(),
            certificate(AGENT_ROLE, AGENT.toString(), AGENTS, ROOT)));
    vectors
        .of(DelegationDefect.SIGNED_OUTSIDE_VALIDITY)
        .chain(
            "hop-signed-before-the-certificate",
            grant,
            new Hop(token, certificate(AGENT_ROLE, LAPTOP, AGENTS, START.plusSeconds(1), ROOT)));
  }

  private static Bytes changed() {
    byte[] certificate = HUMAN_CERTIFICATE.toByteArray();
    certificate[certificate.length - 1] ^= 1;
    return new Bytes(certificate);
  }

  private void revocations() {
    vectors.verifying().chain("revocation", revoked(HUMAN, HUMAN_CERTIFICATE, DANA));
    Folder wrong = vectors.of(DelegationDefect.WRONG_SIGNER);
    wrong.chain(
        "revocation-by-somebody-else", revoked(HUMAN, HUMAN_CERTIFICATE, "eve@example.test"));
    wrong.chain("revocation-by-a-collector", revoked(AGENTS, AGENTS_CERTIFICATE, LAPTOP));
    vectors
        .of(DelegationDefect.BAD_SIGNATURE)
        .chain("revocation-of-another-key", revoked(AGENTS, HUMAN_CERTIFICATE, DANA));
    vectors
        .of(DelegationDefect.UNKNOWN_SIGNER)
        .chain(
            "revocation-of-an-unknown-signer",
            revoked(HUMAN, certificate(HUMAN_ROLE, DANA, HUMAN, STRANGER), DANA));
  }
}
