/**
 * Probes: hooks that {@code custody doctor} sends to see whether they arrive.
 *
 * <p>Invariant: a probe is recorded, as the collector's own event; it is no agent's activity, and
 * carries nothing but its name.
 *
 * <p>Neighbours: imports {@code capture}, {@code http} and {@code sighting}.
 */
@NullMarked
package dev.custody.probe;

import org.jspecify.annotations.NullMarked;
