package dev.custody.spool;

/**
 * How much may wait for Kafka before recording is refused; what is already there is kept.
 *
 * @param bytes bytes of envelopes
 * @param envelopes number of envelopes
 * @param keepFree bytes of the disk that recording leaves free
 */
public record SpoolLimits(long bytes, long envelopes, long keepFree) {
  /** 64 MiB: the largest log of the spool's store, and what trimming needs to write. */
  public static final long KEEP_FREE = 64L << 20;

  /** 2 GiB and 2,000,000 envelopes: weeks of one busy developer. */
  public static final SpoolLimits DEFAULT = new SpoolLimits(2L << 30, 2_000_000);

  /** Checks. */
  public SpoolLimits {
    if (bytes < 1 || envelopes < 1) {
      throw new IllegalArgumentException(
          "expected room for 1 byte and 1 envelope, found " + bytes + " and " + envelopes);
    }
    if (keepFree < 0) {
      throw new IllegalArgumentException(
          "expected 0 bytes to keep free or more, found " + keepFree);
    }
  }

  /** The same, of a disk of which {@link #KEEP_FREE} stay free. */
  public SpoolLimits(long bytes, long envelopes) {
    this(bytes, envelopes, KEEP_FREE);
  }
}
