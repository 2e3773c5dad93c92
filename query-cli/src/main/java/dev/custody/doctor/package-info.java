/**
 * Whether capture works on this machine, from an agent's hook to the answer of a question.
 *
 * <p>Invariants: nothing is changed: what is run by a hook of git or loads a plugin does so in a
 * directory of its own, which is removed; a probe is sent on the very way that settings name,
 * carries nothing, and is no agent's activity.
 *
 * <p>Neighbours: imports {@code hook}, {@code index} and {@code query}; knows neither collector nor
 * stream but for their addresses.
 */
@NullMarked
package dev.custody.doctor;

import org.jspecify.annotations.NullMarked;
