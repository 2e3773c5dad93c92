/**
 * Gemini CLI's hooks: each body that it hands to a command becomes the events that tell of it.
 *
 * <p>Invariant: ids of prompts and calls, which its hooks do not have, are minted here, and say so;
 * two hooks are joined only where nothing else fits; what the agent calls a success is one only
 * where its own words do not say otherwise.
 *
 * <p>Allowed neighbours: {@code capture}, {@code source.agent}, {@code source.git}, {@code event},
 * {@code signing}, Jackson.
 */
@NullMarked
package dev.custody.source.gemini;

import org.jspecify.annotations.NullMarked;
