/**
 * The files of a transparency log and of those who rely on it, as C2SP specifies them: tiles and
 * entry bundles (c2sp.org/tlog-tiles), offline proofs (c2sp.org/tlog-proof), trust policies
 * (c2sp.org/tlog-policy) and what is sent to witnesses (c2sp.org/tlog-witness).
 *
 * <p>Invariant: what parses has exactly the length and the spelling that its place in the log gives
 * it; limits are checked before anything is allocated.
 *
 * <p>Neighbours: imports {@code digest}, {@code merkle} and {@code note}.
 */
@NullMarked
package dev.custody.tlog;

import org.jspecify.annotations.NullMarked;
