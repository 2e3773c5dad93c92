/**
 * The published transparency log as files: C2SP tiles and checkpoints, read back from their topics,
 * served over HTTP, proven from.
 *
 * <p>Invariant: a checkpoint gets here only after it was read back committed, its root was
 * recomputed from the tiles that lie here, and it continues the one that was here before.
 *
 * <p>Neighbours: imports the contract (schemas) and {@code witness}; is imported by {@code local},
 * {@code evidence} and {@code cli}.
 */
@NullMarked
package dev.custody.tiles;

import org.jspecify.annotations.NullMarked;
