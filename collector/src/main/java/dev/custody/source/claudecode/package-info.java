/**
 * Claude Code's hooks: each body that it posts becomes the events that tell of it.
 *
 * <p>Invariant: a body is redacted before anything in it is looked at; a hook of an unknown kind,
 * or with fields of unexpected types, is recorded all the same; no human is taken from a body.
 *
 * <p>Allowed neighbours: {@code capture}, {@code sighting}, {@code redact}, {@code source}, {@code
 * source.git}, {@code event}, {@code identity}, {@code signing}, Jackson.
 */
@NullMarked
package dev.custody.source.claudecode;

import org.jspecify.annotations.NullMarked;
