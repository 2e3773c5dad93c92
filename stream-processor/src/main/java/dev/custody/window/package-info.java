/**
 * Correlations of Sigma over groups of matches, as pure functions of the set of matches.
 *
 * <p>{@link dev.custody.window.Grouping} says to which groups a match belongs; {@link
 * dev.custody.window.GroupState} keeps the members of one group as bytes and says what is to be
 * told of them; {@link dev.custody.window.Correlator} does both in memory for whole sets of rules.
 *
 * <p><b>Invariant.</b> What is told of a group in the end depends on the set of its members, not on
 * the order in which they came, how often each came, or when its deadlines were looked at, as long
 * as each comes within the grace of the newest one and the group is not {@linkplain
 * dev.custody.window.GroupState#saturated saturated}.
 *
 * <p><b>What a match is.</b> The window of a member are the members at most a timespan before it,
 * itself included (ties by event id), that were observed within some timespan and grace of it. A
 * member <i>completes</i> a match when its window fulfils the lower end of the condition with it
 * and would not without it; an upper end must hold in the window of every member whose window has
 * this one. What more members could undo (upper ends, averages, percentiles, absence) is told when
 * the grace has passed, and taken back when it was undone all the same.
 *
 * <p><b>Neighbours.</b> Knows {@code sigma} and event ids; no Kafka, no clock.
 */
@NullMarked
package dev.custody.window;

import org.jspecify.annotations.NullMarked;
