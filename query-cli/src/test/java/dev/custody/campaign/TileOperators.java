package dev.custody.campaign;

import dev.custody.campaign.Topics.Said;
import dev.custody.tlog.EntryBundle;
import dev.custody.tlog.HashTile;
import dev.custody.tlog.Tile;
import dev.custody.tlog.TlogException;
import dev.custody.topic.Topic;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Stored tiles that are missing, another's, or not what they are named. */
final class TileOperators {
  private TileOperators() {}

  static List<Operator> all() {
    return List.of(
        stored("flip a bit of a tile", 20, TileOperators::flip),
        stored("append bytes to a tile", 8, (t, l, r) -> value(t, longer(t.value(), r))),
        stored("cut a tile", 8, (t, l, r) -> value(t, shorter(t.value(), r))),
        stored("name a full tile a partial one", 6, TileOperators::partial),
        stored("misspell a tile's name", 6, (t, l, r) -> new Said(t.key() + "/", t.value())),
        stored("put another log's tile in its place", 8, TileOperators::otherLog),
        new Operator("drop a tile", 1, Target.TILE, 10, TileOperators::drop),
        open("flip a bit of the open tile", TileOperators::flipOpen, "BadTile"),
        open("cut the open tile", (t, l, r) -> value(t, shorter(t.value(), r)), "BadTile"),
        open(
            "append bytes to the open tile",
            (t, l, r) -> value(t, longer(t.value(), r)),
            "BadTile"),
        open("put an older open tile in its place", TileOperators::older, "BadTile"),
        open("drop the open tile", (t, l, r) -> new Said("no tile", t.value()), "MissingTile"),
        parsed("take a tile for one of another width", TileOperators::otherWidth),
        parsed("take a bundle for one of another width", TileOperators::otherBundleWidth),
        parsed("lengthen an entry past its bundle", TileOperators::longEntry));
  }

  /** Another record in its place, or null when there is nothing to change. */
  @FunctionalInterface
  private interface Change {
    @Nullable Said apply(Said clean, CleanLog log, SplittableRandom random);
  }

  private static Operator stored(String name, int weight, Change change) {
    return new Operator(
        name, 1, Target.TILE, weight, (w, random) -> make(w, random, false, change, "BadTile"));
  }

  private static Operator open(String name, Change change, String verdict) {
    return new Operator(
        name, 1, Target.TILE, 6, (w, random) -> make(w, random, true, change, verdict));
  }

  private static @Nullable Mutation make(
      Worlds worlds, SplittableRandom random, boolean open, Change change, String verdict) {
    CleanLog log = open ? worlds.any(random) : worlds.tiled(random);
    int partition = open ? random.nextInt(log.partitions().size()) : 0;
    Topics topics = log.published().topics();
    List<Said> said = new ArrayList<>(topics.of(Topic.TILES, partition));
    List<Integer> eligible = new ArrayList<>();
    for (int i = 0; i < said.size(); i++) {
      if (said.get(i).key().endsWith("/open") == open) {
        eligible.add(i);
      }
    }
    boolean nothingOpen = log.published().tree(partition).size() % Tile.FULL == 0;
    if (eligible.isEmpty() || (open && nothingOpen)) {
      return null;
    }
    int at = eligible.get(random.nextInt(eligible.size()));
    Said changed = change.apply(said.get(at), log, random);
    if (changed == null) {
      return null;
    }
    boolean noOp =
        changed.key().equals(said.get(at).key())
            && Arrays.equals(changed.value(), said.get(at).value());
    Spot spot = new Spot(partition, open ? 0 : at);
    said.set(at, changed);
    Topics tampered = topics.with(Topic.TILES, partition, said);
    Expected bad = Expected.at(spot, verdict);
    return new Mutation(
        log.name() + ", " + changed.key(),
        noOp,
        // Under another name it is missing too, which may be told first.
        open ? bad : bad.or(Expected.at(new Spot(partition, 0), "MissingTile")),
        () -> Auditing.withLogs(log.partitions(), tampered));
  }

  private static Said value(Said clean, byte[] other) {
    return new Said(clean.key(), other);
  }

  private static Said flip(Said clean, CleanLog log, SplittableRandom random) {
    byte[] bytes = clean.value().clone();
    bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
    return value(clean, bytes);
  }

