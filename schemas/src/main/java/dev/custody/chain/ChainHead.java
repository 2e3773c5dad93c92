package dev.custody.chain;

import dev.custody.digest.ChainId;
import dev.custody.digest.Digest;

/**
 * The newest known position of a chain.
 *
 * @param chain the chain
 * @param sequence its last position
 * @param link link hash there
 */
public record ChainHead(ChainId chain, long sequence, Digest link) {}
