/**
 * The transparency log of each partition: appends what was admitted to an RFC 6962 tree, and says
 * in signed checkpoints what it holds.
 *
 * <p>Invariant: one log never has two roots for one size. Tree, checkpoint and the offsets that
 * they come from are committed in one transaction; on start the last published checkpoint is
 * recomputed, and a log that differs from it stops until another generation is opened on purpose.
 *
 * <p>Neighbours: imports the contract (schemas) and {@code admit}; is imported by {@code topology}.
 */
@NullMarked
package dev.custody.log;

import org.jspecify.annotations.NullMarked;
