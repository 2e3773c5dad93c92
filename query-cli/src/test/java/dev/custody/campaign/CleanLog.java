package dev.custody.campaign;

import dev.custody.chain.Envelope;
import dev.custody.digest.ChainId;
import dev.custody.trust.Revocation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * A log that honest collectors wrote: five or more of them, two rotations of one chain's key, a
 * revocation, restarts, orderly stops, a gap that a late record closes, resends. Unchanged once it
 * is made, so all threads share it.
 */
final class CleanLog {
  private final String name;
  private final List<List<Row>> partitions;
  private final Map<ChainId, ChainView> chains;
  private final List<ChainView> all;
  private final @Nullable Revocation revocation;
  private volatile @Nullable Published published;

  CleanLog(
      String name,
      List<List<Row>> partitions,
      Map<ChainId, ChainView> chains,
      @Nullable Revocation revocation) {
    this.name = name;
    this.partitions = partitions.stream().map(List::copyOf).toList();
    this.chains = Map.copyOf(chains);
    this.all = List.copyOf(chains.values());
    this.revocation = revocation;
  }

  /** From what it can be made again. */
  String name() {
    return name;
  }

  List<List<Row>> partitions() {
    return partitions;
  }

  int records() {
    return partitions.stream().mapToInt(List::size).sum();
  }

  /** What the stream processor published of it. */
  Published published() {
    Published known = published;
    if (known == null) {
      known = Published.of(partitions, name.hashCode());
      published = known;
    }
    return known;
  }

  /** In the order in which they were opened. */
  List<ChainView> chains() {
    return all;
  }

  ChainView chain(ChainId id) {
    ChainView chain = chains.get(id);
    if (chain == null) {
      throw new IllegalArgumentException("no chain " + id);
    }
    return chain;
  }

  /** The one key that the root revoked, null in the smallest logs. */
  @Nullable Revocation revocation() {
    return revocation;
  }

  ChainView anyChain(SplittableRandom random) {
    return all.get(random.nextInt(all.size()));
  }

  /** Any stored record, and what its maker knows of it. */
  Stored anyRecord(SplittableRandom random) {
    int nth = random.nextInt(records());
    int partition = 0;
    while (nth >= partitions.get(partition).size()) {
      nth -= partitions.get(partition).size();
      partition++;
    }
    return stored(partition, nth);
  }

  Stored stored(int partition, int index) {
    Row row = partitions.get(partition).get(index);
    Envelope envelope = row.envelope();
    return new Stored(partition, index, row, envelope, chain(envelope.chain()));
  }

  /** The partitions, to be changed. */
  List<List<Row>> copy() {
    List<List<Row>> copy = new ArrayList<>();
    partitions.forEach(partition -> copy.add(new ArrayList<>(partition)));
    return copy;
  }

  /**
   * A record of this log.
   *
   * @param index its offset in the partition
   * @param chain the one that it is of
   */
  record Stored(int partition, int index, Row row, Envelope envelope, ChainView chain) {
    long sequence() {
      return envelope.sequence();
    }

    boolean isFirstCopy() {
      return chain.firstAt(sequence()) == index;
    }

    Spot spot() {
      return new Spot(partition, index);
    }
  }
}
