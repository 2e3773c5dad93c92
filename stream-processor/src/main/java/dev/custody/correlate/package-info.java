/**
 * Sessions of agents, and the claims they make on what happens away from them.
 *
 * <p>Invariant: a claim says no more than the session's own events show.
 *
 * <p>Neighbours: imports {@code attribute} and the records of schemas.
 */
@NullMarked
package dev.custody.correlate;

import org.jspecify.annotations.NullMarked;
