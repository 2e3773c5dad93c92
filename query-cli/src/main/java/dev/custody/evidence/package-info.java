/**
 * Evidence bundles: one file that proves some events of the log to somebody who has only the root's
 * public key; {@code docs/evidence.md} is the format.
 *
 * <p>Invariant: a verdict depends on the bytes of the bundle and on what the auditor brings (root,
 * policy, kept checkpoint), on nothing else; no bit of a bundle can change unseen; nothing of a
 * withheld event but its digest is ever written.
 *
 * <p>Neighbours: imports the contract (schemas), {@code audit} and {@code tiles}, from which
 * bundles are made; never the index, the stream processor or the collector. Only {@code cli}
 * imports it.
 */
@NullMarked
package dev.custody.evidence;

import org.jspecify.annotations.NullMarked;
