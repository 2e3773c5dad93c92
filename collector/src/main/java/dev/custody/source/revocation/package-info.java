/**
 * Revocations of keys, signed by the organisation's root.
 *
 * <p>Invariant: what no trusted root signed is refused, and never recorded.
 *
 * <p>Neighbours: imports {@code capture} and the contract in {@code schemas}.
 */
@NullMarked
package dev.custody.source.revocation;

import org.jspecify.annotations.NullMarked;
