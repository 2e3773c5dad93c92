/**
 * Claude Code's hooks: each body that it posts becomes the events that tell of it.
 *
 * <p>Invariant: a hook of an unknown kind, or with fields of unexpected types, is recorded all the
 * same; a call is refused at most once, and only where the agent says so.
 *
 * <p>Allowed neighbours: {@code capture}, {@code redact}, {@code source.agent}, {@code source.git},
 * {@code event}, {@code signing}, Jackson.
 */
@NullMarked
package dev.custody.source.claudecode;

import org.jspecify.annotations.NullMarked;
