/**
 * Deadlines that outlive a restart.
 *
 * <p>Invariant: what is due is answered once, in the order of time.
 *
 * <p>Neighbours: imports nothing of ours.
 */
@NullMarked
package dev.custody.due;

import org.jspecify.annotations.NullMarked;
