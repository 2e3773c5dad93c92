/**
 * The Avro contract: the schemas, and the one way from records to bytes and back.
 *
 * <p>Invariant: what is hashed is what was sent; a writer's schema never comes from the data; what
 * an earlier release wrote is read; hostile lengths are refused before allocation.
 *
 * <p>Neighbours: the only importer of Avro.
 */
@NullMarked
package dev.custody.wire;

import org.jspecify.annotations.NullMarked;
