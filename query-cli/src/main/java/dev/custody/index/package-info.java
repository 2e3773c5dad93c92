/**
 * The Lucene store that answers questions: one document an attributed event, one a finding, one an
 * edge of a trace, and one of the replaced answers about an event.
 *
 * <p>Invariants: the store is derived and may be deleted at any time; built again from the topics
 * it gives the same answers, in the same order. The highest revision of an event or an edge wins,
 * whatever the order of arrival. The Kafka offsets are in the Lucene commit that holds what was
 * read up to them, so one is never durable without the other.
 *
 * <p>Neighbours: imports {@code attribution}, {@code event}, {@code wire} and {@code topic} of
 * schemas, and {@code query}. The only importer of Lucene.
 */
@NullMarked
package dev.custody.index;

import org.jspecify.annotations.NullMarked;
