package dev.custody.note;

import dev.custody.signing.Signer;
import java.nio.charset.StandardCharsets;

/**
 * Signs notes: a log its checkpoints. The text is signed as it is; nothing else that this project
 * signs can be taken for it, because that has a zero byte in its first line and a note has none.
 */
public final class NoteSigner {
  private final VerifierKey key;
  private final Signer signer;

  /**
   * @throws IllegalArgumentException for a name that a signature line cannot hold
   */
  public NoteSigner(String name, Signer signer) {
    this.key = VerifierKey.ed25519(name, signer.publicKey());
    this.signer = signer;
  }

  /** What verifies the signatures. */
  public VerifierKey key() {
    return key;
  }

  /** Signs {@code text}, which ends with a newline. */
  public NoteSignature sign(String text) {
    if (!text.endsWith("\n")) {
      throw new IllegalArgumentException("expected a text that ends with a newline, found another");
    }
    return new NoteSignature(
        key.name(), key.id(), signer.sign(text.getBytes(StandardCharsets.UTF_8)));
  }
}
