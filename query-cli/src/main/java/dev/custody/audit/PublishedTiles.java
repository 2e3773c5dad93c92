package dev.custody.audit;

import dev.custody.audit.CheckpointTrail.Entry;
import dev.custody.audit.Failure.Where;
import dev.custody.audit.RecordSource.Place;
import dev.custody.digest.Bytes;
import dev.custody.digest.Digest;
import dev.custody.merkle.Frontier;
import dev.custody.merkle.MerkleTree;
import dev.custody.tlog.EntryBundle;
import dev.custody.tlog.HashTile;
import dev.custody.tlog.LogOrigin;
import dev.custody.tlog.Tile;
import dev.custody.tlog.TlogException;
import dev.custody.topic.Topic;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The tiles of one log as they are stored, against the tree that the stored records give; and what
 * they say where the two differ.
 */
final class PublishedTiles implements Closeable {
  private static final String OPEN = "/open";

  private final LogOrigin origin;
  private final TopicRecords topics;
  private final HashFile bundles = new HashFile();
  private final HashFile hashes = new HashFile();
  private final Set<Tile> upper = new HashSet<>();
  private byte @Nullable [] open;

  PublishedTiles(LogOrigin origin, TopicRecords topics) throws IOException {
    this.origin = origin;
    this.topics = topics;
  }

  /**
   * Compares every tile with {@code tree}, and notes those that the {@code newest} checkpoint that
   * agrees with it needs and that are not there.
   */
  void compare(RecomputedLog tree, Optional<Entry> newest, Consumer<Failure> failures)
      throws IOException {
    long covered = newest.map(Entry::size).orElse(0L);
    topics.read(
        Topic.TILES,
        origin.partition(),
        new Sink(failures) {
          @Override
          void tile(Place place, Tile tile, byte[] value) throws IOException, TlogException {
            String defect = defect(tree, tile, value);
            if (defect != null) {
              fail(place, tile, defect);
            }
          }
        });
    reportMissing(bundles, Tile.ENTRIES, covered, failures);
    reportMissing(hashes, 0, covered, failures);
    reportMissingUpper(covered, failures);
    if (newest.isPresent() && covered % Tile.FULL != 0) {
      compareOpen(tree, newest.get(), failures);
    }
  }

  /** The open tile is replaced with each checkpoint: it may be newer, and never older. */
  private void compareOpen(RecomputedLog tree, Entry newest, Consumer<Failure> failures)
      throws IOException {
    byte[] bytes = open;
    Where where = Where.stored(new Place(origin.partition(), 0, null, 0));
    if (bytes == null) {
      failures.accept(new Failure.MissingTile(where, origin.toString(), OPEN.substring(1)));
      return;
    }
    long size = bytes.length < Long.BYTES ? -1 : ByteBuffer.wrap(bytes).getLong();
    if (size > newest.size()) {
      return;
    }
    long index = newest.size() / Tile.FULL;
    List<Bytes> entries = size == newest.size() ? openEntries(index) : null;
    if (entries == null || !leadsTo(tree, newest, entries)) {
      failures.accept(
          new Failure.BadTile(
              where,
              origin.toString(),
              OPEN.substring(1),
              "expected the entries behind %d of the checkpoint of size %d, found others"
                  .formatted(index * Tile.FULL, newest.size())));
    }
  }

  private static boolean leadsTo(RecomputedLog log, Entry checkpoint, List<Bytes> open)
      throws IOException {
    Frontier tree = Frontier.empty();
    for (long i = 0; i < checkpoint.size() / Tile.FULL; i++) {
      tree.append(log.tileRoots().get(i));
    }
    Frontier tile = Frontier.empty();
    open.forEach(entry -> tile.append(MerkleTree.leaf(entry.toByteArray())));
    List<Digest> subtrees = new ArrayList<>(tree.subtrees());
    subtrees.addAll(tile.subtrees());
    return Frontier.of(checkpoint.size(), subtrees).root().equals(checkpoint.root());
  }

  private void reportMissing(HashFile file, int level, long covered, Consumer<Failure> failures)
      throws IOException {
    for (long index = 0; index < covered / Tile.FULL; index++) {
      if (file.get(index).equals(Digest.ZERO)) {
        Place place = new Place(origin.partition(), 0, null, 0);
        failures.accept(
            new Failure.MissingTile(
                Where.stored(place), origin.toString(), new Tile(level, index, Tile.FULL).path()));
        return;
      }
    }
  }

  private void reportMissingUpper(long covered, Consumer<Failure> failures) {
    for (int level = 1; Tile.hashes(level, covered) >= Tile.FULL; level++) {
      for (long index = 0; index < Tile.hashes(level, covered) / Tile.FULL; index++) {
        Tile tile = new Tile(level, index, Tile.FULL);
        if (!upper.contains(tile)) {
          Where where = Where.stored(new Place(origin.partition(), 0, null, 0));
          failures.accept(new Failure.MissingTile(where, origin.toString(), tile.path()));
          return;
        }
      }
    }
  }

  private @Nullable String defect(RecomputedLog tree, Tile tile, byte[] value)
      throws IOException, TlogException {
    if (!tile.isFull()) {
      return "expected full tiles only, found one of width " + tile.width();
    }
    if (tile.level() > 0) {
      // One for 65,536 entries: they fit in memory however long the log is.
      upper.add(tile);
      return upperDefect(tree, tile, HashTile.parse(value, Tile.FULL));
    }
    Digest root =
        tile.level() == Tile.ENTRIES
            ? rootOf(EntryBundle.parse(value, Tile.FULL))
            : MerkleTree.root(HashTile.parse(value, Tile.FULL));
    (tile.level() == Tile.ENTRIES ? bundles : hashes).put(tile.index(), root);
    Digest expected = tree.tileRoots().get(tile.index());
    // Beyond the stored records there is nothing to compare it with.
    return tile.index() >= tree.tileRoots().size() || root.equals(expected)
        ? null
        : "expected hashes under %s, as the stored records give, found %s"
            .formatted(expected.hex(), root.hex());
  }

