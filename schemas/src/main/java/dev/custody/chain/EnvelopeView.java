package dev.custody.chain;

import dev.custody.digest.Bytes;
import dev.custody.digest.ChainId;
import dev.custody.digest.Digest;
import dev.custody.digest.KeyId;
import dev.custody.digest.SignatureBytes;

/** What verification looks at of an {@link Envelope}, so that millions need no objects each. */
public interface EnvelopeView {
  /** Chain. */
  ChainId chain();

  /** Position. */
  long sequence();

  /** Link hash of the position before. */
  Digest previous();

  /** The event, exactly as hashed. */
  Bytes event();

  /** First position of the seal. */
  long sealFirst();

  /** Number of links of the seal. */
  int sealSize();

  /** Hashes of the inclusion path, leaf to root. */
  Path path();

  /** The signer's key. */
  KeyId key();

  /** Signature of the seal statement. */
  SignatureBytes signature();

  /** The whole. */
  Envelope whole();

  /**
   * Hashes one behind the other.
   *
   * @param at where the first begins
   * @param length how many there are
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Path(byte[] bytes, int at, int length) {}
}
