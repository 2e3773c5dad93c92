package dev.custody.tiles;

import dev.custody.admission.TrustedRoots;
import dev.custody.digest.ChainId;
import dev.custody.digest.Digest;
import dev.custody.digest.HashDomain;
import dev.custody.merkle.MerkleTree;
import dev.custody.note.Checkpoint;
import dev.custody.note.NoteException;
import dev.custody.note.SignedNote;
import dev.custody.tlog.LogList;
import dev.custody.tlog.LogOrigin;
import dev.custody.tlog.Tile;
import dev.custody.tlog.TlogException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Finds positions of chains in the logs of a mirror, each below its newest checkpoint there. */
public final class EntrySearch {
  private static final int PREFIX = HashDomain.LINK.prefix().length;

  private final Path mirror;
  private final byte[] note;
  private final LogList logs;

  /** A position of a chain. */
  public record Wanted(ChainId chain, long sequence) {}

  /** A log here, and the checkpoint that it shows. */
  public record Shown(TileDirectory tiles, SignedNote note, Checkpoint checkpoint) {}

  /**
   * Where a position is in the log; nothing proves it yet.
   *
   * @param link the leaf
   */
  public record Found(Shown log, long index, Digest link) {}

  private EntrySearch(Path mirror, byte[] note, LogList logs) {
    this.mirror = mirror;
    this.note = note;
    this.logs = logs;
  }

  /**
   * Searches the mirror in a directory.
   *
   * @throws java.nio.file.NoSuchFileException when there is none
   * @throws TlogException when its list of logs is not to be believed
   */
  public static EntrySearch open(Path mirror, TrustedRoots roots)
      throws IOException, TlogException {
    byte[] note = Files.readAllBytes(mirror.resolve(LogMirror.LIST));
    return new EntrySearch(mirror, note, LogList.open(note, roots.publicKeys()));
  }

  /** The list of logs, as it was signed. */
  public byte[] list() {
    return note.clone();
  }

  /**
   * Looks for positions in the logs of a partition, the newest generation first; what is not found
   * is not there.
   *
   * @throws TlogException when a checkpoint is not to be believed
   */
  public Map<Wanted, Found> find(int partition, Set<Wanted> wanted)
      throws IOException, TlogException {
    Set<Wanted> rest = new HashSet<>(wanted);
    Map<Wanted, Found> found = new HashMap<>();
    for (Shown log : shown(partition)) {
      find(log, rest, found);
    }
    return found;
  }

  /** The logs of a partition that have a checkpoint here, the newest generation first. */
  public List<Shown> shown(int partition) throws IOException, TlogException {
    List<Shown> shown = new java.util.ArrayList<>();
    for (LogOrigin origin : logs.logs().reversed()) {
      TileDirectory tiles = LogMirror.directoryOf(mirror, origin);
      Optional<byte[]> checkpoint =
          origin.partition() == partition ? tiles.checkpoint() : Optional.empty();
      if (checkpoint.isPresent()) {
        Checkpoint verified = logs.verify(origin, checkpoint.get());
        shown.add(new Shown(tiles, parsed(checkpoint.get()), verified));
      }
    }
    return shown;
  }

  private static SignedNote parsed(byte[] verified) {
    try {
      return SignedNote.parse(verified);
    } catch (NoteException e) {
      throw new IllegalStateException("it was verified before", e);
    }
  }

  private static void find(Shown log, Set<Wanted> rest, Map<Wanted, Found> found)
      throws IOException {
    long size = log.checkpoint().size();
    for (long bundle = 0; bundle * Tile.FULL < size && !rest.isEmpty(); bundle++) {
      int width = (int) Math.min(Tile.FULL, size - bundle * Tile.FULL);
      List<byte[]> entries = log.tiles().bundle(bundle, width);
      for (int i = 0; i < width; i++) {
        byte[] entry = entries.get(i);
        Wanted here = entry.length < PREFIX + ChainId.SIZE + Long.BYTES ? null : position(entry);
        if (here != null && rest.remove(here)) {
          found.put(here, new Found(log, bundle * Tile.FULL + i, MerkleTree.leaf(entry)));
        }
      }
    }
  }

  private static Wanted position(byte[] entry) {
    return new Wanted(
        new ChainId(Arrays.copyOfRange(entry, PREFIX, PREFIX + ChainId.SIZE)),
        ByteBuffer.wrap(entry).getLong(PREFIX + ChainId.SIZE));
  }
}
