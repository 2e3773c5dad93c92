package dev.custody.note;

import dev.custody.digest.Bytes;
import dev.custody.digest.Digest;
import dev.custody.digest.SignatureBytes;
import dev.custody.signing.PublicKeys;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What is signed for each {@link KeyType}, and whether it was. */
final class SignatureCheck {
  static final int COSIGNATURE_BYTES = Long.BYTES + SignatureBytes.SIZE;

  private static final byte[] SUBTREE = "subtree/v1\n\0".getBytes(StandardCharsets.US_ASCII);
  private static final int MAX_NAME_BYTES = 255;

  private SignatureCheck() {}

  /** Null when the signature fails. */
  static @Nullable NoteVerification of(VerifierKey key, NoteSignature signature, String text) {
    byte[] blob = signature.signature().toByteArray();
    return switch (key.type()) {
      case ED25519 -> ed25519(key, blob, text);
      case COSIGNATURE -> cosignature(key, blob, text);
      case ML_DSA_44_COSIGNATURE -> mlDsaCosignature(key, blob, text);
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

  private static @Nullable NoteVerification mlDsaCosignature(
      VerifierKey key, byte[] blob, String text) {
    if (blob.length != Long.BYTES + PublicKeys.ML_DSA_44_BYTES) {
      return null;
    }
    ByteBuffer fields = ByteBuffer.wrap(blob);
    long time = fields.getLong();
    byte[] signature = new byte[PublicKeys.ML_DSA_44_BYTES];
    fields.get(signature);
    byte[] message = subtree(key.name(), time, text);
    if (time < 0 || time > Instant.MAX.getEpochSecond() || message == null) {
      return null;
    }
    return PublicKeys.verifiesMlDsa44(key.publicKey(), new Bytes(signature), message)
        ? new NoteVerification(key, time == 0 ? null : Instant.ofEpochSecond(time))
        : null;
  }

  /** The {@code cosigned_message} of c2sp.org/tlog-cosignature, of the whole tree; or null. */
  static byte @Nullable [] subtree(String name, long time, String text) {
    Checkpoint checkpoint;
    try {
      checkpoint = Checkpoint.parse(text);
    } catch (NoteException e) {
      return null;
    }
    byte[] cosigner = name.getBytes(StandardCharsets.UTF_8);
    byte[] origin = checkpoint.origin().getBytes(StandardCharsets.UTF_8);
    if (cosigner.length > MAX_NAME_BYTES || origin.length > MAX_NAME_BYTES) {
      return null;
    }
    return ByteBuffer.allocate(
            SUBTREE.length + 2 + cosigner.length + origin.length + 3 * Long.BYTES + Digest.SIZE)
        .put(SUBTREE)
        .put((byte) cosigner.length)
        .put(cosigner)
        .putLong(time)
        .put((byte) origin.length)
        .put(origin)
        .putLong(0)
        .putLong(checkpoint.size())
        .put(checkpoint.root().asByteBuffer())
        .array();
  }

  static byte[] cosigned(long time, String text) {
    return ("cosignature/v1\ntime " + time + "\n" + text).getBytes(StandardCharsets.UTF_8);
  }
}
