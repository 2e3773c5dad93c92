package dev.custody.note;

import dev.custody.digest.SignatureBytes;
import dev.custody.signing.PublicKeys;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What is signed for each {@link KeyType}, and whether it was. */
final class SignatureCheck {
  static final int COSIGNATURE_BYTES = Long.BYTES + SignatureBytes.SIZE;

  private SignatureCheck() {}

  /** Null when the signature fails. */
  static @Nullable NoteVerification of(VerifierKey key, NoteSignature signature, String text) {
    byte[] blob = signature.signature().toByteArray();
    return switch (key.type()) {
      case ED25519 -> ed25519(key, blob, text);
      case COSIGNATURE -> cosignature(key, blob, text);
    };
  }

  private static @Nullable NoteVerification ed25519(VerifierKey key, byte[] blob, String text) {
    boolean verifies =
        blob.length == SignatureBytes.SIZE
            && PublicKeys.verifies(
                key.publicKey(), new SignatureBytes(blob), text.getBytes(StandardCharsets.UTF_8));
    return verifies ? new NoteVerification(key, null) : null;
  }

  private static @Nullable NoteVerification cosignature(VerifierKey key, byte[] blob, String text) {
    if (blob.length != COSIGNATURE_BYTES || !Checkpoint.isCheckpoint(text)) {
      return null;
    }
    ByteBuffer fields = ByteBuffer.wrap(blob);
    long time = fields.getLong();
    byte[] signature = new byte[SignatureBytes.SIZE];
    fields.get(signature);
    // The format allows up to 2^63 - 1, and verifiers to refuse what is in the future.
    if (time < 0 || time > Instant.MAX.getEpochSecond()) {
      return null;
    }
    return PublicKeys.verifies(key.publicKey(), new SignatureBytes(signature), cosigned(time, text))
        ? new NoteVerification(key, Instant.ofEpochSecond(time))
        : null;
  }

  static byte[] cosigned(long time, String text) {
    return ("cosignature/v1\ntime " + time + "\n" + text).getBytes(StandardCharsets.UTF_8);
  }
}
