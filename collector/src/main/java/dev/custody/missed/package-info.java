/**
 * Hooks that found no collector: the forwarder on the developer's machine notes their names in a
 * file, and the collector records here that they were missed.
 *
 * <p>Invariant: a note is deleted only once its events are durable, and a note that is read again
 * adds nothing. Nothing in a note is believed beyond its form.
 *
 * <p>Neighbours: imports {@code capture}, {@code redact} and {@code sighting}; the format of the
 * file is in {@code docs/capture.md}.
 */
@NullMarked
package dev.custody.missed;

import org.jspecify.annotations.NullMarked;
