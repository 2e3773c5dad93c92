/**
 * The RFC 6962 tree: hashing, appending, proving, and checking proofs.
 *
 * <p>Invariant: leaf and node hashes never collide: each has its prefix byte. A proof that is
 * longer or shorter than its position needs proves nothing.
 *
 * <p>Neighbours: imports {@code digest} only.
 */
@NullMarked
package dev.custody.merkle;

import org.jspecify.annotations.NullMarked;
