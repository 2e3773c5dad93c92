package dev.custody.chain;

import dev.custody.digest.Bytes;
import dev.custody.digest.ChainId;
import dev.custody.digest.Digest;
import dev.custody.digest.SignatureBytes;
import dev.custody.merkle.MerkleTree;
import dev.custody.signing.Signer;
import java.util.ArrayList;
import java.util.List;

/**
 * Links encoded events into one chain and seals them, one signature for each call. It keeps the
 * head in memory only: who calls it makes the envelopes durable before anything else sees them, and
 * throws the sealer away when that fails.
 *
 * <p>Not safe for use by several threads: a chain has one writer.
 */
public final class Sealer {
  private final Signer signer;
  private ChainHead head;

  private Sealer(Signer signer, ChainHead head) {
    this.signer = signer;
    this.head = head;
  }

  /** A chain and its first envelope. */
  public record Opened(Sealer sealer, Envelope genesis) {}

  /** Opens the chain that begins with {@code genesisEvent}, the encoded event. */
  public static Opened open(Signer signer, byte[] genesisEvent) {
    ChainId chain = ChainId.ofGenesis(genesisEvent);
    Sealer sealer = new Sealer(signer, new ChainHead(chain, -1, Digest.ZERO));
    return new Opened(sealer, sealer.seal(List.of(genesisEvent)).getFirst());
  }

  /**
   * The same chain, sealed on by {@code next}. This one must not be used any more; that the last
   * event says so is for the caller to see to.
   */
  public Sealer under(Signer next) {
    return new Sealer(next, head);
  }

  /** The last position sealed. */
  public ChainHead head() {
    return head;
  }

  /**
   * An encoded event and its digest, which whoever encodes can make beforehand.
   *
   * @param bytes the encoded event
   * @param digest its SHA-256
   */
  public record Encoded(Bytes bytes, Digest digest) {
    /** Copies and hashes {@code event}. */
    public static Encoded of(byte[] event) {
      return new Encoded(new Bytes(event), Digest.sha256(event));
    }
  }

  /** {@link #sealAll} of encoded events. */
  public List<Envelope> seal(List<byte[]> events) {
    return sealAll(events.stream().map(Encoded::of).toList());
  }

  /**
   * Seals {@code events}, 1 to {@link Seal#MAX_SIZE} encoded events, in their order.
   *
   * @throws IllegalArgumentException for another number of events
   */
  public List<Envelope> sealAll(List<Encoded> events) {
    if (events.isEmpty() || events.size() > Seal.MAX_SIZE) {
      throw new IllegalArgumentException(
          "expected 1 to " + Seal.MAX_SIZE + " events, found " + events.size());
    }
    List<Digest> previous = new ArrayList<>(events.size());
    List<Digest> links = new ArrayList<>(events.size());
    Digest last = head.link();
    long first = head.sequence() + 1;
    for (Encoded event : events) {
      previous.add(last);
      last = new Link(head.chain(), first + links.size(), last, event.digest()).hash();
      links.add(last);
    }
    MerkleTree.Paths tree = MerkleTree.paths(links);
    Seal seal = new Seal(signer.keyId(), head.chain(), first, links.size(), tree.root());
    SignatureBytes signature = signer.sign(seal.statement());
    List<Envelope> envelopes = new ArrayList<>(events.size());
    for (int i = 0; i < links.size(); i++) {
      envelopes.add(
          new Envelope(
              head.chain(),
              first + i,
              previous.get(i),
              events.get(i).bytes(),
              first,
              links.size(),
              tree.paths().get(i),
              signer.keyId(),
              signature));
    }
    head = new ChainHead(head.chain(), first + links.size() - 1, last);
    return envelopes;
  }
}
