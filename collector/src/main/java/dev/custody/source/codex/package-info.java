/**
 * Codex's hooks: each body that it hands to a command becomes the events that tell of it.
 *
 * <p>Invariant: an outcome that the hook does not tell is unknown; a hook of an unknown kind is
 * recorded all the same.
 *
 * <p>Allowed neighbours: {@code capture}, {@code source.agent}, {@code source.git}, {@code event},
 * {@code signing}, Jackson.
 */
@NullMarked
package dev.custody.source.codex;

import org.jspecify.annotations.NullMarked;
