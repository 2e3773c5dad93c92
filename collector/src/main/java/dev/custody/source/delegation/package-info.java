/**
 * Delegations, hops and revocations that are handed in.
 *
 * <p>Invariant: only a token becomes an event that verifies, with every hop above it, under keys
 * that the root vouches for; one id stands for one token.
 *
 * <p>Neighbours: imports {@code admission}, {@code capture}, {@code delegation}, {@code
 * delegations}, {@code identity} and {@code signing}.
 */
@NullMarked
package dev.custody.source.delegation;

import org.jspecify.annotations.NullMarked;
