/**
 * Signed notes, checkpoints and cosignatures, as C2SP specifies them (c2sp.org/signed-note,
 * c2sp.org/tlog-checkpoint, c2sp.org/tlog-cosignature).
 *
 * <p>Invariant: what parses is, encoded again, the same bytes; a note with a failing signature of a
 * known key is refused whole.
 *
 * <p>Neighbours: imports {@code digest} and {@code signing}.
 */
@NullMarked
package dev.custody.note;

import org.jspecify.annotations.NullMarked;
