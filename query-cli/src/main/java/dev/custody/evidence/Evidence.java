package dev.custody.evidence;

import dev.custody.admission.TrustedRoots;
import dev.custody.chain.Envelope;
import dev.custody.digest.Bytes;
import dev.custody.digest.ChainId;
import dev.custody.digest.Digest;
import dev.custody.tlog.TlogProof;
import dev.custody.trust.Revocations;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a bundle is made of.
 *
 * @param roots the organisation's roots, with their cross-certificates
 * @param logs the list of logs, signed
 * @param revocations of keys that sealed what is disclosed
 * @param segments one of each chain
 * @param proofs where each disclosed event is in the log
 */
public record Evidence(
    TrustedRoots roots,
    Bytes logs,
    Revocations revocations,
    List<Segment> segments,
    Proofs proofs) {
  /** Most events that a bundle discloses. */
  public static final int MAX_DISCLOSED = 10_000;

  /** Most chains of a bundle. */
  public static final int MAX_CHAINS = 4096;

  /** Copies the segments. */
  public Evidence {
    segments = List.copyOf(segments);
  }

  /** A chain from its #0 on. */
  public interface Segment {
    /** The chain. */
    ChainId chain();

    /** Number of positions; the first and the last are disclosed. */
    long count();

    /** The envelope at a position, null when it is withheld. */
    @Nullable Envelope disclosed(long sequence) throws IOException;

    /** SHA-256 of a withheld event. */
    Digest withheld(long sequence);
  }

  /** Proves that links are in a log. */
  @FunctionalInterface
  public interface Proofs {
    /**
     * The proof of one link, under the one checkpoint that this bundle has of its log.
     *
     * @throws EvidenceException when no checkpoint covers it
     */
    TlogProof prove(ChainId chain, long sequence, Digest link)
        throws IOException, EvidenceException;
  }
}
