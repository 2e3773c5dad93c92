/**
 * What the hooks of all coding agents have in common: a body is redacted under the key of its
 * session, told as events with the place, the human and the delegation it happened under, and,
 * where the agent asks before a tool runs, answered. A package beside this one for each agent says
 * what its hooks look like.
 *
 * <p>Invariant: a body is redacted before anything in it is looked at but its session; whatever is
 * sent becomes at least one event; no human is taken from a body; what is remembered of a session
 * is bounded and never stored.
 *
 * <p>Neighbours: imports {@code capture}, {@code delegations}, {@code enforce}, {@code event},
 * {@code identity}, {@code redact}, {@code sighting}, {@code signing}, {@code source}, {@code
 * source.git}, {@code tag}, Jackson.
 */
@NullMarked
package dev.custody.source.agent;

import org.jspecify.annotations.NullMarked;
