package dev.custody.tiles;

import dev.custody.admission.TrustedRoots;
import dev.custody.chain.Link;
import dev.custody.digest.Digest;
import dev.custody.merkle.MerkleTree;
import dev.custody.merkle.Proofs;
import dev.custody.note.Checkpoint;
import dev.custody.note.NoteException;
import dev.custody.note.SignedNote;
import dev.custody.tlog.LogList;
import dev.custody.tlog.LogOrigin;
import dev.custody.tlog.Tile;
import dev.custody.tlog.TlogException;
import dev.custody.tlog.TlogProof;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The logs of a mirror as they are shown: what each says of itself, and proofs from it.
 *
 * @param directory the mirror
 * @param list the organisation's logs, verified
 */
public record PublishedLogs(Path directory, LogList list) {
  /**
   * Opens a mirror.
   *
   * @throws IOException when there is none, or no trusted root signed its list of logs
   */
  public static PublishedLogs open(Path directory, TrustedRoots roots) throws IOException {
    try {
      byte[] note = Files.readAllBytes(directory.resolve(LogMirror.LIST));
      return new PublishedLogs(directory, LogList.open(note, roots.publicKeys()));
    } catch (TlogException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  /** What is shown of one log now. */
  public record Shown(LogOrigin origin, TileDirectory tiles, SignedNote note, Checkpoint head) {}

  /** The log as it is shown; empty before its first checkpoint. */
  public Optional<Shown> shown(LogOrigin origin) throws IOException {
    TileDirectory tiles = LogMirror.directoryOf(directory, origin);
    Optional<byte[]> note = tiles.checkpoint();
    if (note.isEmpty()) {
      return Optional.empty();
    }
    try {
      Checkpoint head = list.verify(origin, note.get());
      return Optional.of(new Shown(origin, tiles, SignedNote.parse(note.get()), head));
    } catch (TlogException | NoteException e) {
      throw new IOException("log %s: %s".formatted(origin, e.getMessage()), e);
    }
  }

  /**
   * An entry of a log.
   *
   * @param log where it is
   * @param index its place there
   * @param link what it states
   */
  public record Entry(Shown log, long index, Link link) {
    /** Proves that it is there. */
    public TlogProof proof() throws IOException {
      long size = log.head().size();
      return new TlogProof(
          null, index, Proofs.inclusion(index, size, log.tiles().nodes(size)), log.note());
    }

    /** Its leaf hash. */
    public Digest leaf() {
      return MerkleTree.leaf(link.statement());
    }
  }

  /**
   * The first entry that {@code wanted} takes, in the logs that are current; reads them through.
   */
  public Optional<Entry> find(Predicate<Link> wanted) throws IOException {
    for (LogOrigin origin : list.logs()) {
      Optional<Shown> shown =
          list.current(origin.partition()).filter(origin::equals).isPresent()
              ? shown(origin)
              : Optional.empty();
      Optional<Entry> found = shown.isEmpty() ? Optional.empty() : find(shown.get(), wanted);
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  private static Optional<Entry> find(Shown log, Predicate<Link> wanted) throws IOException {
    AtomicReference<@Nullable Entry> found = new AtomicReference<>();
    read(
        log,
        entry -> {
          if (wanted.test(entry.link())) {
            found.set(entry);
          }
          return found.get() == null;
        });
    return Optional.ofNullable(found.get());
  }

  /** Every log of a partition that is shown, the newest generation first. */
  public List<Shown> shownOf(int partition) throws IOException {
    List<Shown> all = new ArrayList<>();
    for (LogOrigin origin : list.logs().reversed()) {
      if (origin.partition() == partition) {
        shown(origin).ifPresent(all::add);
      }
    }
    return all;
  }

  /** Reads a log through, for as long as {@code more} says so. */
  public static void read(Shown log, Predicate<Entry> more) throws IOException {
    long size = log.head().size();
    for (long index = 0; index < size; index += Tile.FULL) {
      int width = (int) Math.min(Tile.FULL, size - index);
      List<byte[]> entries = log.tiles().bundle(index / Tile.FULL, width);
      for (int i = 0; i < width; i++) {
        Link link = Link.parse(entries.get(i));
        if (link != null && !more.test(new Entry(log, index + i, link))) {
          return;
        }
      }
    }
  }

  /**
   * Copies a log as it is shown into {@code target}: checkpoint, list of logs, and every tile of
   * that size, the partial ones in files of their own.
   *
   * @return number of tiles
   */
  public int export(Shown log, Path target) throws IOException {
    TileDirectory copy = new TileDirectory(target);
    List<Tile> tiles = TileDirectory.tilesOf(log.head().size());
    for (Tile tile : tiles) {
      copy.putTile(tile, log.tiles().tile(tile));
    }
    Files.copy(
        directory.resolve(LogMirror.LIST),
        target.resolve(LogMirror.LIST),
        StandardCopyOption.REPLACE_EXISTING);
    // Last: what is there under a checkpoint is whole.
    copy.putCheckpoint(log.note().encode());
    return tiles.size();
  }
}
