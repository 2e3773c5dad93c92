/**
 * Decides whether what was admitted is still believed, now that a root has revoked a key.
 *
 * <p>Admission looks at one partition, in its order; a revocation speaks of chains in other
 * partitions, and between partitions there is no order. So this is a second verdict beside that of
 * admission, and it is revised when more is known.
 *
 * <p>Invariant: a judgement depends on the set of revocations and on what is known of the chains,
 * never on the order in which either arrived; only a root's signature makes a {@link
 * dev.custody.trust.Revocation}.
 *
 * <p>Neighbours: imports {@code digest}, {@code event}, {@code signing} and, for roots, {@code
 * admission}; is imported by collectors, auditors and whoever answers questions.
 */
@NullMarked
package dev.custody.trust;

import org.jspecify.annotations.NullMarked;