  private static @Nullable String upperDefect(RecomputedLog tree, Tile tile, List<Digest> found)
      throws IOException {
    for (int i = 0; i < found.size(); i++) {
      long index = tile.index() * Tile.FULL + i;
      Digest expected = node(tree.tileRoots(), tile.level(), index);
      if (expected != null && !expected.equals(found.get(i))) {
        return "expected hash %d to be %s, as the stored records give, found %s"
            .formatted(i, expected.hex(), found.get(i).hex());
      }
    }
    return null;
  }

  /** A hash of a tile of {@code level}, null where the records do not reach. */
  private static @Nullable Digest node(HashFile tileRoots, int level, long index)
      throws IOException {
    if (level == 1) {
      return index < tileRoots.size() ? tileRoots.get(index) : null;
    }
    Frontier below = Frontier.empty();
    for (int i = 0; i < Tile.FULL; i++) {
      Digest node = node(tileRoots, level - 1, index * Tile.FULL + i);
      if (node == null) {
        return null;
      }
      below.append(node);
    }
    return below.root();
  }

  private static Digest rootOf(List<Bytes> entries) {
    Frontier tree = Frontier.empty();
    entries.forEach(entry -> tree.append(MerkleTree.leaf(entry.toByteArray())));
    return tree.root();
  }

  /** The first full tile whose root is not that of the stored records; or the first beyond. */
  long firstDifferent(RecomputedLog tree) throws IOException {
    long index = 0;
    while (index < tree.tileRoots().size()
        && bundles.get(index).equals(tree.tileRoots().get(index))) {
      index++;
    }
    return index;
  }

  /**
   * The entries of a tile, when all tiles together lead to {@code root} at {@code size}: only then
   * are they what the log has signed.
   */
  Optional<List<Bytes>> entries(long index, long size, Digest root) throws IOException {
    long full = size / Tile.FULL;
    int rest = (int) (size % Tile.FULL);
    Frontier tree = Frontier.empty();
    for (long i = 0; i < full; i++) {
      tree.append(bundles.get(i));
    }
    List<Digest> subtrees = new ArrayList<>(tree.subtrees());
    if (rest > 0) {
      Optional<List<Bytes>> last = bundle(full, rest);
      if (last.isEmpty()) {
        return Optional.empty();
      }
      Frontier tile = Frontier.empty();
      last.get().forEach(entry -> tile.append(MerkleTree.leaf(entry.toByteArray())));
      subtrees.addAll(tile.subtrees());
    }
    boolean signed = Frontier.of(size, subtrees).root().equals(root);
    int width = index < full ? Tile.FULL : rest;
    return signed && width > 0 ? bundle(index, width) : Optional.empty();
  }

  /** The first {@code width} entries of a bundle, full or open. */
  private Optional<List<Bytes>> bundle(long index, int width) throws IOException {
    Wanted wanted = new Wanted(index);
    topics.read(Topic.TILES, origin.partition(), wanted);
    List<Bytes> entries = wanted.entries == null ? openEntries(index) : wanted.entries;
    return entries == null || entries.size() < width
        ? Optional.empty()
        : Optional.of(entries.subList(0, width));
  }

  private @Nullable List<Bytes> openEntries(long index) {
    byte[] bytes = open;
    if (bytes == null || bytes.length < Long.BYTES) {
      return null;
    }
    long size = ByteBuffer.wrap(bytes).getLong();
    try {
      return size / Tile.FULL == index
          ? EntryBundle.parse(
              Arrays.copyOfRange(bytes, Long.BYTES, bytes.length), (int) (size % Tile.FULL))
          : null;
    } catch (TlogException e) {
      return null;
    }
  }

  /** Takes the records of this log. */
  private abstract class Sink implements TopicRecords.Sink {
    private final Consumer<Failure> failures;

    Sink(Consumer<Failure> failures) {
      this.failures = failures;
    }

    abstract void tile(Place place, Tile tile, byte[] value) throws IOException, TlogException;

    @Override
    public void record(Place place, String key, byte[] value) throws IOException {
      String prefix = origin.toString();
      if (key.equals(prefix + OPEN)) {
        open = value;
      } else if (key.startsWith(prefix + "/tile/")) {
        try {
          Tile tile = Tile.parse(key.substring(prefix.length() + 1));
          try {
            tile(place, tile, value);
          } catch (TlogException e) {
            fail(place, tile, String.valueOf(e.getMessage()));
          }
        } catch (TlogException e) {
          failures.accept(
              new Failure.BadTile(
                  Where.stored(place), prefix, key, String.valueOf(e.getMessage())));
        }
      }
    }

    void fail(Place place, Tile tile, String detail) {
      failures.accept(
          new Failure.BadTile(Where.stored(place), origin.toString(), tile.path(), detail));
    }

    @Override
    public void failure(Failure failure) {
      failures.accept(failure);
    }
  }

  /** Looks for one bundle. */
  private final class Wanted extends Sink {
    private final long index;
    private @Nullable List<Bytes> entries;

    Wanted(long index) {
      super(failure -> {});
      this.index = index;
    }

    @Override
    void tile(Place place, Tile tile, byte[] value) throws TlogException {
      if (tile.level() == Tile.ENTRIES && tile.index() == index) {
        entries = EntryBundle.parse(value, Tile.FULL);
      }
    }
  }

  @Override
  public void close() throws IOException {
    bundles.close();
    hashes.close();
  }
}
