/**
 * What the stream derives of events: who did it, how well that is known, and what was not admitted.
 *
 * <p>Invariant: carries references and short extracts only; a grade goes with every edge.
 *
 * <p>Neighbours: imports {@code digest} and {@code event}.
 */
@NullMarked
package dev.custody.attribution;

import org.jspecify.annotations.NullMarked;
