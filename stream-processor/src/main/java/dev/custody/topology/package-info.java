/**
 * The whole graph, as a pure function, and the process that runs it.
 *
 * <p>Invariant: everything that owns state has a name; the description is a golden file.
 *
 * <p>Neighbours: imports every package of the stream processor; nothing imports it.
 */
@NullMarked
package dev.custody.topology;

import org.jspecify.annotations.NullMarked;
