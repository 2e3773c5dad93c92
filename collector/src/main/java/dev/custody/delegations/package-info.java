/**
 * The delegations that this collector recorded, and which of them a session works under.
 *
 * <p>Invariant: what is in the book was recorded in the log before; an id stands for one token for
 * ever; nothing is guessed: a session that names a delegation works under that one or under none.
 *
 * <p>Neighbours: imports {@code capture}, {@code admission}, {@code identity}, {@code signing};
 * imported by {@code enforce} and the sources of agents.
 */
@NullMarked
package dev.custody.delegations;

import org.jspecify.annotations.NullMarked;
