package dev.custody.campaign;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** The clean logs that a campaign tampers with; made once, and shared by all threads. */
final class Worlds {
  private static final int SMALL = 48;
  private static final int MEDIUM = 6;

  /** More than the 4,096 newest links that admission keeps of a chain, and the story around it. */
  private static final long LONGEST = 4_900;

  private static final long[] SIZES = {
    0, 1, 2, 3, 64, 255, 256, 257, 511, 513, 65_535, 65_536, 65_537, 100_000
  };

  private final List<CleanLog> small = new ArrayList<>();
  private final List<CleanLog> medium = new ArrayList<>();
  private final List<CleanLog> tiled = new ArrayList<>();
  private final CleanLog longest;
  private final Tree tree;

  private Worlds(long seed, int count, int mediumCount, int tiledCount, long treeSize) {
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < count; i++) {
      small.add(LogWriter.make(random.nextLong(), 2 + i % 3, 50 + random.nextInt(70)));
    }
    for (int i = 0; i < mediumCount; i++) {
      medium.add(LogWriter.make(random.nextLong(), 2 + i % 3, 300 + random.nextInt(300)));
    }
    for (long size : new long[] {256, 513, 255, 257, 600}) {
      if (tiled.size() < tiledCount) {
        tiled.add(filled(random, size));
      }
    }
    longest = filled(random, LONGEST);
    List<byte[]> entries = new ArrayList<>();
    for (int i = 0; i < treeSize; i++) {
      entries.add(
          "entry %d of %d".formatted(i, seed).getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }
    tree = new Tree(entries);
  }

  /** Those of a campaign; the same {@code seed} makes the same ones. */
  static Worlds of(long seed) {
    return new Worlds(seed, SMALL, MEDIUM, 5, 100_000);
  }

  /** A few, for who wants each operator applied a few times. */
  static Worlds few(long seed) {
    return new Worlds(seed, 4, 0, 2, 600);
  }

  /** One of 50 to 120 records, now and then one of up to 600. */
  CleanLog any(SplittableRandom random) {
    int kind = random.nextInt(32);
    List<CleanLog> some = kind == 0 && !medium.isEmpty() ? medium : kind == 1 ? tiled : small;
    return some.get(random.nextInt(some.size()));
  }

  private static CleanLog filled(SplittableRandom random, long size) {
    CleanLog log = null;
    while (log == null) {
      log = LogWriter.withFirstPartitionOf(random.nextLong(), size);
    }
    return log;
  }

  /** One whose partition 0 has full tiles, or nearly. */
  CleanLog tiled(SplittableRandom random) {
    return tiled.get(random.nextInt(tiled.size()));
  }

  /** One with a chain of which admission does not keep the first links. */
  CleanLog longest() {
    return longest;
  }

  /** That chain. */
  ChainView longestChain() {
    return longest.chains().stream()
        .max(java.util.Comparator.comparingInt(ChainView::size))
        .orElseThrow();
  }

  List<CleanLog> all() {
    List<CleanLog> all = new ArrayList<>(small);
    all.addAll(medium);
    all.addAll(tiled);
    return all;
  }

  /** The tree of the largest log. */
  Tree tree() {
    return tree;
  }

  /** One of the sizes at which trees change their shape, or any small one. */
  long size(SplittableRandom random) {
    long size = SIZES[random.nextInt(SIZES.length)];
    return size > tree.size() || random.nextInt(3) == 0 ? random.nextLong(600) : size;
  }
}
