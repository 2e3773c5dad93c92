package dev.custody.spool;

import dev.custody.digest.Bytes;
import dev.custody.digest.ChainId;

/**
 * An envelope in the spool, as it is sent.
 *
 * @param position order of recording, over all chains: 0, 1, 2, ...
 * @param chain its chain; the Kafka key
 * @param observedAtMillis the Kafka timestamp
 * @param envelope single-object encoded; the Kafka value
 */
public record Spooled(long position, ChainId chain, long observedAtMillis, Bytes envelope) {}
