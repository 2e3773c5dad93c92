package dev.custody.note;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.custody.digest.Bytes;
import dev.custody.digest.Digest;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What c2sp.org/tlog-cosignature says of ML-DSA-44, written out by hand and signed by the JDK. */
class MlDsaCosignatureTest {
  private static final long SEEN = 1_795_000_000;
  private static final String NAME = "witness.example/pq";
  private static final Checkpoint CHECKPOINT =
      new Checkpoint("log.example", 7, Digest.sha256(new byte[] {7}));
  private static final KeyPair PAIR = pair();
  private static final VerifierKey KEY =
      new VerifierKey(NAME, KeyType.ML_DSA_44_COSIGNATURE, raw(PAIR));

  private static KeyPair pair() {
    try {
      return KeyPairGenerator.getInstance("ML-DSA-44").generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Bytes raw(KeyPair pair) {
    byte[] encoded = pair.getPublic().getEncoded();
    return new Bytes(Arrays.copyOfRange(encoded, encoded.length - 1312, encoded.length));
  }

  private static byte[] message(String name, long time, long size) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.write("subtree/v1\n\0".getBytes(StandardCharsets.US_ASCII));
    out.writeByte(name.length());
    out.write(name.getBytes(StandardCharsets.US_ASCII));
    out.writeLong(time);
    out.writeByte(CHECKPOINT.origin().length());
    out.write(CHECKPOINT.origin().getBytes(StandardCharsets.US_ASCII));
    out.writeLong(0);
    out.writeLong(size);
    out.write(CHECKPOINT.root().toByteArray());
    return bytes.toByteArray();
  }

  private static NoteSignature cosignature(long time, byte[] message)
      throws GeneralSecurityException {
    Signature mlDsa = Signature.getInstance("ML-DSA-44");
    mlDsa.initSign(PAIR.getPrivate());
    mlDsa.update(message);
    byte[] signature = mlDsa.sign();
    return new NoteSignature(
        NAME,
        KEY.id(),
        new Bytes(ByteBuffer.allocate(8 + 2420).putLong(time).put(signature).array()));
  }

  private static SignedNote note(NoteSignature signature) {
    return new SignedNote(CHECKPOINT.text(), List.of(signature));
  }

  @Test
  void aCosignatureOfTheWholeTreeVerifiesWithItsTime() throws Exception {
    SignedNote note = note(cosignature(SEEN, message(NAME, SEEN, 7)));
    SignedNote read = SignedNote.parse(note.encode());
    assertThat(read.requireSignedBy(KEY).time()).isEqualTo(Instant.ofEpochSecond(SEEN));
    assertThat(VerifierKey.parse(KEY.toString())).isEqualTo(KEY);
    assertThat(KEY.toString()).hasSizeGreaterThan(1700);
  }

  @Test
  void aCosignatureWithoutATimeSaysNone() throws Exception {
    assertThat(note(cosignature(0, message(NAME, 0, 7))).requireSignedBy(KEY).time()).isNull();
  }

  @Test
  void itBindsNameTimeAndSize() throws Exception {
    for (byte[] other :
        List.of(
            message("witness.example/pr", SEEN, 7),
            message(NAME, SEEN + 1, 7),
            message(NAME, SEEN, 8))) {
      SignedNote note = note(cosignature(SEEN, other));
      assertThatThrownBy(() -> note.requireSignedBy(KEY))
          .isInstanceOf(NoteException.class)
          .hasMessage("the signature of witness.example/pq+%08x fails", KEY.id());
    }
  }

  @Test
  void everyHundredthFlippedBitRefusesTheNote() throws Exception {
    NoteSignature good = cosignature(SEEN, message(NAME, SEEN, 7));
    for (int bit = 0; bit < 2428 * 8; bit += 100) {
      byte[] bytes = good.signature().toByteArray();
      bytes[bit / 8] ^= (byte) (1 << (bit % 8));
      SignedNote note = note(new NoteSignature(NAME, KEY.id(), new Bytes(bytes)));
      assertThatThrownBy(() -> note.requireSignedBy(KEY)).isInstanceOf(NoteException.class);
    }
    SignedNote shorter = note(new NoteSignature(NAME, KEY.id(), new Bytes(new byte[72])));
    assertThatThrownBy(() -> shorter.requireSignedBy(KEY)).isInstanceOf(NoteException.class);
  }
}
