/**
 * Who may sign, for whom, and what a human lets an agent do: certificates, SPIFFE ids, delegations
 * and their scopes.
 *
 * <p>Invariant: an evaluator always terminates; an unknown signer fails.
 *
 * <p>Neighbours: imports {@code digest} and {@code event}.
 */
@NullMarked
package dev.custody.identity;

import org.jspecify.annotations.NullMarked;
