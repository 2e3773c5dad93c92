package dev.custody.tiles;

import dev.custody.digest.ChainId;
import dev.custody.digest.Digest;
import dev.custody.digest.HashDomain;
import dev.custody.merkle.Frontier;
import dev.custody.merkle.MerkleTree;
import dev.custody.note.Checkpoint;
import dev.custody.tiles.DirectoryFailure.Where;
import dev.custody.tlog.EntryBundle;
import dev.custody.tlog.HashTile;
import dev.custody.tlog.Tile;
import dev.custody.tlog.TlogException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Verifies an exported log against its checkpoint: every tile, every entry, the chains within, and
 * the checkpoints that the auditor kept. It reads each tile once, in the order of the log; its
 * memory grows with the number of chains and with log 256 of the size.
 */
public final class TileDirectoryAudit {
  /** Failures that are listed. */
  public static final int MAX_LISTED = 100;

  private static final byte[] PREFIX = HashDomain.LINK.prefix();
  private static final int STATEMENT = PREFIX.length + ChainId.SIZE + Long.BYTES + 2 * Digest.SIZE;

  private final Path directory;
  private final Checkpoint checkpoint;
  private final TreeMap<Long, List<Checkpoint>> kept = new TreeMap<>();
  private final Frontier tree = Frontier.empty();
  private final List<DirectoryFailure> failures = new ArrayList<>();
  private final Map<ChainId, Tip> chains = new HashMap<>();
  // Of each level the hashes that its tile, which is not full yet, has to hold.
  private final List<List<Digest>> open = new ArrayList<>();

  private record Tip(long sequence, Digest link) {}

  /**
   * What was found.
   *
   * @param entries how many entries were read
   * @param chains of how many chains
   * @param failures in the order of the log, at most {@link #MAX_LISTED}
   */
  public record Result(long entries, long chains, List<DirectoryFailure> failures) {
    /** Copies. */
    public Result {
      failures = List.copyOf(failures);
    }

    /** Whether everything holds. */
    public boolean intact() {
      return failures.isEmpty();
    }
  }

  private TileDirectoryAudit(Path directory, Checkpoint checkpoint, List<Checkpoint> kept) {
    this.directory = directory;
    this.checkpoint = checkpoint;
    for (Checkpoint one : kept) {
      this.kept.computeIfAbsent(one.size(), s -> new ArrayList<>()).add(one);
    }
  }

  /**
   * Verifies the log in {@code directory}.
   *
   * @param checkpoint the log's own, once its signature is verified
   * @param kept checkpoints of the same log that the auditor kept
   * @throws IOException when a file cannot be read
   */
  public static Result run(Path directory, Checkpoint checkpoint, List<Checkpoint> kept)
      throws IOException {
    TileDirectoryAudit audit = new TileDirectoryAudit(directory, checkpoint, kept);
    audit.run();
    return new Result(audit.tree.size(), audit.chains.size(), audit.failures);
  }

  private void run() throws IOException {
    compareWithKept();
    long size = checkpoint.size();
    for (long bundle = 0; bundle * Tile.FULL < size; bundle++) {
      if (!takeBundle(Tile.of(Tile.ENTRIES, bundle, size))) {
        return;
      }
    }
    for (int level = 0; level < open.size(); level++) {
      List<Digest> rest = open.get(level);
      if (!rest.isEmpty()) {
        compareTile(new Tile(level, Tile.hashes(level, size) / Tile.FULL, rest.size()), rest);
      }
    }
    if (!tree.root().equals(checkpoint.root())) {
      fail(
          new DirectoryFailure.ForkedLog(
              Where.of(TileDirectory.CHECKPOINT),
              "root %s over %d entries, as signed".formatted(checkpoint.root().base64(), size),
              tree.root().base64()));
    }
    kept.tailMap(size, false)
        .values()
        .forEach(later ->
            later.forEach(one ->
                fail(
                    new DirectoryFailure.RolledBackLog(
                        Where.of(TileDirectory.CHECKPOINT),
                        "at least %d entries, as in the checkpoint that you kept"
                            .formatted(one.size()),
                        Long.toString(size)))));
  }

  private void fail(DirectoryFailure failure) {
    if (failures.size() < MAX_LISTED) {
      failures.add(failure);
    }
  }

  /** Takes the entries of one bundle; false when nothing behind it can be judged. */
  private boolean takeBundle(Tile tile) throws IOException {
    byte @Nullable [] bytes = read(tile);
    if (bytes == null) {
      return false;
    }
    try {
      List<dev.custody.digest.Bytes> entries = EntryBundle.parse(bytes, tile.width());
      for (int i = 0; i < entries.size(); i++) {
        take(tile, tile.index() * Tile.FULL + i, entries.get(i).toByteArray());
      }
      return true;
    } catch (TlogException e) {
      fail(
          new DirectoryFailure.BadTile(
              Where.of(tile.path()),
              "a bundle of %d entries".formatted(tile.width()),
              String.valueOf(e.getMessage())));
      return false;
    }
  }

