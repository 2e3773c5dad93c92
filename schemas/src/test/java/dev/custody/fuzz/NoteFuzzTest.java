package dev.custody.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.custody.note.Checkpoint;
import dev.custody.note.KeyType;
import dev.custody.note.NoteException;
import dev.custody.note.NoteSignature;
import dev.custody.note.SignedNote;
import dev.custody.note.VerifierKey;
import dev.custody.signing.TestSigner;
import java.nio.charset.StandardCharsets;
import java.util.List;

class NoteFuzzTest {
  private static final List<VerifierKey> KEYS =
      List.of(
          VerifierKey.ed25519("log.example/custody/3/1", TestSigner.named("log").publicKey()),
          VerifierKey.cosigner("witness.example/w1", TestSigner.named("w1").publicKey()));

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  @FuzzTest
  void aNoteThatIsReadIsWrittenBack(byte[] bytes) {
    SignedNote note;
    try {
      note = SignedNote.parse(bytes);
    } catch (NoteException refused) {
      return;
    }
    assertThat(note.encode()).isEqualTo(bytes);
    try {
      assertThat(note.verify(KEYS)).hasSizeLessThanOrEqualTo(KEYS.size());
    } catch (NoteException refused) {
      assertThat(refused).hasMessageMatching("the signature of .* fails|expected one signature .*");
    }
  }

  @FuzzTest
  void aCheckpointThatIsReadBeginsItsText(byte[] bytes) {
    String text = text(bytes);
    try {
      assertThat(text).startsWith(Checkpoint.parse(text).text());
    } catch (NoteException refused) {
      assertThat(refused).hasMessageStartingWith("not a checkpoint: ");
    }
  }

  @FuzzTest
  void aVerifierKeyThatIsReadIsWrittenBack(byte[] bytes) {
    String text = text(bytes);
    try {
      VerifierKey key = VerifierKey.parse(text);
      assertThat(key).hasToString(text);
      assertThat(KeyType.values()).contains(key.type());
    } catch (NoteException refused) {
      assertThat(refused).hasMessageStartingWith("not a verifier key: ");
    }
  }

  @FuzzTest
  void aSignatureLineThatIsReadIsWrittenBack(byte[] bytes) {
    String text = text(bytes);
    try {
      assertThat(NoteSignature.parse(text)).hasToString(text);
    } catch (NoteException refused) {
      assertThat(refused).hasMessageStartingWith("not a signature line: ");
    }
  }
}
