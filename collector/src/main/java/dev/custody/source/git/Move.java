package dev.custody.source.git;

import java.time.Instant;
import org.eclipse.jgit.lib.ObjectId;
import org.jspecify.annotations.Nullable;

/**
 * A reference that went from one object to another.
 *
 * @param before null when it was created
 * @param after null when it was deleted
 * @param forced whether the old commit is no ancestor of the new one
 * @param cause how, as the reflog says; null where it doesn't
 * @param at when, as the reflog says; null where it doesn't
 * @param line where in the reflog it stands, in bytes; {@link #UNLOGGED} if it doesn't
 */
record Move(
    String reference,
    @Nullable ObjectId before,
    @Nullable ObjectId after,
    boolean forced,
    @Nullable String cause,
    @Nullable Instant at,
    long line) {
  static final long UNLOGGED = -1;
}
