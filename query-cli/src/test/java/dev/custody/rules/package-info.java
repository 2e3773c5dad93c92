/**
 * Runs the shipped rules over the sequences of records that lie in their folders.
 *
 * <p>Invariant: records are read by the collector's own code, sealed, and put through the whole
 * graph; what is asserted is what stands in {@code custody.alerts} at the end.
 *
 * <p>Neighbours: {@code source} for reading, {@code topology} for the graph.
 */
@NullMarked
package dev.custody.rules;

import org.jspecify.annotations.NullMarked;
