package dev.custody.audit;

import dev.custody.chain.Link;
import dev.custody.digest.Digest;

/**
 * Takes each record that is admitted for the first time ({@code Intact}, {@code Gap} or {@code
 * LateFit}), exactly as the stream processor admits it: those of one partition in the order of
 * their offsets, one at a time; those of different partitions at the same time by different
 * threads.
 */
@FunctionalInterface
public interface AdmittedSink {
  /** Takes nothing. */
  AdmittedSink NONE = (partition, offset, link, hash) -> {};

  /**
   * Takes a record.
   *
   * @param link chain, sequence and {@link Link#statement()}
   * @param hash its link hash
   */
  void admitted(int partition, long offset, Link link, Digest hash);
}
