package dev.custody.audit;

import dev.custody.admission.TrustedRoots;
import dev.custody.audit.CheckpointTrail.Entry;
import dev.custody.audit.Failure.Where;
import dev.custody.audit.RecomputedLog.Difference;
import dev.custody.audit.RecordSource.Place;
import dev.custody.chain.Link;
import dev.custody.digest.Bytes;
import dev.custody.digest.Digest;
import dev.custody.merkle.MerkleTree;
import dev.custody.note.Checkpoint;
import dev.custody.note.NoteException;
import dev.custody.note.SignedNote;
import dev.custody.tlog.LogList;
import dev.custody.tlog.LogOrigin;
import dev.custody.tlog.Tile;
import dev.custody.tlog.TlogException;
import dev.custody.topic.Topic;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Holds the stored records against every checkpoint of their transparency logs, and against those
 * that the auditor has kept: each partition's tree is built again from what is admitted.
 *
 * <p>Where they differ, the log's own tiles tell the first entry that differs, once they are proven
 * to be what was signed. Memory does not grow with the logs; what does is in temporary files.
 */
public final class LogAudit implements AdmittedSink, Closeable {
  private static final String LIST = "logs";
  private static final String KEPT = " (kept checkpoint)";

  private final TopicRecords topics;
  private final TrustedRoots roots;
  private final List<Failure> failures = new ArrayList<>();
  private final Map<Integer, RecomputedLog> trees = new ConcurrentHashMap<>();
  private final Map<LogOrigin, Long> checkpoints = new TreeMap<>(LogAudit::order);
  private final List<KeptCheckpoint> kept;
  private @Nullable LogList list;

  /**
   * A checkpoint that the auditor kept: believed because they kept it.
   *
   * @param file where it is, in words
   * @param note as it was signed
   * @param checkpoint what it says
   */
  public record KeptCheckpoint(String file, SignedNote note, Checkpoint checkpoint) {
    /**
     * Reads one.
     *
     * @throws NoteException when it is none
     */
    public static KeptCheckpoint parse(String file, byte[] note) throws NoteException {
      SignedNote signed = SignedNote.parse(note);
      return new KeptCheckpoint(file, signed, Checkpoint.of(signed));
    }

    private LogOrigin origin() {
      return LogOrigin.parse(checkpoint.origin());
    }
  }

  private LogAudit(TopicRecords topics, TrustedRoots roots, List<KeptCheckpoint> kept) {
    this.topics = topics;
    this.roots = roots;
    this.kept = List.copyOf(kept);
  }

  private static int order(LogOrigin a, LogOrigin b) {
    int byPartition = Integer.compare(a.partition(), b.partition());
    return byPartition != 0 ? byPartition : Integer.compare(a.generation(), b.generation());
  }

  /**
   * Reads the list of logs.
   *
   * @param kept checkpoints that the auditor has kept
   * @throws IOException when nothing can be said
   */
  public static LogAudit open(TopicRecords topics, TrustedRoots roots, List<KeptCheckpoint> kept)
      throws IOException {
    List<KeptCheckpoint> ours = kept.stream().filter(LogAudit::isOfALogOfOurs).toList();
    LogAudit audit = new LogAudit(topics, roots, ours);
    topics.read(Topic.CHECKPOINTS, 0, audit.new Lists());
    for (KeptCheckpoint one : kept) {
      if (ours.contains(one)) {
        audit.requireListed(one);
      } else {
        audit.noLog(
            0, one, "expected NAME/PARTITION/GENERATION, found " + one.checkpoint().origin());
      }
    }
    return audit;
  }

