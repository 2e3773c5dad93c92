/**
 * Verification of the whole log from the bytes that Kafka stored: what {@code custody verify} says.
 *
 * <p>Invariant: the verdict depends on the stored records and on the trusted roots, and on nothing
 * that was derived from them; a storage checksum alone never makes a record believed, and never
 * hides one from its seal.
 *
 * <p>Neighbours: imports the contract (schemas) and Kafka's clients; never the index, the stream
 * processor or the collector. Only {@code cli} imports it.
 */
@NullMarked
package dev.custody.audit;

import org.jspecify.annotations.NullMarked;
