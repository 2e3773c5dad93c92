package dev.custody.attribution;

import dev.custody.digest.ChainId;

/**
 * Where a record stands.
 *
 * @param partition kafka partition of custody.events
 * @param offset kafka offset
 * @param chain chain
 * @param sequence position in the chain
 */
public record Position(int partition, long offset, ChainId chain, long sequence) {}
