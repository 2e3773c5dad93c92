package dev.custody.campaign;

import dev.custody.campaign.Topics.Home;
import dev.custody.campaign.Topics.Said;
import dev.custody.chain.Envelope;
import dev.custody.chain.Link;
import dev.custody.note.SignedNote;
import dev.custody.tlog.EntryBundle;
import dev.custody.tlog.HashTile;
import dev.custody.tlog.Tile;
import dev.custody.topic.Topic;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * What the stream processor publishes of a log: of each partition full tiles as they become full,
 * and now and then the open tile and a checkpoint; the newest checkpoint covers everything.
 */
final class Published {
  private static final int WIDTH = Tile.FULL;

  private final List<Tree> trees = new ArrayList<>();
  private final Topics topics;

  private Published(List<Tree> logs, int step, SplittableRandom random) {
    Map<Home, List<Said>> said = new LinkedHashMap<>();
    for (Tree tree : logs) {
      int partition = trees.size();
      trees.add(tree);
      List<Said> checkpoints = new ArrayList<>();
      if (partition == 0) {
        checkpoints.add(new Said("logs", LogFiles.signedList().encode()));
      }
      List<Said> tiles = new ArrayList<>();
      publish(partition, tree, step, tiles, checkpoints, random);
      said.put(new Home(Topic.TILES, partition), tiles);
      said.put(new Home(Topic.CHECKPOINTS, partition), checkpoints);
    }
    topics = new Topics(said);
  }

  /** What an honest processor publishes of honest records. */
  static Published of(List<List<Row>> partitions, long seed) {
    return new Published(
        partitions.stream().map(Published::tree).toList(), 60, new SplittableRandom(seed));
  }

  /** What it publishes of one log, with a checkpoint every so many entries at most. */
  static Published of(Tree tree, int step) {
    return new Published(List.of(tree), step, new SplittableRandom(step));
  }

  /** The links in the order in which they are admitted: each once, where it is stored first. */
  static Tree tree(List<Row> rows) {
    Set<Link> seen = new HashSet<>();
    List<byte[]> entries = new ArrayList<>();
    for (Row row : rows) {
      Link link = Link.of(row.envelope());
      if (seen.add(link)) {
        entries.add(link.statement());
      }
    }
    return new Tree(entries);
  }

  private static void publish(
      int partition,
      Tree tree,
      int step,
      List<Said> tiles,
      List<Said> checkpoints,
      SplittableRandom random) {
    long size = 0;
    while (size < tree.size()) {
      long next = Math.min(tree.size(), size + 1 + random.nextInt(step));
      addFullTiles(partition, tree, size, next, tiles);
      tiles.removeIf(one -> one.key().endsWith("/open"));
      tiles.add(open(partition, tree, next));
      checkpoints.add(checkpoint(partition, tree, next));
      size = next;
    }
  }

  static Said checkpoint(int partition, Tree tree, long size) {
    SignedNote note = LogFiles.checkpoint(partition, tree, size);
    return new Said(LogFiles.origin(partition).toString(), note.encode());
  }

  static Said open(int partition, Tree tree, long size) {
    List<byte[]> entries = tree.entries().subList((int) (size / WIDTH * WIDTH), (int) size);
    byte[] bundle = entries.isEmpty() ? new byte[0] : EntryBundle.encode(entries);
    return new Said(
        LogFiles.origin(partition) + "/open",
        ByteBuffer.allocate(Long.BYTES + bundle.length).putLong(size).put(bundle).array());
  }

  private static void addFullTiles(int partition, Tree tree, long from, long to, List<Said> tiles) {
    for (long tile = from / WIDTH; tile < to / WIDTH; tile++) {
      tiles.add(said(partition, tree, new Tile(Tile.ENTRIES, tile, WIDTH)));
      tiles.add(said(partition, tree, new Tile(0, tile, WIDTH)));
    }
    for (int level = 1; Tile.hashes(level, to) >= WIDTH; level++) {
      for (long t = Tile.hashes(level, from) / WIDTH; t < Tile.hashes(level, to) / WIDTH; t++) {
        tiles.add(said(partition, tree, new Tile(level, t, WIDTH)));
      }
    }
  }

  static Said said(int partition, Tree tree, Tile tile) {
    int from = (int) (tile.index() * WIDTH);
    byte[] bytes =
        tile.level() == Tile.ENTRIES
            ? EntryBundle.encode(tree.entries().subList(from, from + tile.width()))
            : hashes(tree, tile);
    return new Said(LogFiles.origin(partition) + "/" + tile.path(), bytes);
  }

  private static byte[] hashes(Tree tree, Tile tile) {
    List<dev.custody.digest.Digest> hashes = new ArrayList<>();
    try {
      for (int i = 0; i < tile.width(); i++) {
        hashes.add(tree.node(Tile.HEIGHT * tile.level(), tile.index() * WIDTH + i));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return HashTile.encode(hashes);
  }

  Topics topics() {
    return topics;
  }

  Tree tree(int partition) {
    return trees.get(partition);
  }

  /** Sizes of a partition's checkpoints, and where each lies. */
  Map<Long, Spot> checkpoints(int partition) {
    Map<Long, Spot> sizes = new LinkedHashMap<>();
    List<Said> said = topics.of(Topic.CHECKPOINTS, partition);
    for (int i = 0; i < said.size(); i++) {
      if (!said.get(i).key().equals("logs")) {
        sizes.put(sizeOf(said.get(i)), new Spot(partition, i));
      }
    }
    return sizes;
  }

  static long sizeOf(Said checkpoint) {
    String text = new String(checkpoint.value(), java.nio.charset.StandardCharsets.UTF_8);
    return Long.parseLong(text.split("\n", 3)[1]);
  }

  /** The statement of a stored record. */
  static byte[] statement(Envelope envelope) {
    return Link.of(envelope).statement();
  }

  /** The newest checkpoint of a partition, null when it has none. */
  @Nullable Said newest(int partition) {
    List<Said> said = topics.of(Topic.CHECKPOINTS, partition);
    return said.isEmpty() || said.getLast().key().equals("logs") ? null : said.getLast();
  }
}
