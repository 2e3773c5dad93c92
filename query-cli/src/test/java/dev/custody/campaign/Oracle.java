package dev.custody.campaign;

import dev.custody.campaign.CleanLog.Stored;
import dev.custody.chain.ChainHead;
import dev.custody.chain.Envelope;
import dev.custody.digest.ChainId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Says what must be found in honest records of which some are missing, or stand in another order:
 * from {@code docs/format.md} alone, by what the log's maker knows, without a hash or a signature.
 */
final class Oracle {
  private static final Comparator<Spot> ORDER =
      Comparator.comparingInt(Spot::partition).thenComparingLong(Spot::offset);

  private final CleanLog log;
  private final Map<ChainId, Seen> chains = new HashMap<>();
  private final Map<Integer, List<Leaf>> leaves = new HashMap<>();
  private @Nullable Spot first;
  private String name = "";

  /** What came of one chain. */
  private static final class Seen {
    private final TreeSet<Long> admitted = new TreeSet<>();
    private final TreeMap<Long, Spot> jumps = new TreeMap<>();
    private int keys = 1;
    private boolean refused;
    private @Nullable Spot genesis;
  }

  private Oracle(CleanLog log) {
    this.log = log;
  }

  /** What {@code partitions}, each row of which is one of {@code log}'s, must be found to be. */
  static Expected of(CleanLog log, List<List<Row>> partitions) {
    Oracle oracle = new Oracle(log);
    oracle.takeAll(partitions);
    oracle.gaps();
    return oracle.expected(Expected.nothing());
  }

  /** The same by who reads the logs too, whose topics nobody touched. */
  static Expected withLogs(CleanLog log, List<List<Row>> partitions) {
    Oracle oracle = new Oracle(log);
    oracle.takeAll(partitions);
    oracle.gaps();
    for (int partition = 0; partition < partitions.size(); partition++) {
      Expected expected = oracle.ofLog(partition);
      if (!expected.names().isEmpty()) {
        return oracle.expected(expected);
      }
    }
    return oracle.expected(Expected.nothing());
  }

  private void takeAll(List<List<Row>> partitions) {
    for (int p = 0; p < partitions.size(); p++) {
      for (int i = 0; i < partitions.get(p).size(); i++) {
        take(partitions.get(p).get(i).envelope(), new Spot(p, i));
      }
    }
  }

  private Expected expected(Expected byTheLog) {
    Spot found = first;
    if (found != null) {
      return Expected.at(found, name);
    }
    return byTheLog.names().isEmpty() ? missingTails() : byTheLog;
  }

  /** Where the admitted records leave the tree that was signed. */
  private Expected ofLog(int partition) {
    Published published = log.published();
    Tree tree = published.tree(partition);
    List<Leaf> found = leaves.getOrDefault(partition, List.of());
    int same = 0;
    while (same < found.size()
        && same < tree.size()
        && Arrays.equals(found.get(same).statement(), tree.entry(same))) {
      same++;
    }
    for (Map.Entry<Long, Spot> checkpoint : published.checkpoints(partition).entrySet()) {
      if (checkpoint.getKey() > same) {
        return checkpoint.getKey() <= found.size()
            ? Expected.at(found.get(same).spot(), "ForkedLog")
            : Expected.at(checkpoint.getValue(), "RolledBackLog");
      }
    }
    return Expected.nothing();
  }

  /** A record that is admitted, and what the log's entry of it is. */
  @SuppressWarnings("ArrayRecordComponent")
  private record Leaf(byte[] statement, Spot spot) {}

  /**
   * What else may come first when nothing of {@code stored} says any more which record it was: that
   * it is missing is seen where the one after it lies, which may have come before it.
   */
  static Expected without(CleanLog log, Stored stored) {
    Oracle oracle = new Oracle(log);
    for (int i = 0; i < log.partitions().get(stored.partition()).size(); i++) {
      if (i != stored.index()) {
        Spot spot = new Spot(stored.partition(), i);
        oracle.take(log.partitions().get(spot.partition()).get(i).envelope(), spot);
      }
    }
    oracle.gaps();
    Spot found = oracle.first;
    // Nothing may be said of what comes later: then the record itself is the first.
    return found != null && found.offset() < stored.index()
        ? Expected.at(found, oracle.name)
        : Expected.at(stored.spot(), "Relabelled");
  }

  private void take(Envelope envelope, Spot spot) {
    ChainView chain = log.chain(envelope.chain());
    Seen seen = chains.computeIfAbsent(envelope.chain(), _ -> new Seen());
    long sequence = envelope.sequence();
    if (seen.admitted.isEmpty() && sequence > 0) {
      refuse(seen, "NoGenesis", spot);
      return;
    }
    if (chain.rotatedBefore().stream().filter(first -> first <= sequence).count() >= seen.keys) {
      refuse(seen, "WrongKey", spot);
      return;
    }
    if (seen.admitted.contains(sequence)) {
      return;
    }
    boolean rotates = chain.rotatedBefore().contains(sequence + 1);
    long next = seen.admitted.isEmpty() ? 0 : seen.admitted.last() + 1;
    if (rotates && sequence < next) {
      refuse(seen, "BadRotation", spot);
      return;
    }
    if (sequence > next) {
      seen.jumps.put(next, spot);
    }
    if (sequence == 0) {
      seen.genesis = spot;
    }
    seen.keys += rotates ? 1 : 0;
    seen.admitted.add(sequence);
    leaves
        .computeIfAbsent(spot.partition(), _ -> new ArrayList<>())
        .add(new Leaf(Published.statement(envelope), spot));
  }

  private void refuse(Seen seen, String verdict, Spot spot) {
    seen.refused = true;
    candidate(verdict, spot);
  }

  private void candidate(String verdict, Spot spot) {
    Spot best = first;
    if (best == null || ORDER.compare(spot, best) < 0) {
      first = spot;
      name = verdict;
    }
  }

  private void gaps() {
    for (Seen seen : chains.values()) {
      // What was refused may be what is missing.
      if (!seen.refused && !seen.admitted.isEmpty()) {
        for (long at = 0; at < seen.admitted.last(); at++) {
          if (!seen.admitted.contains(at)) {
            candidate("Gap", seen.jumps.floorEntry(at).getValue());
          }
        }
      }
    }
  }

  private Expected missingTails() {
    Spot best = null;
    for (Map.Entry<ChainId, Seen> entry : chains.entrySet()) {
      ChainHead before = log.chain(entry.getKey()).predecessor();
      Spot genesis = entry.getValue().genesis;
      if (before != null && genesis != null && lacks(before)) {
        best = best == null || ORDER.compare(genesis, best) < 0 ? genesis : best;
      }
    }
    return best == null ? Expected.nothing() : Expected.at(best, "MissingTail");
  }

  private boolean lacks(ChainHead named) {
    Seen seen = chains.get(named.chain());
    return seen == null || seen.admitted.isEmpty() || seen.admitted.last() < named.sequence();
  }
}
