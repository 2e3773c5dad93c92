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
   * @param key id of its key
   * @param publicKey its key, 32 raw bytes
   * @param notBefore start of its certificate
   * @param notAfter end of its certificate
   * @param next the position after the newest one
   * @param gaps positions that are missing, oldest first
   */
  record State(
      String collector,
      KeyId key,
      Bytes publicKey,
      Instant notBefore,
      Instant notAfter,
      long next,
      List<Missing> gaps) {
    /** Copies. */
    public State {
      gaps = List.copyOf(gaps);
    }
  }

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
