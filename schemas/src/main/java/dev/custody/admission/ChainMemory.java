package dev.custody.admission;

import dev.custody.digest.Bytes;
import dev.custody.digest.ChainId;
import dev.custody.digest.Digest;
import dev.custody.digest.KeyId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a verifier remembers of chains: in a state store of the stream, in memory for an auditor.
 *
 * <p>It keeps one {@link State} a chain and the links of its newest {@link
 * ChainVerifier#LINKS_KEPT} positions.
 */
public interface ChainMemory {
  /** What is known of {@code chain}, or null when its genesis has not been admitted. */
  @Nullable State state(ChainId chain);

  /** Remembers {@code state}. */
  void remember(ChainId chain, State state);

  /** The link hash and the {@code previous} at a position, or null when it is not kept. */
  @Nullable LinkAt linkAt(ChainId chain, long sequence);

  /** Keeps a link. */
  void keep(ChainId chain, long sequence, LinkAt link);

  /** Forgets the link at a position, if there is one. */
  void forget(ChainId chain, long sequence);

  /**
   * A link that is kept.
   *
   * @param hash its link hash
   * @param previous the link hash that it names as its predecessor
   */
  record LinkAt(Digest hash, Digest previous) {}

  /**
   * What is known of a chain.
   *
   * @param collector SPIFFE ID of the collector
   * @param keys the keys that seal it, oldest first; the genesis names the first one
   * @param next the position after the newest one
   * @param gaps positions that are missing, oldest first
   */
  record State(String collector, List<KeyEpoch> keys, long next, List<Missing> gaps) {
    /** Copies. */
    public State {
      keys = List.copyOf(keys);
      gaps = List.copyOf(gaps);
    }

    /** The key that seals the position {@code sequence}, 0 or later. */
    public KeyEpoch keyAt(long sequence) {
      int at = keys.size() - 1;
      while (at > 0 && keys.get(at).first() > sequence) {
        at--;
      }
      return keys.get(at);
    }

    /** The last position that {@code epoch}'s key seals, as far as is known. */
    long lastOf(KeyEpoch epoch) {
      int after = keys.indexOf(epoch) + 1;
      return after < keys.size() ? keys.get(after).first() - 1 : Long.MAX_VALUE;
    }

    State with(long newNext, List<Missing> newGaps) {
      return new State(collector, keys, newNext, newGaps);
    }
  }

  /**
   * A key and the positions from which on it seals, until the next one takes over.
   *
   * @param first the first position that it seals
   * @param key id of the key
   * @param publicKey the key, 32 raw bytes
   * @param notBefore start of its certificate
   * @param notAfter end of its certificate
   */
  record KeyEpoch(long first, KeyId key, Bytes publicKey, Instant notBefore, Instant notAfter) {}

  /**
   * Missing positions.
   *
   * @param first the first of them
   * @param last the last of them
   * @param reported the first position that was missing when the gap was reported
   * @param reportedAt when the record after the gap was observed
   */
  record Missing(long first, long last, long reported, Instant reportedAt) {}
}
