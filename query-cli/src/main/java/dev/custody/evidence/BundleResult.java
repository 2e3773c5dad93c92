package dev.custody.evidence;

import dev.custody.digest.ChainId;
import dev.custody.note.Checkpoint;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What verification of a bundle found.
 *
 * @param claims what its maker says of it; null when there is no manifest
 * @param roots SHA-256 of the root keys that were trusted, hex
 * @param pinned whether the auditor brought them
 * @param chains segments that verify
 * @param checkpoints that a listed log signed
 * @param failures in the order in which they were found, at most {@link #MAX_LISTED}
 * @param notChecked what nothing was said about, and why
 */
public record BundleResult(
    @Nullable Manifest claims,
    List<String> roots,
    boolean pinned,
    List<Chain> chains,
    List<Checkpoint> checkpoints,
    List<BundleFailure> failures,
    List<String> notChecked) {
  /** Failures that are listed; more say nothing new. */
  public static final int MAX_LISTED = 100;

  /** Copies the lists. */
  public BundleResult {
    roots = List.copyOf(roots);
    chains = List.copyOf(chains);
    checkpoints = List.copyOf(checkpoints);
    failures = List.copyOf(failures);
    notChecked = List.copyOf(notChecked);
  }

  /** Whether everything in it holds. */
  public boolean intact() {
    return failures.isEmpty();
  }

  /** Number of events that are proven. */
  public long disclosed() {
    return chains.stream().mapToLong(Chain::disclosed).sum();
  }

  /**
   * A segment.
   *
   * @param last its last position
   * @param disclosed events that are in the bundle
   * @param withheld events of which it has the digest
   */
  public record Chain(ChainId id, String collector, long last, long disclosed, long withheld) {}
}
