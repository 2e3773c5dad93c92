/**
 * Links, seals and the envelopes that carry them.
 *
 * <p>Invariant: one hash, three proofs: the link hash is the next link's {@code previous}, the leaf
 * of the seal and the leaf of the log.
 *
 * <p>Neighbours: imports {@code digest}, {@code merkle} and {@code signing}.
 */
@NullMarked
package dev.custody.chain;

import org.jspecify.annotations.NullMarked;
