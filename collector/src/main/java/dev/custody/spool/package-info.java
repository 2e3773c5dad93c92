/**
 * What was recorded and has not reached Kafka for certain: sealed envelopes, which source records
 * are known, where the chain ends, and small notes of sources.
 *
 * <p>Invariant: envelopes, the source ids that they record and the chain's head become durable in
 * one synced write, all or none; a second #n of a chain is refused.
 *
 * <p>Neighbours: the only importer of RocksDB; imports {@code chain}, {@code digest} and {@code
 * wire}.
 */
@NullMarked
package dev.custody.spool;

import org.jspecify.annotations.NullMarked;
