/**
 * One position of a chain as it is stored: every record there, what admission says of each, what
 * its neighbours name, whether a revocation speaks against it.
 *
 * <p>Invariant: it says what the stored bytes and the trusted roots give, and asks nothing derived.
 *
 * <p>Neighbours: imports the contract (schemas) and {@code audit}; never the index, the stream
 * processor or the collector. Only {@code cli} imports it.
 */
@NullMarked
package dev.custody.explain;

import org.jspecify.annotations.NullMarked;
