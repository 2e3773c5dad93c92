/**
 * AWS CloudTrail: its records as attribution needs them, and the events that they become.
 *
 * <p>Allowed neighbours: {@code dev.custody.source.records}, {@code capture}, {@code sighting},
 * {@code redact}, {@code event}, {@code signing}, Jackson.
 */
@NullMarked
package dev.custody.source.cloudtrail;

import org.jspecify.annotations.NullMarked;
