/**
 * The collector, put together: it opens a chain, seals what sources record, spools, publishes and
 * listens.
 *
 * <p>Invariant: each start opens a new chain that names where the last one ended; one thread writes
 * a chain; what a caller was told is recorded is on disk.
 *
 * <p>Neighbours: imports every package of this module but the sources, which it is given.
 */
@NullMarked
package dev.custody.collector;

import org.jspecify.annotations.NullMarked;