  /** A larger size would say that it is newer than any checkpoint that was read. */
  private static Said flipOpen(Said clean, CleanLog log, SplittableRandom random) {
    byte[] bytes = clean.value().clone();
    bytes[Long.BYTES + random.nextInt(bytes.length - Long.BYTES)] ^=
        (byte) (1 << random.nextInt(8));
    return value(clean, bytes);
  }

  private static byte[] longer(byte[] bytes, SplittableRandom random) {
    return Arrays.copyOf(bytes, bytes.length + 1 + random.nextInt(64));
  }

  private static byte[] shorter(byte[] bytes, SplittableRandom random) {
    return Arrays.copyOf(bytes, random.nextInt(bytes.length));
  }

  private static Said partial(Said clean, CleanLog log, SplittableRandom random) {
    return new Said(clean.key() + ".p/" + (1 + random.nextInt(255)), clean.value());
  }

  /** The same place in another log, which has other entries. */
  private static @Nullable Said otherLog(Said clean, CleanLog log, SplittableRandom random) {
    int level = clean.key().contains("/entries/") ? Tile.ENTRIES : 0;
    List<byte[]> entries = new ArrayList<>();
    for (int i = 0; i < Tile.FULL; i++) {
      entries.add(("other entry " + i).getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }
    return value(
        clean, Published.said(0, new Tree(entries), new Tile(level, 0, Tile.FULL)).value());
  }

  private static @Nullable Said older(Said clean, CleanLog log, SplittableRandom random) {
    int partition = dev.custody.tlog.LogOrigin.parse(clean.key().replace("/open", "")).partition();
    Tree tree = log.published().tree(partition);
    return tree.size() < 2
        ? null
        : Published.open(partition, tree, random.nextLong(1, tree.size()));
  }

  private static @Nullable Mutation drop(Worlds worlds, SplittableRandom random) {
    CleanLog log = worlds.tiled(random);
    Topics topics = log.published().topics();
    List<Said> said = new ArrayList<>(topics.of(Topic.TILES, 0));
    int at = random.nextInt(said.size());
    if (said.get(at).key().endsWith("/open")) {
      return null;
    }
    var _ = said.remove(at);
    Topics tampered = topics.with(Topic.TILES, 0, said);
    return new Mutation(
        log.name() + ", tile " + at,
        false,
        Expected.of("MissingTile"),
        () -> Auditing.withLogs(log.partitions(), tampered));
  }

  // --- what is not stored but handed over

  /** A tile's bytes, and the width that it is asked for. */
  @SuppressWarnings("ArrayRecordComponent")
  private record Asked(byte[] bytes, int width, boolean entries) {}

  private static Operator parsed(
      String name, java.util.function.BiFunction<Tree, SplittableRandom, Asked> change) {
    return new Operator(
        name,
        1,
        Target.TILE,
        6,
        (worlds, random) -> {
          Asked asked = change.apply(worlds.tree(), random);
          return new Mutation(
              "width " + asked.width(),
              false,
              Expected.of("BadTile"),
              () -> {
                try {
                  int found =
                      asked.entries()
                          ? EntryBundle.parse(asked.bytes(), asked.width()).size()
                          : HashTile.parse(asked.bytes(), asked.width()).size();
                  return found == asked.width()
                      ? Judgement.CLEAN
                      : Judgement.of("BadTile", "found " + found);
                } catch (TlogException e) {
                  return Judgement.of("BadTile", String.valueOf(e.getMessage()));
                }
              });
        });
  }

  private static int otherThan(int width, SplittableRandom random) {
    return (width + random.nextInt(Tile.FULL - 1)) % Tile.FULL + 1;
  }

  private static Asked otherWidth(Tree tree, SplittableRandom random) {
    int width = 1 + random.nextInt(Tile.FULL);
    byte[] bytes = Published.said(0, tree, new Tile(0, 0, width)).value();
    return new Asked(bytes, otherThan(width, random), false);
  }

  private static Asked otherBundleWidth(Tree tree, SplittableRandom random) {
    int width = 1 + random.nextInt(Tile.FULL);
    byte[] bytes = Published.said(0, tree, new Tile(Tile.ENTRIES, 0, width)).value();
    return new Asked(bytes, otherThan(width, random), true);
  }

  /** The length of the last entry says more than is there; 65,535 bytes are the most. */
  private static Asked longEntry(Tree tree, SplittableRandom random) {
    byte[] bytes = EntryBundle.encode(List.of(tree.entry(random.nextInt(100))));
    bytes[0] = random.nextBoolean() ? (byte) 0xff : (byte) (bytes[0] + 1);
    return new Asked(bytes, 1, true);
  }
}
