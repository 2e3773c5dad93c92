package dev.custody.note;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.custody.digest.Bytes;
import dev.custody.digest.Digest;
import dev.custody.signing.TestSigner;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SignedNoteTest {
  private static final Checkpoint CHECKPOINT =
      new Checkpoint("log.example", 7, Digest.sha256(new byte[] {7}));
  private static final String TEXT = CHECKPOINT.text();
  private static final Instant SEEN = Instant.ofEpochSecond(1_795_000_000);
  private static final NoteSigner LOG = new NoteSigner("log.example", TestSigner.named("log"));
  private static final NoteSigner RIVAL = new NoteSigner("log.example", TestSigner.named("rival"));
  private static final Cosigner WITNESS =
      new Cosigner("witness.example", TestSigner.named("witness"));

  private static SignedNote note(NoteSignature... signatures) {
    return new SignedNote(TEXT, List.of(signatures));
  }

  private static NoteSignature spoiled(NoteSignature signature, int bit) {
    byte[] bytes = signature.signature().toByteArray();
    bytes[bit / 8] ^= (byte) (1 << (bit % 8));
    return new NoteSignature(signature.name(), signature.keyId(), new Bytes(bytes));
  }

  @Test
  void theExampleOfTheSpecificationVerifies() throws Exception {
    VerifierKey key =
        VerifierKey.parse("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k");
    byte[] bytes =
        ("This is an example message.\n\n\u2014 example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfX"
                + "ppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n")
            .getBytes(StandardCharsets.UTF_8);
    SignedNote note = SignedNote.parse(bytes);
    assertThat(note.requireSignedBy(key).key()).isEqualTo(key);
    assertThat(note.text()).isEqualTo("This is an example message.\n");
    assertThat(note.encode()).isEqualTo(bytes);
  }

  @Test
  void aNoteSaysWhichKnownKeysSignedItAndWhen() throws Exception {
    SignedNote note = note(RIVAL.sign(TEXT), WITNESS.cosign(TEXT, SEEN), LOG.sign(TEXT));
    SignedNote read = SignedNote.parse(note.encode());
    assertThat(read).isEqualTo(note);
    assertThat(read.verify(List.of(LOG.key(), WITNESS.key())))
        .containsExactly(
            new NoteVerification(WITNESS.key(), SEEN), new NoteVerification(LOG.key(), null));
  }

  @Test
  void unknownKeysAreIgnored() throws Exception {
    SignedNote note = note(spoiled(RIVAL.sign(TEXT), 5), LOG.sign(TEXT));
    assertThat(note.verify(List.of(LOG.key()))).hasSize(1);
    assertThat(note.verify(List.of(WITNESS.key()))).isEmpty();
  }

  @Test
  void everyFlippedBitOfAKnownKeysSignatureRefusesTheNote() {
    NoteSignature log = LOG.sign(TEXT);
    for (int bit = 0; bit < 64 * 8; bit++) {
      SignedNote note = note(WITNESS.cosign(TEXT, SEEN), spoiled(log, bit));
      assertThatThrownBy(() -> note.verify(List.of(LOG.key(), WITNESS.key())))
          .as("bit %d", bit)
          .isInstanceOf(NoteException.class)
          .hasMessage("the signature of log.example+%08x fails", LOG.key().id());
    }
  }

  @Test
  void everyFlippedBitOfACosignatureAndItsTimeRefusesTheNote() {
    NoteSignature cosignature = WITNESS.cosign(TEXT, SEEN);
    for (int bit = 0; bit < 72 * 8; bit++) {
      SignedNote note = note(spoiled(cosignature, bit));
      assertThatThrownBy(() -> note.verify(List.of(WITNESS.key())))
          .as("bit %d", bit)
          .isInstanceOf(NoteException.class)
          .hasMessage("the signature of witness.example+%08x fails", WITNESS.key().id());
    }
  }

  @Test
  void aChangedTextRefusesTheNote() {
    SignedNote note =
        new SignedNote(TEXT.replace("\n7\n", "\n8\n"), note(LOG.sign(TEXT)).signatures());
    assertThatThrownBy(() -> note.requireSignedBy(LOG.key()))
        .isInstanceOf(NoteException.class)
        .hasMessageEndingWith("fails");
  }

  @Test
  void aRivalOfTheSameNameIsAnotherKey() {
    SignedNote note = note(RIVAL.sign(TEXT));
    assertThatThrownBy(() -> note.requireSignedBy(LOG.key()))
        .isInstanceOf(NoteException.class)
        .hasMessage("expected a signature of %s, found none among 1", LOG.key());
  }

  @Test
  void aSignatureOfAnotherLengthFails() {
    for (int length : new int[] {1, 63, 65, 72}) {
      NoteSignature wrong =
          new NoteSignature("log.example", LOG.key().id(), new Bytes(new byte[length]));
      assertThatThrownBy(() -> note(wrong).requireSignedBy(LOG.key()))
          .isInstanceOf(NoteException.class);
    }
  }

  @Test
  void oneKeyCannotSignTwice() {
    SignedNote note = note(WITNESS.cosign(TEXT, SEEN), WITNESS.cosign(TEXT, SEEN.plusSeconds(1)));
    assertThatThrownBy(() -> note.verify(List.of(WITNESS.key())))
        .isInstanceOf(NoteException.class)
        .hasMessage(
            "expected one signature of witness.example+%08x, found two", WITNESS.key().id());
    assertThatThrownBy(() -> note(LOG.sign(TEXT)).with(LOG.sign(TEXT)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "expected each signature once, found that of log.example+%08x twice", LOG.key().id());
  }

  @Test
  void aCosignatureIsNotASignatureOfTheLogNorTheOtherWayRound() {
    TestSigner one = TestSigner.named("one");
    NoteSigner log = new NoteSigner("one.example", one);
    Cosigner witness = new Cosigner("one.example", one);
    assertThat(log.key().id()).isNotEqualTo(witness.key().id());
    NoteSignature asWitness =
        new NoteSignature(
            "one.example",
            witness.key().id(),
            new Bytes(
                ByteBuffer.allocate(72)
                    .putLong(SEEN.getEpochSecond())
                    .put(log.sign(TEXT).signature().asByteBuffer())
                    .array()));
    assertThatThrownBy(() -> note(asWitness).verify(List.of(witness.key())))
        .isInstanceOf(NoteException.class);
  }

  @Test
  void aTimeThatNoCalendarHasRefusesTheCosignature() {
    for (long time : new long[] {-1, Long.MIN_VALUE, Long.MAX_VALUE}) {
      byte[] blob = new byte[72];
      byte[] signed =
          ("cosignature/v1\ntime " + time + "\n" + TEXT).getBytes(StandardCharsets.UTF_8);
      ByteBuffer.wrap(blob)
          .putLong(time)
          .put(TestSigner.named("witness").sign(signed).asByteBuffer());
      NoteSignature cosignature =
          new NoteSignature("witness.example", WITNESS.key().id(), new Bytes(blob));
      assertThatThrownBy(() -> note(cosignature).verify(List.of(WITNESS.key())))
          .isInstanceOf(NoteException.class);
    }
  }

  @Test
  void onlyCheckpointsAreCosigned() {
    assertThatThrownBy(() -> WITNESS.cosign("log.example\nhello\n", SEEN))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("expected a checkpoint, found another text");
    assertThatThrownBy(() -> WITNESS.cosign(TEXT, Instant.EPOCH))
        .hasMessage("expected a time after 1970, found 1970-01-01T00:00:00Z");
    assertThatThrownBy(() -> LOG.sign("no newline"))
        .hasMessage("expected a text that ends with a newline, found another");
  }

  @Test
  void sixteenSignaturesAreRead() throws Exception {
    List<NoteSignature> signatures = new ArrayList<>();
    for (int i = 0; i < SignedNote.MAX_SIGNATURES; i++) {
      signatures.add(new NoteSignature("w.example/" + i, i, new Bytes(new byte[2424])));
    }
    SignedNote note = new SignedNote(TEXT, signatures);
    assertThat(SignedNote.parse(note.encode())).isEqualTo(note);
    assertThat(SignedNote.MAX_SIGNATURES).isGreaterThanOrEqualTo(16);
  }

  @Test
  void theTextEndsAtTheLastEmptyLine() throws Exception {
    String text = "one\n\n\u2014 not a signature\n\n";
    SignedNote note = new SignedNote(text, List.of(LOG.sign(text)));
    assertThat(SignedNote.parse(note.encode()).text()).isEqualTo(text);
    assertThat(SignedNote.parse(note.encode()).requireSignedBy(LOG.key()).key())
        .isEqualTo(LOG.key());
  }

  @Test
  void limitsAreToldBeforeTheNoteIsRead() {
    assertThatThrownBy(() -> SignedNote.parse(new byte[SignedNote.MAX_BYTES + 1]))
        .isInstanceOf(NoteException.class)
        .hasMessage("not a signed note: expected at most 1000000 bytes, found 1000001");
    String longText = "x".repeat(SignedNote.MAX_TEXT_CHARS) + "\n";
    byte[] note = (longText + "\n" + LOG.sign("x\n") + "\n").getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() -> SignedNote.parse(note))
        .hasMessage("not a signed note: expected a text of at most 65536 characters, found 65537");
    NoteSignature huge =
        new NoteSignature("a.example", 1, new Bytes(new byte[NoteSignature.MAX_BYTES]));
    assertThat(huge.signature().size()).isEqualTo(8192);
    assertThatThrownBy(() -> new NoteSignature("a.example", 1, new Bytes(new byte[8193])))
        .hasMessage("expected a signature of 1 to 8192 bytes, found 8193");
  }

  @Test
  void aSignatureLineIsReadAsAWitnessAnswersIt() throws Exception {
    NoteSignature cosignature = WITNESS.cosign(TEXT, SEEN);
    assertThat(NoteSignature.parse(cosignature.toString())).isEqualTo(cosignature);
    assertThatThrownBy(() -> NoteSignature.parse("- witness.example AAAA"))
        .isInstanceOf(NoteException.class)
        .hasMessage(
            "not a signature line: expected an em dash and a space first, found"
                + " \"- witness.example AAAA\"");
  }

  @Test
  void anOriginWithSpacesIsReadButSignsNothing() throws Exception {
    String old = "go.sum database tree\n3\n" + CHECKPOINT.root().base64() + "\n";
    assertThat(Checkpoint.parse(old).origin()).isEqualTo("go.sum database tree");
    assertThatThrownBy(() -> new NoteSigner("go.sum database tree", TestSigner.named("log")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "expected a key name without spaces, plus and control characters, found"
                + " \"go.sum database tree\"");
  }
}
