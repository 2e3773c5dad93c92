package dev.custody.tiles;

import dev.custody.merkle.NodeReader;
import dev.custody.note.Checkpoint;
import dev.custody.note.SignedNote;
import dev.custody.tlog.LogOrigin;
import java.io.IOException;
import java.util.Optional;

/** Gets the signatures that a checkpoint needs before it is shown. */
@FunctionalInterface
public interface Cosigning {
  /**
   * Asks for signatures.
   *
   * @param origin the log
   * @param note the checkpoint, signed by the log
   * @param checkpoint what it says
   * @param nodes the tree, for proofs
   * @return the note with every signature that it got; empty while they are too few
   */
  Optional<SignedNote> cosign(
      LogOrigin origin, SignedNote note, Checkpoint checkpoint, NodeReader nodes)
      throws IOException;

  /** Shows what the log alone has signed. */
  static Cosigning none() {
    return (origin, note, checkpoint, nodes) -> Optional.of(note);
  }
}
