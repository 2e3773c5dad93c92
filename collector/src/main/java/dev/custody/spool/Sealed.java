package dev.custody.spool;

import dev.custody.chain.Envelope;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An envelope on its way into the spool.
 *
 * @param envelope the sealed link
 * @param observedAt of its event; the Kafka timestamp, to the millisecond
 * @param source by which a repeat of its event is known; null where there is none
 */
public record Sealed(Envelope envelope, Instant observedAt, @Nullable SourceKey source) {}
