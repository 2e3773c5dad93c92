package dev.custody.audit;

import dev.custody.chain.ChainHead;
import dev.custody.digest.ChainId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What an audit found.
 *
 * @param chains every chain that a record names, partition by partition in the order of their first
 *     records
 * @param failures what is not as it must be, by partition and offset; of one chain and one verdict
 *     at most {@link #MAX_LISTED} a partition, and of {@code NoGenesis} one
 * @param omitted how many failures are counted only
 * @param records stored records that were read
 * @param repeats records that are there once more: resends
 * @param logs what was found of the transparency logs
 */
public record AuditReport(
    List<Chain> chains,
    List<Failure> failures,
    long omitted,
    long records,
    long repeats,
    List<LogSummary> logs) {
  /** Failures of one verdict that are listed of a chain; the rest are counted. */
  public static final int MAX_LISTED = 20;

  public AuditReport {
    chains = List.copyOf(chains);
    failures = List.copyOf(failures);
    logs = List.copyOf(logs);
  }

  AuditReport(
      List<Chain> chains, List<Failure> failures, long omitted, long records, long repeats) {
    this(chains, failures, omitted, records, repeats, List.of());
  }

  /** This report, and what the transparency logs say. */
  public AuditReport with(List<Failure> more, List<LogSummary> found) {
    List<Failure> all = new ArrayList<>(failures);
    all.addAll(more);
    return new AuditReport(chains, all, omitted, records, repeats, found);
  }

  /** Whether every record verifies, and no record is missing that another one vouches for. */
  public boolean intact() {
    return failures.isEmpty();
  }

  /** Stored records that verify, each counted once. */
  public long verified() {
    return chains.stream().mapToLong(Chain::records).sum();
  }

  /** Whether there was nothing to verify. */
  public boolean empty() {
    return records == 0 && failures.isEmpty();
  }

  /**
   * The failure to look at first: the earliest that names one record. What a log says comes behind
   * what is wrong with a record itself, since its places are of another topic; then what is missing
   * and may be what was refused or lies elsewhere, or what another partition vouches for: of
   * partitions none comes first.
   */
  public Optional<Failure> first() {
    Set<ChainId> refused =
        failures.stream()
            .filter(f -> !(f instanceof Failure.Gap || f instanceof Failure.MissingTail))
            .filter(f -> !ofALog(f))
            .map(f -> f.where().chain())
            .filter(Objects::nonNull)
            .collect(Collectors.toSet());
    return failures.stream()
        .min(
            Comparator.comparingInt((Failure f) -> rank(f, refused))
                .thenComparingInt(f -> f.where().place().partition())
                .thenComparingLong(Failure::lastOffset)
                // A damaged batch sorts behind the damaged record in it.
                .thenComparing(Failure.DamagedStorage.class::isInstance)
                .thenComparing(f -> f.where().place().offset(), Comparator.reverseOrder()));
  }

  private static int rank(Failure failure, Set<ChainId> refused) {
    if (ofALog(failure)) {
      return 1;
    }
    return switch (failure) {
      case Failure.MissingTail _ -> 2;
      case Failure.Gap gap when refused.contains(gap.where().chain()) -> 2;
      default -> 0;
    };
  }

  private static boolean ofALog(Failure failure) {
    return switch (failure) {
      case Failure.BadLogList _,
          Failure.BadCheckpoint _,
          Failure.SplitView _,
          Failure.ForkedLog _,
          Failure.RolledBackLog _,
          Failure.MissingTile _,
          Failure.BadTile _ ->
          true;
      default -> false;
    };
  }

  /**
   * One chain.
   *
   * @param id the chain
   * @param collector SPIFFE ID of the collector that a root vouches for, null when none does
   * @param head its newest verified position, null when there is none
   * @param records verified records
   * @param repeats records that are there once more
   * @param failures what is not as it must be, all of it counted
   * @param predecessorUnknown whether its collector did not know how its chain before ended
   */
  public record Chain(
      ChainId id,
      @Nullable String collector,
      @Nullable ChainHead head,
      long records,
      long repeats,
      long failures,
      boolean predecessorUnknown) {
    /** Whether nothing of it failed. */
    public boolean intact() {
      return failures == 0;
    }
  }
}
