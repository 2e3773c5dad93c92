package dev.custody.tiles;

import dev.custody.digest.Digest;
import dev.custody.merkle.Proofs;
import dev.custody.note.Checkpoint;
import dev.custody.note.NoteException;
import dev.custody.note.SignedNote;
import dev.custody.tlog.LogList;
import dev.custody.tlog.LogOrigin;
import dev.custody.tlog.TlogException;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One log of a mirror: what has come of it, and what may be shown of it. */
final class MirroredLog {
  private static final Logger LOG = LoggerFactory.getLogger(MirroredLog.class);

  private final LogOrigin origin;
  private final TileDirectory directory;
  private byte @Nullable [] pending;
  private @Nullable String stopped;

  MirroredLog(LogOrigin origin, TileDirectory directory) {
    this.origin = origin;
    this.directory = directory;
  }

  TileDirectory directory() {
    return directory;
  }

  /** Takes the newest checkpoint that was read back; an older one that waits need not be shown. */
  void take(byte[] note) {
    pending = note;
  }

  /** Why nothing more of it is shown; empty when all is well. */
  Optional<String> stopped() {
    return Optional.ofNullable(stopped);
  }

  /** Shows what waits, when its tiles are here, it holds, and its witnesses have signed. */
  void publish(LogList list, Cosigning cosigning) throws IOException {
    byte[] note = pending;
    if (note == null || stopped != null) {
      return;
    }
    try {
      Checkpoint next = list.verify(origin, note);
      if (!directory.reaches(next.size())) {
        return;
      }
      if (continuesWhatIsShown(list, next)) {
        Optional<SignedNote> signed =
            cosigning.cosign(origin, SignedNote.parse(note), next, directory.nodes(next.size()));
        if (signed.isEmpty()) {
          return;
        }
        directory.putCheckpoint(signed.get().encode());
      }
      pending = null;
    } catch (TlogException | NoteException e) {
      stop(e.getMessage());
    } catch (MismatchException e) {
      stop(e.getMessage());
    }
  }

  /** Whether {@code next} is new; what is not consistent with what is shown is an exception. */
  private boolean continuesWhatIsShown(LogList list, Checkpoint next)
      throws IOException, TlogException, MismatchException {
    Optional<byte[]> shown = directory.checkpoint();
    if (shown.isPresent()) {
      Checkpoint last = list.verify(origin, shown.get());
      if (next.size() == last.size() && !next.root().equals(last.root())) {
        throw new MismatchException(
            "two roots for size %d: shown %s, new %s"
                .formatted(next.size(), last.root().hex(), next.root().hex()));
      }
      // A topic that is read again has older ones first.
      if (next.size() <= last.size()) {
        return false;
      }
      requireRoot(last);
    }
    requireRoot(next);
    return true;
  }

  private void requireRoot(Checkpoint checkpoint) throws IOException, MismatchException {
    Digest found = Proofs.root(checkpoint.size(), directory.nodes(checkpoint.size()));
    if (!found.equals(checkpoint.root())) {
      throw new MismatchException(
          "expected root %s at size %d, its tiles give %s"
              .formatted(checkpoint.root().hex(), checkpoint.size(), found.hex()));
    }
  }

  private void stop(@Nullable String why) {
    stopped = why;
    LOG.error("log {} is no longer published: {}; try: custody verify", origin, why);
  }

  /** What is here is not one history. */
  private static final class MismatchException extends Exception {
    private static final long serialVersionUID = 1L;

    MismatchException(String message) {
      super(message);
    }
  }
}
