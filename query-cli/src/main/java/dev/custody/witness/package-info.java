/**
 * Witnesses of transparency logs (c2sp.org/tlog-witness): a client that asks any of them to cosign
 * a checkpoint, and one that anybody can run.
 *
 * <p>Invariant: a witness never cosigns what is not an extension of all that it cosigned of a log
 * before; what it cosigned is on its disk before anybody sees the cosignature.
 *
 * <p>Neighbours: imports {@code digest}, {@code merkle}, {@code note} and {@code tlog} of the
 * schemas, and nothing else of this project.
 */
@NullMarked
package dev.custody.witness;

import org.jspecify.annotations.NullMarked;