  private static boolean isOfALogOfOurs(KeptCheckpoint one) {
    try {
      return one.origin().partition() >= 0;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private void requireListed(KeptCheckpoint one) {
    LogList known = list;
    LogOrigin origin = one.origin();
    try {
      if (known != null) {
        var _ = known.verify(origin, one.note().encode());
        return;
      }
      noLog(origin.partition(), one, "expected a list that names log " + origin + ", found none");
    } catch (TlogException e) {
      noLog(origin.partition(), one, String.valueOf(e.getMessage()));
    }
  }

  private void noLog(int partition, KeptCheckpoint one, String detail) {
    failures.add(
        new Failure.BadLogList(
            Where.stored(new Place(partition, -1, null, 0)),
            "%s: %s".formatted(one.file(), detail)));
  }

  /** The newest list of logs that a trusted root signed; empty when there is none. */
  public Optional<LogList> list() {
    return Optional.ofNullable(list);
  }

  /** Takes the lists of logs; the checkpoints come later, by partition. */
  private final class Lists implements TopicRecords.Sink {
    @Override
    public void record(Place place, String key, byte[] value) {
      if (!key.equals(LIST)) {
        return;
      }
      try {
        LogList read = LogList.open(value, roots.publicKeys());
        LogList known = list;
        if (known == null || read.serial() > known.serial()) {
          list = read;
        }
      } catch (TlogException e) {
        failures.add(new Failure.BadLogList(Where.stored(place), String.valueOf(e.getMessage())));
      }
    }

    @Override
    public void failure(Failure failure) {
      // The checkpoints' turn reports it.
    }
  }

  @Override
  public void admitted(int partition, long offset, Link link, Digest hash) {
    try {
      tree(partition).append(hash);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private RecomputedLog tree(int partition) throws IOException {
    RecomputedLog known = trees.get(partition);
    if (known == null) {
      known = new RecomputedLog(trails(partition));
      trees.put(partition, known);
    }
    return known;
  }

  private Map<String, CheckpointTrail> trails(int partition) throws IOException {
    Map<String, CheckpointTrail> trails = new LinkedHashMap<>();
    topics.read(Topic.CHECKPOINTS, partition, new Trails(partition, trails));
    for (KeptCheckpoint one : kept) {
      Checkpoint checkpoint = one.checkpoint();
      if (one.origin().partition() == partition) {
        Place place = new Place(partition, -1, null, 0);
        Entry same =
            trail(trails, checkpoint.origin() + KEPT)
                .add(new Entry(checkpoint.size(), checkpoint.root(), place));
        if (same != null) {
          split(checkpoint.origin(), same, checkpoint.root(), place);
        }
      }
    }
    return trails;
  }

  private static CheckpointTrail trail(Map<String, CheckpointTrail> trails, String name)
      throws IOException {
    CheckpointTrail trail = trails.get(name);
    if (trail == null) {
      trail = new CheckpointTrail();
      trails.put(name, trail);
    }
    return trail;
  }

  private synchronized void fail(Failure failure) {
    failures.add(failure);
  }

  private void split(String log, Entry first, Digest second, Place place) {
    fail(new Failure.SplitView(Where.stored(place), log, first.size(), first.root(), second));
  }

  /** Takes the checkpoints of one partition, each verified. */
  private final class Trails implements TopicRecords.Sink {
    private final int partition;
    private final Map<String, CheckpointTrail> trails;

    Trails(int partition, Map<String, CheckpointTrail> trails) {
      this.partition = partition;
      this.trails = trails;
    }

    @Override
    public void record(Place place, String key, byte[] value) throws IOException {
      if (key.equals(LIST)) {
        return;
      }
      LogList known = list;
      if (known == null) {
        bad(place, "expected a list of logs that a trusted root signed, found none");
        return;
      }
      try {
        LogOrigin origin = LogOrigin.parse(key);
        if (origin.partition() != partition) {
          bad(place, "expected a log of partition %d, found %s".formatted(partition, origin));
          return;
        }
        Checkpoint checkpoint = known.verify(origin, value);
        Entry entry = new Entry(checkpoint.size(), checkpoint.root(), place);
        Entry same = trail(trails, key).add(entry);
        if (same != null) {
          split(key, same, entry.root(), place);
        }
        synchronized (LogAudit.this) {
          var _ = checkpoints.merge(origin, 1L, Long::sum);
        }
      } catch (TlogException | IllegalArgumentException e) {
        bad(place, String.valueOf(e.getMessage()));
      }
    }

    private void bad(Place place, String detail) {
      fail(new Failure.BadCheckpoint(Where.stored(place), detail));
    }

    @Override
    public void failure(Failure failure) {
      fail(failure);
    }
  }

  /**
   * Says what was found, once every record has come.
   *
   * @param source the records, to be read again where something differs
   */
  public List<Failure> finish(RecordSource source) throws IOException {
    LogList known = list;
    if (known != null) {
      for (LogOrigin origin : known.logs()) {
        finish(origin, tree(origin.partition()), source);
      }
    }
    for (KeptCheckpoint one : kept) {
      finishKept(one, source);
    }
    return List.copyOf(failures);
  }

  private void finish(LogOrigin origin, RecomputedLog tree, RecordSource source)
      throws IOException {
    String name = origin.toString();
    try (PublishedTiles tiles = new PublishedTiles(origin, topics)) {
      List<Failure> ofTiles = new ArrayList<>();
      tiles.compare(tree, tree.agreed(name), ofTiles::add);
      boolean differs = report(name, origin, tree, tiles, source);
      // Where the records are what was changed, the tiles are right to differ from them.
      ofTiles.stream().filter(f -> !(differs && f instanceof Failure.BadTile)).forEach(this::fail);
    }
  }

  private void finishKept(KeptCheckpoint one, RecordSource source) throws IOException {
    LogOrigin origin = one.origin();
    try (PublishedTiles tiles = new PublishedTiles(origin, topics)) {
      RecomputedLog tree = tree(origin.partition());
      tiles.compare(tree, Optional.empty(), failure -> {});
      var _ = report(origin + KEPT, origin, tree, tiles, source);
    }
  }

  private boolean report(
      String name, LogOrigin origin, RecomputedLog tree, PublishedTiles tiles, RecordSource source)
      throws IOException {
    Difference difference = tree.differences().get(name);
    if (difference != null) {
      fail(forked(name, origin, tree, tiles, difference, source));
      return true;
    }
    Optional<Entry> beyond = tree.beyond(name);
    if (beyond.isPresent()) {
      Entry claimed = beyond.get();
      Optional<Bytes> first = entry(tiles, tree.size(), claimed.size(), claimed.root());
      Where where = first.map(e -> where(e, claimed.place())).orElse(Where.stored(claimed.place()));
      fail(
          new Failure.RolledBackLog(
              where,
              name,
              claimed.size(),
              tree.size(),
              first.map(e -> "first " + position(e)).orElse("its tiles do not tell which")));
    }
    return beyond.isPresent();
  }

  private Failure forked(
      String name,
      LogOrigin origin,
      RecomputedLog tree,
      PublishedTiles tiles,
      Difference difference,
      RecordSource source)
      throws IOException {
    Entry checkpoint = difference.checkpoint();
    long tile = Math.min(tiles.firstDifferent(tree), checkpoint.size() / Tile.FULL);
    Optional<List<Bytes>> signed = tiles.entries(tile, checkpoint.size(), checkpoint.root());
    Where where = Where.stored(checkpoint.place());
    String words =
        "it lies behind entry %d, its tiles do not tell where".formatted(difference.good());
    if (signed.isPresent()) {
      LeafLookup found = LeafLookup.run(roots, source, origin.partition(), tile * Tile.FULL);
      for (int i = 0; i < signed.get().size(); i++) {
        Bytes entry = signed.get().get(i);
        LeafLookup.@Nullable Leaf stored = found.at(i);
        if (stored == null || !stored.hash().equals(MerkleTree.leaf(entry.toByteArray()))) {
          where = stored == null ? where(entry, checkpoint.place()) : stored.where();
          words =
              "entry %d is the first that differs: expected %s, found %s"
                  .formatted(
                      tile * Tile.FULL + i,
                      position(entry),
                      stored == null ? "nothing" : stored.words());
          break;
        }
      }
    }
    return new Failure.ForkedLog(
        where, name, checkpoint.size(), checkpoint.root(), difference.found(), words);
  }

  private static Optional<Bytes> entry(PublishedTiles tiles, long index, long size, Digest root)
      throws IOException {
    return tiles
        .entries(index / Tile.FULL, size, root)
        .filter(entries -> entries.size() > index % Tile.FULL)
        .map(entries -> entries.get((int) (index % Tile.FULL)));
  }

  /** Chain and sequence of an entry, which is a link statement. */
  private static Where where(Bytes entry, Place place) {
    Link link = Link.parse(entry.toByteArray());
    return link == null ? Where.stored(place) : new Where(link.chain(), link.sequence(), place);
  }

  private static String position(Bytes entry) {
    Link link = Link.parse(entry.toByteArray());
    return link == null ? "no link statement" : link.chain().shortHex() + "#" + link.sequence();
  }

  /** What was found of each log, in the order of partitions and generations. */
  public List<LogSummary> summaries() throws IOException {
    List<LogSummary> summaries = new ArrayList<>();
    LogList known = list;
    if (known != null) {
      for (LogOrigin origin : known.logs()) {
        RecomputedLog tree = tree(origin.partition());
        summaries.add(
            new LogSummary(
                origin.toString(),
                known.current(origin.partition()).filter(origin::equals).isPresent(),
                checkpoints.getOrDefault(origin, 0L),
                tree.agreed(origin.toString()).map(Entry::size).orElse(0L),
                tree.size()));
      }
    }
    return summaries;
  }

  @Override
  public void close() throws IOException {
    for (RecomputedLog tree : trees.values()) {
      tree.close();
    }
  }
}
