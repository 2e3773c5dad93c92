package dev.custody.audit;

import dev.custody.admission.ChainVerifier.Signatures;
import java.time.Duration;

/**
 * How an audit goes about it. None of it changes a verdict.
 *
 * @param threads how many threads verify
 * @param signatures which signatures are checked
 * @param admitted takes what is admitted
 * @param settled how long to wait for what may still be on its way
 */
public record AuditOptions(
    int threads, Signatures signatures, AdmittedSink admitted, Duration settled) {
  /** How long a collector may take to send what it sends together, over several partitions. */
  private static final Duration SETTLED = Duration.ofSeconds(1);

  /** One thread for each processor, one signature check for each seal. */
  public static final AuditOptions DEFAULT =
      new AuditOptions(
          Runtime.getRuntime().availableProcessors(), Signatures.SEALS, AdmittedSink.NONE, SETTLED);

  /**
   * Checks.
   *
   * @throws IllegalArgumentException unless there is a thread
   */
  public AuditOptions {
    if (threads < 1) {
      throw new IllegalArgumentException("expected 1 thread or more, found " + threads);
    }
  }

  /** The same with {@code count} threads. */
  public AuditOptions threads(int count) {
    return new AuditOptions(count, signatures, admitted, settled);
  }

  /** The same with other signatures checked. */
  public AuditOptions signatures(Signatures which) {
    return new AuditOptions(threads, which, admitted, settled);
  }

  /** The same with {@code sink} taking what is admitted. */
  public AuditOptions admitted(AdmittedSink sink) {
    return new AuditOptions(threads, signatures, sink, settled);
  }

  /** The same for who knows when nobody is writing any more. */
  public AuditOptions settled(Duration wait) {
    return new AuditOptions(threads, signatures, admitted, wait);
  }
}
