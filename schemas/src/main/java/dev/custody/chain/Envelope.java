package dev.custody.chain;

import dev.custody.digest.Bytes;
import dev.custody.digest.ChainId;
import dev.custody.digest.Digest;
import dev.custody.digest.KeyId;
import dev.custody.digest.SignatureBytes;
import java.util.List;

/**
 * One link of a chain, sealed.
 *
 * @param chain chain
 * @param sequence 0, 1, 2,
 * @param previous link hash of the position before; zeros at 0
 * @param event the event, single-object encoded, exactly as hashed
 * @param sealFirst first position of the seal
 * @param sealSize number of links of the seal, 1 to 64
 * @param sealPath RFC 6962 inclusion path of this link in the seal, leaf to root
 * @param key the signer's key
 * @param signature of the seal statement
 */
public record Envelope(
    ChainId chain,
    long sequence,
    Digest previous,
    Bytes event,
    long sealFirst,
    int sealSize,
    List<Digest> sealPath,
    KeyId key,
    SignatureBytes signature)
    implements EnvelopeView {
  public Envelope {
    sealPath = List.copyOf(sealPath);
  }

  @Override
  public Path path() {
    byte[] path = new byte[sealPath.size() * Digest.SIZE];
    int at = 0;
    for (Digest hash : sealPath) {
      at = hash.copyTo(path, at);
    }
    return new Path(path, 0, sealPath.size());
  }

  @Override
  public Envelope whole() {
    return this;
  }
}
