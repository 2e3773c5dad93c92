/**
 * What tells whether all of a session was heard: its channels and the numbers of its sources.
 *
 * <p>Invariant: immutable, and the same whatever the order of events.
 *
 * <p>Neighbours: imports {@code event} only; the stream and the command line share it.
 */
@NullMarked
package dev.custody.coverage;

import org.jspecify.annotations.NullMarked;
