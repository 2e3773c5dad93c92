/**
 * Every topic of Custody.
 *
 * <p>Invariant: a topic is declared once; a start with another partition count is refused.
 *
 * <p>Neighbours: imports nothing of this project; of Kafka, the clients only.
 */
@NullMarked
package dev.custody.topic;

import org.jspecify.annotations.NullMarked;
