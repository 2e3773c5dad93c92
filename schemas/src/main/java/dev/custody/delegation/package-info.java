/**
 * Chains of delegations, from a human's own grant down to what a sub-agent may do: who signed each
 * hop, and whether it only narrows what is above it ({@code docs/delegation.md}); and which of
 * several speaks of an act.
 *
 * <p>Invariant: only verification makes a {@link dev.custody.delegation.DelegationChain}; no clock
 * is asked.
 *
 * <p>Neighbours: imports {@code admission} for the roots, {@code attribution} for the verdicts,
 * {@code event}, {@code identity} and {@code signing}; is imported by collectors, the stream and
 * auditors.
 */
@NullMarked
package dev.custody.delegation;

import org.jspecify.annotations.NullMarked;
