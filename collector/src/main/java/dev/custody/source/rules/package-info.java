/**
 * Which detection rules a stream processor has in force, as it tells a collector.
 *
 * <p>Invariant: a set is recorded once, under its digest, whoever tells of it.
 *
 * <p>Allowed neighbours: {@code dev.custody.source.records}, {@code capture}, {@code event}, {@code
 * digest}, Jackson.
 */
@NullMarked
package dev.custody.source.rules;

import org.jspecify.annotations.NullMarked;
