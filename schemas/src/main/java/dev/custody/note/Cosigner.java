package dev.custody.note;

import dev.custody.digest.Bytes;
import dev.custody.signing.Signer;
import java.nio.ByteBuffer;
import java.time.Instant;

/** Signs, as a witness, that a checkpoint was the largest it had seen of a log, and when. */
public final class Cosigner {
  private final VerifierKey key;
  private final Signer signer;

  /**
   * @param signer a key that nothing else signs with: a cosignature does not tell the name
   * @throws IllegalArgumentException for a name that a signature line cannot hold
   */
  public Cosigner(String name, Signer signer) {
    this.key = VerifierKey.cosigner(name, signer.publicKey());
    this.signer = signer;
  }

  /** What verifies the cosignatures. */
  public VerifierKey key() {
    return key;
  }

  /**
   * Cosigns {@code noteText} as of {@code time}, in whole seconds.
   *
   * @throws IllegalArgumentException when the text is no checkpoint or the time not after 1970
   */
  public NoteSignature cosign(String noteText, Instant time) {
    if (!Checkpoint.isCheckpoint(noteText)) {
      throw new IllegalArgumentException("expected a checkpoint, found another text");
    }
    long seconds = time.getEpochSecond();
    if (seconds <= 0) {
      throw new IllegalArgumentException("expected a time after 1970, found " + time);
    }
    byte[] signature = signer.sign(SignatureCheck.cosigned(seconds, noteText)).toByteArray();
    byte[] blob =
        ByteBuffer.allocate(SignatureCheck.COSIGNATURE_BYTES)
            .putLong(seconds)
            .put(signature)
            .array();
    return new NoteSignature(key.name(), key.id(), new Bytes(blob));
  }
}
