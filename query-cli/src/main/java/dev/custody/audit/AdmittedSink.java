package dev.custody.audit;

import dev.custody.admission.Examiner.Linked;
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

  /** Takes a record, for who wants more of it than its link. */
  default void admitted(int partition, long offset, Linked record) {
    admitted(partition, offset, record.link(), record.hash());
  }

  /** Both, this one first. */
  default AdmittedSink and(AdmittedSink other) {
    AdmittedSink first = this;
    return new AdmittedSink() {
      @Override
      public void admitted(int partition, long offset, Link link, Digest hash) {
        first.admitted(partition, offset, link, hash);
        other.admitted(partition, offset, link, hash);
      }

      @Override
      public void admitted(int partition, long offset, Linked record) {
        first.admitted(partition, offset, record);
        other.admitted(partition, offset, record);
      }
    };
  }
}
