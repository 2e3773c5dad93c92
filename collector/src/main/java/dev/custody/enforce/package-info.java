/**
 * The decision on a tool call before it runs: what it would do, judged against the delegation that
 * its session works under, and what the policy makes of the judgement.
 *
 * <p>Invariant: the scope's evaluator and the order in which delegations are judged are those of
 * the stream; the policy only says what is answered, never what is true. A call that nobody could
 * judge in time goes on, unless the policy says otherwise.
 *
 * <p>Neighbours: imports {@code delegations}, {@code identity}, {@code attribution} and {@code
 * source}; imported by the sources of agents. It knows nothing of HTTP and of no agent's format.
 */
@NullMarked
package dev.custody.enforce;

import org.jspecify.annotations.NullMarked;
