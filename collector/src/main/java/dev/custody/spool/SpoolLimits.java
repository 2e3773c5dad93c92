package dev.custody.spool;

/**
 * How much may wait for Kafka before recording is refused; what is already there is kept.
 *
 * @param bytes bytes of envelopes
 * @param envelopes number of envelopes
 */
public record SpoolLimits(long bytes, long envelopes) {
  /** 2 GiB and 2,000,000 envelopes: weeks of one busy developer. */
  public static final SpoolLimits DEFAULT = new SpoolLimits(2L << 30, 2_000_000);

  /** Checks. */
  public SpoolLimits {
    if (bytes < 1 || envelopes < 1) {
      throw new IllegalArgumentException(
          "expected room for 1 byte and 1 envelope, found " + bytes + " and " + envelopes);
    }
  }
}
