package dev.custody.accuracy.world;

import java.time.Instant;

/**
 * A delegation that a human signed for all their agents, and that a collector took.
 *
 * @param human who
 * @param id its id
 * @param at when, by a right clock
 */
public record Granted(String human, String id, Instant at) {}
