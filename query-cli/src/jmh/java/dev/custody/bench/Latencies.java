package dev.custody.bench;

import java.util.Arrays;
import java.util.Locale;

/** How long each of many arrivals took, from when it was due. */
final class Latencies {
  private final long[] nanos;

  /** Of arrivals that are numbered from 0. */
  Latencies(int count) {
    this.nanos = new long[count];
  }

  void took(int number, long duration) {
    nanos[number] = duration;
  }

  /** Milliseconds within which {@code share} of them were done. */
  double millis(double share) {
    long[] sorted = nanos.clone();
    Arrays.sort(sorted);
    int at = (int) Math.ceil(share * sorted.length) - 1;
    return sorted[Math.clamp(at, 0, sorted.length - 1)] / 1e6;
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT, "%.2f | %.2f | %.2f", millis(0.5), millis(0.99), millis(1));
  }
}
