/**
 * opencode's callbacks, as our plugin in it sends them: each becomes the events that tell of it.
 *
 * <p>Invariant: a child session is a sub-agent of the topmost session above it; a call ends at most
 * once; a callback of an unknown kind is recorded all the same.
 *
 * <p>Allowed neighbours: {@code capture}, {@code source.agent}, {@code source.git}, {@code event},
 * {@code signing}, Jackson.
 */
@NullMarked
package dev.custody.source.opencode;

import org.jspecify.annotations.NullMarked;
