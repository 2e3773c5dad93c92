/**
 * From the spool to {@code custody.events}.
 *
 * <p>Invariant: envelopes are sent in the order of recording; one leaves the spool only after Kafka
 * acknowledged it and had time to force it to disk; no more are under way than admission remembers.
 *
 * <p>Neighbours: imports {@code spool} and {@code topic}; of Kafka, the clients only.
 */
@NullMarked
package dev.custody.publish;

import org.jspecify.annotations.NullMarked;
