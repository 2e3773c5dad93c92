package dev.custody.audit;

import dev.custody.audit.CheckpointTrail.Entry;
import dev.custody.digest.Digest;
import dev.custody.merkle.Frontier;
import dev.custody.tlog.Tile;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The tree of one partition as its stored records give it, beside every checkpoint that says what
 * it was. Not safe for use by several threads.
 */
final class RecomputedLog implements Closeable {
  private final Map<String, CheckpointTrail> trails;
  private final Map<String, Difference> differences = new LinkedHashMap<>();
  private final Map<String, Entry> agreed = new LinkedHashMap<>();
  private final HashFile tileRoots = new HashFile();
  private final Frontier tiles = Frontier.empty();
  private Frontier tile = Frontier.empty();
  private long size;
  private long nextCompared;

  /**
   * A checkpoint that says another root than the stored records give.
   *
   * @param good the newest size below it at which both agree
   */
  record Difference(long good, Entry checkpoint, Digest found) {}

  /**
   * Compares with {@code trails}, by the name under which a difference is reported.
   *
   * @throws IOException when there is no room for temporary files
   */
  RecomputedLog(Map<String, CheckpointTrail> trails) throws IOException {
    this.trails = trails;
    for (CheckpointTrail trail : trails.values()) {
      trail.begin();
    }
    compare();
  }

  /** Takes the next link. */
  void append(Digest link) throws IOException {
    tile.append(link);
    size++;
    if (tile.size() == Tile.FULL) {
      Digest root = tile.root();
      tiles.append(root);
      tileRoots.append(root);
      tile = Frontier.empty();
    }
    if (size == nextCompared) {
      compare();
    }
  }

  private void compare() throws IOException {
    nextCompared = Long.MAX_VALUE;
    for (Map.Entry<String, CheckpointTrail> trail : trails.entrySet()) {
      Entry next = trail.getValue().peek();
      while (next != null && next.size() == size) {
        compare(trail.getKey(), next);
        trail.getValue().take();
        next = trail.getValue().peek();
      }
      if (next != null && !differences.containsKey(trail.getKey())) {
        nextCompared = Math.min(nextCompared, next.size());
      }
    }
  }

  private void compare(String name, Entry checkpoint) {
    Digest found = root();
    if (found.equals(checkpoint.root())) {
      agreed.put(name, checkpoint);
    } else {
      Entry good = agreed.get(name);
      differences.putIfAbsent(
          name, new Difference(good == null ? 0 : good.size(), checkpoint, found));
    }
  }

  /** Root over what has come. */
  Digest root() {
    List<Digest> subtrees = new ArrayList<>(tiles.subtrees());
    subtrees.addAll(tile.subtrees());
    return Frontier.of(size, subtrees).root();
  }

  /** Number of links. */
  long size() {
    return size;
  }

  /** Roots of the full tiles of leaf hashes. */
  HashFile tileRoots() {
    return tileRoots;
  }

  /** The first checkpoint of each name that differs. */
  Map<String, Difference> differences() {
    return differences;
  }

  /** The newest checkpoint of {@code name} that agrees. */
  Optional<Entry> agreed(String name) {
    return Optional.ofNullable(agreed.get(name));
  }

  /** What a checkpoint of {@code name} says of a size that was not reached. */
  Optional<Entry> beyond(String name) {
    CheckpointTrail trail = trails.get(name);
    return trail == null || differences.containsKey(name)
        ? Optional.empty()
        : Optional.ofNullable(trail.peek());
  }

  @Override
  public void close() throws IOException {
    tileRoots.close();
    for (CheckpointTrail trail : trails.values()) {
      trail.close();
    }
  }
}
