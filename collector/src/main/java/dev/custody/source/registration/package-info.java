/**
 * Registrations and retirements of agents that humans present.
 *
 * <p>Invariant: only a token that verifies under a certified human's own key becomes an event.
 *
 * <p>Neighbours: imports {@code admission}, {@code capture}, {@code identity}.
 */
@NullMarked
package dev.custody.source.registration;

import org.jspecify.annotations.NullMarked;
