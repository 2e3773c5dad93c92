package dev.custody.explain;

import dev.custody.admission.ChainMemory.KeyEpoch;
import dev.custody.admission.Verdict;
import dev.custody.audit.RecordSource.Place;
import dev.custody.chain.Envelope;
import dev.custody.chain.Link;
import dev.custody.digest.ChainId;
import dev.custody.digest.Digest;
import dev.custody.event.Event;
import dev.custody.trust.Trust;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one position of a chain.
 *
 * @param chain the chain
 * @param sequence the position
 * @param collector SPIFFE ID that a root vouches for, null when the chain has no verified genesis
 * @param key the key that seals this position, null when the chain is not known
 * @param before link hash of the admitted record before it; zeros at 0, null when there is none
 * @param namedNext what records at the next position name as their previous
 * @param last the newest admitted position, -1 when there is none
 * @param records every record that is stored there, in the order of admission
 */
public record Explanation(
    ChainId chain,
    long sequence,
    @Nullable String collector,
    @Nullable KeyEpoch key,
    @Nullable Digest before,
    Set<Digest> namedNext,
    long last,
    List<Stored> records) {
  /** Copies. */
  public Explanation {
    namedNext = Set.copyOf(namedNext);
    records = List.copyOf(records);
  }

  /** Number of different links: more than one are rivals. */
  public long links() {
    return records.stream().map(Stored::hash).distinct().count();
  }

  /** Whether exactly one link is here, admitted and trusted. */
  public boolean sound() {
    return links() == 1
        && records.stream().anyMatch(r -> r.verdict().admitted() && r.trust().trusted())
        && records.stream()
            .allMatch(r -> r.verdict().admitted() || r.verdict() instanceof Verdict.Repeat);
  }

  /**
   * One record.
   *
   * @param verdict what admission says of it, there where it stands
   * @param event null when its bytes do not decode
   * @param link as its own bytes say
   * @param hash the link hash
   * @param trust whether a revocation speaks against it
   */
  public record Stored(
      Place place,
      Verdict verdict,
      Envelope envelope,
      @Nullable Event event,
      Link link,
      Digest hash,
      Trust trust) {}
}
