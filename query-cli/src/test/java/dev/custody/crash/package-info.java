/**
 * The crash campaign: a real collector under load, killed at any moment, its Kafka away, its disk
 * full; and whether what it answered is in the log, once. {@code docs/reliability.md} is its
 * contract.
 *
 * <p>Invariant: what was answered is noted where the collector cannot touch it, and the log is
 * judged twice: by the product's own audit, and by counting here.
 *
 * <p>Neighbours: imports {@code e2e}, {@code audit} and the contract (schemas); nothing imports it.
 */
@NullMarked
package dev.custody.crash;

import org.jspecify.annotations.NullMarked;
