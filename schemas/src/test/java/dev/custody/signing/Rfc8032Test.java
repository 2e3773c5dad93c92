package dev.custody.signing;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.crypto.tink.AccessesPartialKey;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.signature.Ed25519Parameters;
import com.google.crypto.tink.signature.Ed25519PrivateKey;
import com.google.crypto.tink.signature.Ed25519PublicKey;
import com.google.crypto.tink.util.SecretBytes;
import dev.custody.digest.Bytes;
import dev.custody.digest.SignatureBytes;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** RFC 8032, section 7.1, tests 1 and 2. */
class Rfc8032Test {
  private static final String SEED =
      "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb";
  private static final String PUBLIC =
      "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c";
  private static final String SIGNATURE =
      "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
          + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00";

  private static byte[] hex(String text) {
    return HexFormat.of().parseHex(text);
  }

  @Test
  @AccessesPartialKey
  void signaturesAreRawEd25519() throws Exception {
    Ed25519PublicKey publicKey =
        Ed25519PublicKey.create(
            Ed25519Parameters.Variant.NO_PREFIX,
            com.google.crypto.tink.util.Bytes.copyFrom(hex(PUBLIC)),
            null);
    Ed25519PrivateKey key =
        Ed25519PrivateKey.create(
            publicKey, SecretBytes.copyFrom(hex(SEED), InsecureSecretKeyAccess.get()));
    Signer signer =
        new Ed25519Signer(
            KeysetHandle.newBuilder()
                .addEntry(KeysetHandle.importKey(key).withRandomId().makePrimary())
                .build());
    assertThat(signer.publicKey().hex()).isEqualTo(PUBLIC);
    assertThat(signer.sign(new byte[] {0x72}).hex()).isEqualTo(SIGNATURE);
  }

  @Test
  void aSignatureVerifiesOnlyUnderItsKeyOverItsStatement() {
    Bytes key = new Bytes(hex(PUBLIC));
    SignatureBytes signature = new SignatureBytes(hex(SIGNATURE));
    assertThat(PublicKeys.verifies(key, signature, new byte[] {0x72})).isTrue();
    assertThat(PublicKeys.verifies(key, signature, new byte[] {0x73})).isFalse();
    for (int bit = 0; bit < 64 * 8; bit++) {
      byte[] changed = hex(SIGNATURE);
      changed[bit / 8] ^= (byte) (1 << (bit % 8));
      assertThat(PublicKeys.verifies(key, new SignatureBytes(changed), new byte[] {0x72}))
          .as("bit %d", bit)
          .isFalse();
    }
  }

  @Test
  void aKeyOfAnotherLengthVerifiesNothing() {
    SignatureBytes signature = new SignatureBytes(hex(SIGNATURE));
    byte[] statement = "x".getBytes(StandardCharsets.US_ASCII);
    assertThat(PublicKeys.verifies(new Bytes(new byte[0]), signature, statement)).isFalse();
    assertThat(PublicKeys.verifies(new Bytes(new byte[31]), signature, statement)).isFalse();
    assertThat(PublicKeys.verifies(new Bytes(new byte[33]), signature, statement)).isFalse();
  }
}
