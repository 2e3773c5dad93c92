package dev.custody.campaign;

import dev.custody.campaign.CleanLog.Stored;
import dev.custody.chain.ChainHead;
import dev.custody.chain.Envelope;
import dev.custody.chain.Link;
import dev.custody.chain.Seal;
import dev.custody.chain.Sealer;
import dev.custody.digest.Bytes;
import dev.custody.digest.ChainId;
import dev.custody.digest.Digest;
import dev.custody.event.Body;
import dev.custody.identity.CertificateRole;
import dev.custody.merkle.MerkleTree;
import dev.custody.signing.Signer;
import dev.custody.wire.Formats;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What somebody makes who has a key. */
final class Forged {
  private static final Signer FOREIGN = SeededSigner.named("collector of another organisation");

  private Forged() {}

  /** A heartbeat that never was, observed when {@code like} was. */
  static byte[] event(String name, long observedAt) {
    return event(name, observedAt, new Body.CollectorHeartbeat(1, 0, 0));
  }

  static byte[] event(String name, long observedAt, Body body) {
    return Formats.EVENT.encode(
        Organisation.event("forged, " + name, Instant.ofEpochMilli(observedAt), body));
  }

  /** A link under a seal of its own. */
  static Envelope sealed(
      ChainId chain, long sequence, Digest previous, byte[] event, Signer signer) {
    return sealed(chain, sequence, previous, event, signer, sequence, 1);
  }

  /** A link under a seal with those numbers, whether or not there can be such a seal. */
  static Envelope sealed(
      ChainId chain,
      long sequence,
      Digest previous,
      byte[] event,
      Signer signer,
      long first,
      int size) {
    Digest link = new Link(chain, sequence, previous, Digest.sha256(event)).hash();
    List<Digest> path = new ArrayList<>();
    Digest root = link;
    if (size > 1 && size <= 128 && sequence >= first && sequence - first < size) {
      List<Digest> links = new ArrayList<>();
      for (int i = 0; i < size; i++) {
        links.add(first + i == sequence ? link : Digest.sha256(new byte[] {(byte) i}));
      }
      path.addAll(MerkleTree.path((int) (sequence - first), links));
      root = MerkleTree.root(links);
    }
    return new Envelope(
        chain,
        sequence,
        previous,
        new Bytes(event),
        first,
        size,
        path,
        signer.keyId(),
        signer.sign(new Seal(signer.keyId(), chain, first, size, root).statement()));
  }

  /** The position after the newest one. */
  static Envelope next(ChainHead head, byte[] event, Signer signer) {
    return sealed(head.chain(), head.sequence() + 1, head.link(), event, signer);
  }

  /** What else a collector could have said at that position. */
  static Envelope rival(Stored stored, byte[] event) {
    Envelope e = stored.envelope();
    return sealed(
        e.chain(), e.sequence(), e.previous(), event, stored.chain().signerAt(e.sequence()));
  }

  /** The first record of a chain under the key and the certificate given. */
  static Envelope genesis(
      String name,
      long observedAt,
      Signer signer,
      Bytes certificate,
      Body.@Nullable Predecessor predecessor) {
    return Sealer.open(
            signer,
            event(
                name,
                observedAt,
                new Body.Genesis(certificate, predecessor, false, "custody-campaign 1")))
        .genesis();
  }

  static Body.Predecessor naming(ChainHead head) {
    return new Body.Predecessor(head.chain(), head.sequence(), head.link());
  }

  /** A chain that another organisation's root vouches for. */
  static List<Row> foreignChain(String name) {
    long at = Organisation.BEGIN.toEpochMilli();
    Bytes certificate =
        Organisation.certificate(
            CertificateRole.COLLECTOR,
            "spiffe://other.example/collector/0",
            FOREIGN,
            Organisation.STRANGER);
    Envelope first = genesis("foreign " + name, at, FOREIGN, certificate, null);
    ChainHead head = new ChainHead(first.chain(), 0, Link.of(first).hash());
    return List.of(Row.of(first, at), Row.of(next(head, event(name, at), FOREIGN), at));
  }
}
