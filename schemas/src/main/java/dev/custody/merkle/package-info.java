/**
 * RFC 6962 hashing.
 *
 * <p>Invariant: leaf and node hashes never collide: each has its prefix byte.
 *
 * <p>Neighbours: imports {@code digest} only.
 */
@NullMarked
package dev.custody.merkle;

import org.jspecify.annotations.NullMarked;
