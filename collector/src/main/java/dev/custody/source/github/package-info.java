/**
 * GitHub's audit log of an organisation or an enterprise: its records as attribution needs them,
 * and the events that they become.
 *
 * <p>Allowed neighbours: {@code dev.custody.source.records}, {@code capture}, {@code sighting},
 * {@code redact}, {@code event}, {@code signing}, Jackson.
 */
@NullMarked
package dev.custody.source.github;

import org.jspecify.annotations.NullMarked;