  private byte @Nullable [] read(Tile tile) throws IOException {
    Path file = directory.resolve(tile.path());
    long most = (long) tile.width() * (Short.BYTES + EntryBundle.MAX_ENTRY_BYTES);
    try {
      if (Files.size(file) > most) {
        fail(
            new DirectoryFailure.BadTile(
                Where.of(tile.path()), "at most %d bytes".formatted(most), "more"));
        return null;
      }
      return Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      fail(
          new DirectoryFailure.MissingTile(
              new Where(tile.path(), tile.index() * Tile.FULL, null, null),
              "the tile %s of a log of %d".formatted(tile.path(), checkpoint.size()),
              "none"));
      return null;
    }
  }

  // --- entries and chains

  private void take(Tile tile, long index, byte[] entry) throws IOException {
    Digest link = MerkleTree.leaf(entry);
    if (entry.length == STATEMENT
        && Arrays.equals(entry, 0, PREFIX.length, PREFIX, 0, PREFIX.length)) {
      continueChain(tile, index, entry, link);
    } else {
      fail(
          new DirectoryFailure.BadEntry(
              new Where(tile.path(), index, null, null),
              "a link statement of %d bytes".formatted(STATEMENT),
              entry.length == STATEMENT ? "other bytes" : entry.length + " bytes"));
    }
    tree.append(link);
    add(0, link);
    compareWithKept();
  }

  private void continueChain(Tile tile, long index, byte[] entry, Digest link) {
    ByteBuffer fields = ByteBuffer.wrap(entry, PREFIX.length, entry.length - PREFIX.length);
    byte[] id = new byte[ChainId.SIZE];
    fields.get(id);
    ChainId chain = new ChainId(id);
    long sequence = fields.getLong();
    byte[] named = new byte[Digest.SIZE];
    fields.get(named);
    Digest previous = new Digest(named);
    Tip tip = chains.get(chain);
    Where where = new Where(tile.path(), index, chain, sequence);
    Digest before = tip == null ? Digest.ZERO : tip.link();
    long next = tip == null ? 0 : tip.sequence() + 1;
    if (sequence == next && !previous.equals(before)) {
      fail(
          new DirectoryFailure.BrokenChain(
              where, "link %s before it".formatted(before.hex()), previous.hex()));
    } else if (sequence < 0 || (tip == null && sequence != 0)) {
      fail(new DirectoryFailure.BrokenChain(where, "the chain to begin at #0", "#" + sequence));
    }
    // Behind a gap, or late: the log takes what admission takes, in its order.
    if (sequence >= next) {
      chains.put(chain, new Tip(sequence, link));
    }
  }

  // --- tiles of hashes

  private void add(int level, Digest hash) throws IOException {
    while (open.size() <= level) {
      open.add(new ArrayList<>());
    }
    List<Digest> hashes = open.get(level);
    hashes.add(hash);
    if (hashes.size() == Tile.FULL) {
      long index = (tree.size() >> (Tile.HEIGHT * level)) / Tile.FULL - 1;
      compareTile(new Tile(level, index, Tile.FULL), hashes);
      Digest root = MerkleTree.root(hashes);
      hashes.clear();
      add(level + 1, root);
    }
  }

  private void compareTile(Tile tile, List<Digest> expected) throws IOException {
    byte @Nullable [] bytes = read(tile);
    if (bytes == null) {
      return;
    }
    try {
      List<Digest> found = HashTile.parse(bytes, tile.width());
      for (int i = 0; i < found.size(); i++) {
        if (!found.get(i).equals(expected.get(i))) {
          long entry = (tile.index() * Tile.FULL + i) << (Tile.HEIGHT * tile.level());
          fail(
              new DirectoryFailure.BadTile(
                  new Where(tile.path(), entry, null, null),
                  "hash %d to be %s, as the entries give".formatted(i, expected.get(i).hex()),
                  found.get(i).hex()));
          return;
        }
      }
    } catch (TlogException e) {
      fail(
          new DirectoryFailure.BadTile(
              Where.of(tile.path()),
              "a tile of %d hashes".formatted(tile.width()),
              String.valueOf(e.getMessage())));
    }
  }

  // --- what the auditor kept

  private void compareWithKept() {
    List<Checkpoint> now = kept.getOrDefault(tree.size(), List.of());
    for (Checkpoint one : now) {
      Digest root = tree.root();
      if (!one.root().equals(root)) {
        fail(
            new DirectoryFailure.ForkedLog(
                new Where(TileDirectory.CHECKPOINT, tree.size(), null, null),
                "root %s over the first %d entries, as in the checkpoint that you kept"
                    .formatted(one.root().base64(), one.size()),
                root.base64()));
      }
    }
  }
}
