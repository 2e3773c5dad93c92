package dev.custody.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.custody.admission.TrustedRoots;
import dev.custody.admission.UntrustedException;
import dev.custody.digest.ChainId;
import dev.custody.digest.Digest;
import dev.custody.digest.KeyId;
import dev.custody.event.Body;
import dev.custody.signing.KeyDirectory;
import dev.custody.signing.Signer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RevocationTest {
  private static final KeyId KEY = new KeyId(new byte[KeyId.SIZE]);
  private static final ChainId CHAIN = new ChainId(new byte[ChainId.SIZE]);

  @TempDir Path directory;

  private Signer root;
  private Signer stranger;
  private TrustedRoots roots;

  @BeforeEach
  void makeKeys() throws Exception {
    KeyDirectory keys =
        KeyDirectory.open(directory.resolve("keys"), directory.resolve("wrapping.key"));
    root = keys.signer("root");
    stranger = keys.signer("stranger");
    roots = new TrustedRoots(List.of(root.publicKey()));
  }

  private static Revocation by(Signer signer, String reason) {
    return Revocation.sign(signer, KEY, CHAIN, 41, Digest.ZERO, reason);
  }

  @Test
  void aLineSaysAllThatWasSigned() throws Exception {
    Revocation signed = by(root, "stolen, Zürich");
    String line = signed.fileText().strip();
    Revocation read = Revocation.parse(line, roots);
    assertThat(read)
        .isEqualTo(signed)
        .hasToString("key 00000000 revoked after #41 of chain 00000000 (stolen, Zürich)");
    assertThat(read.body()).isEqualTo(signed.body());
    assertThat(Revocation.verify(signed.body(), roots)).isEqualTo(signed);
  }

  @Test
  void nobodyButARootRevokes() {
    Revocation forged = by(stranger, "stolen");
    assertThatThrownBy(() -> Revocation.verify(forged.body(), roots))
        .isInstanceOf(UntrustedException.class)
        .hasMessage("signed by root %s, trusted: [%s]".formatted(stranger.keyId(), root.keyId()));
    assertThatThrownBy(() -> Revocation.parse(forged.fileText().strip(), roots))
        .isInstanceOf(UntrustedException.class);
  }

  @Test
  void everyBitOfALineCounts() {
    byte[] value = Base64.getDecoder().decode(by(root, "stolen").fileText().strip().substring(22));
    for (int bit = 0; bit < value.length * 8; bit++) {
      byte[] bad = value.clone();
      bad[bit / 8] ^= (byte) (1 << (bit % 8));
      String line = "custody-revocation-v1 " + Base64.getEncoder().encodeToString(bad);
      assertThatThrownBy(() -> Revocation.parse(line, roots))
          .as("bit %d", bit)
          .isInstanceOf(UntrustedException.class);
    }
  }

  @Test
  void aChangedBodyIsNotTheOneThatWasSigned() {
    Body.KeyRevoked good = by(root, "stolen").body();
    Body.KeyRevoked later =
        new Body.KeyRevoked(
            good.key(),
            good.chain(),
            42,
            good.lastTrustedLink(),
            good.reason(),
            good.rootKey(),
            good.signature());
    assertThatThrownBy(() -> Revocation.verify(later, roots))
        .hasMessage("the signature of root %s does not verify".formatted(root.keyId()));
  }

  @Test
  void aLineOfAnotherFormIsRefused() {
    String good = by(root, "stolen").fileText().strip();
    for (String bad :
        List.of(
            "",
            "custody-revocation-v1 ",
            "custody-revocation-v1 AAAA",
            good + "=",
            good + " ",
            " " + good,
            good.replace("v1", "v2"),
            good + "A".repeat(4096))) {
      assertThatThrownBy(() -> Revocation.parse(bad, roots))
          .as("'%s'", bad)
          .isInstanceOf(UntrustedException.class);
    }
  }

  @Test
  void aReasonIsNeitherEmptyNorLong() {
    assertThatThrownBy(() -> by(root, "")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> by(root, "x".repeat(1025)))
        .hasMessage("expected a reason of 1 to 1024 bytes, found 1025");
    assertThat(by(root, "x".repeat(1024)).fileText()).hasSizeLessThan(2000);
  }

  @Test
  void aFileNamesItsBadLine() throws Exception {
    Path file = directory.resolve("revocations");
    Files.writeString(
        file, "# stolen\n\n" + by(root, "one").fileText() + by(root, "two").fileText());
    assertThat(Revocations.read(file, roots).all()).hasSize(2);
    Files.writeString(file, by(root, "one").fileText() + by(stranger, "two").fileText());
    assertThatThrownBy(() -> Revocations.read(file, roots))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(file + ":2: signed by root " + stranger.keyId());
  }
}
