package dev.custody.attribution;

import dev.custody.digest.ChainId;
import dev.custody.digest.KeyId;

/**
 * Where a record stands.
 *
 * @param partition kafka partition of custody.events
 * @param offset kafka offset
 * @param chain chain
 * @param sequence position in the chain
 * @param key key that sealed it; zeros where it is not known
 */
public record Position(int partition, long offset, ChainId chain, long sequence, KeyId key) {
  private static final KeyId UNKNOWN = new KeyId(new byte[KeyId.SIZE]);

  /** Where it is not known, or does not matter, which key sealed it. */
  public Position(int partition, long offset, ChainId chain, long sequence) {
    this(partition, offset, chain, sequence, UNKNOWN);
  }
}
