/**
 * Delegations that humans present.
 *
 * <p>Invariant: only a token that verifies under a certified human's own key becomes an event.
 *
 * <p>Neighbours: imports {@code admission}, {@code capture}, {@code identity} and {@code signing}.
 */
@NullMarked
package dev.custody.source.delegation;

import org.jspecify.annotations.NullMarked;
