package dev.custody.audit;

import dev.custody.admission.TrustedRoots;
import dev.custody.audit.Failure.Where;
import dev.custody.audit.RecordSource.Place;
import dev.custody.chain.Link;
import dev.custody.digest.Digest;
import dev.custody.tlog.Tile;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds the stored records of one tile: in a second verification of their partition. */
final class LeafLookup implements AdmittedSink {
  private final int partition;
  private final long first;
  private final List<Leaf> leaves = new ArrayList<>();
  private long index;

  /**
   * A record in the tree.
   *
   * @param hash its link hash
   * @param where it is stored
   */
  record Leaf(Digest hash, Where where) {
    String words() {
      var chain = where.chain();
      return (chain == null ? "unknown" : chain.shortHex()) + "#" + where.sequence();
    }
  }

  private LeafLookup(int partition, long first) {
    this.partition = partition;
    this.first = first;
  }

  /** Finds the records from {@code first} on that share a tile with it. */
  static LeafLookup run(TrustedRoots roots, RecordSource source, int partition, long first)
      throws IOException {
    LeafLookup lookup = new LeafLookup(partition, first);
    try (RecordSource again = source.again()) {
      // What was on its way has come: the first verification waited for it.
      AuditOptions options = AuditOptions.DEFAULT.settled(Duration.ZERO).admitted(lookup);
      var _ = new Audit(roots, options).run(again, () -> {});
    }
    return lookup;
  }

  @Override
  public void admitted(int of, long offset, Link link, Digest hash) {
    if (of == partition) {
      if (index >= first && index < first + Tile.FULL) {
        leaves.add(
            new Leaf(
                hash, new Where(link.chain(), link.sequence(), new Place(of, offset, null, 0))));
      }
      index++;
    }
  }

  /** The record {@code i} places after the first, null when there is none. */
  @Nullable Leaf at(int i) {
    return i < leaves.size() ? leaves.get(i) : null;
  }
}
