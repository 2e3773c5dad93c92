package dev.custody.audit;

import dev.custody.audit.Failure.Where;
import dev.custody.audit.PartitionAudit.Old;
import dev.custody.audit.RecordSource.Place;
import dev.custody.chain.Link;
import dev.custody.digest.ChainId;
import dev.custody.digest.Digest;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Finds what was admitted at positions that came once more too late to compare: in a second
 * verification of their partitions, from the first record on.
 */
final class StaleLookup implements AdmittedSink {
  private final Map<Position, Found> found = new ConcurrentHashMap<>();

  private record Position(int partition, ChainId chain, long sequence) {}

  private record Found(Digest hash, Place place) {
    static final Found NOTHING = new Found(Digest.ZERO, new Place(-1, -1, null, 0));
  }

  StaleLookup(List<Old> wanted) {
    wanted.forEach(old -> found.put(position(old), Found.NOTHING));
  }

  private static Position position(Old old) {
    Where where = old.where();
    return new Position(
        where.place().partition(),
        Objects.requireNonNull(where.chain()),
        Objects.requireNonNull(where.sequence()));
  }

  @Override
  public void admitted(int partition, long offset, Link link, Digest hash) {
    found.computeIfPresent(
        new Position(partition, link.chain(), link.sequence()),
        (_, _) -> new Found(hash, new Place(partition, offset, null, 0)));
  }

  /** What {@code old} is, now that its position was looked up. */
  Failure resolve(Old old) {
    Found kept = found.getOrDefault(position(old), Found.NOTHING);
    if (kept.equals(Found.NOTHING)) {
      return new Failure.Refused(old.verdict(), old.where());
    }
    return kept.hash().equals(old.hash())
        ? new Failure.Replayed(old.where(), kept.place())
        : new Failure.Fork(old.where(), kept.place(), kept.hash(), old.hash());
  }
}
