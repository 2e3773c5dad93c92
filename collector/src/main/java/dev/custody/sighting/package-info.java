/**
 * From one record of a source to the events that tell of it: strict reading, redaction, the limits
 * of an event, and one event for each secret that was replaced.
 *
 * <p>Invariant: what leaves this package is redacted and fits into an event; no message repeats
 * what a record holds.
 *
 * <p>Allowed neighbours: {@code capture}, {@code redact}, {@code event}, {@code wire}, Jackson.
 * Every source below {@code source} uses it.
 */
@NullMarked
package dev.custody.sighting;

import org.jspecify.annotations.NullMarked;
