package dev.custody.signing;

import com.google.crypto.tink.AccessesPartialKey;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.PublicKeySign;
import com.google.crypto.tink.signature.Ed25519PublicKey;
import dev.custody.digest.Bytes;
import dev.custody.digest.KeyId;
import dev.custody.digest.SignatureBytes;
import java.security.GeneralSecurityException;

/** Signs with the primary key of a Tink keyset. */
final class Ed25519Signer implements Signer {
  private final PublicKeySign primitive;
  private final Bytes publicKey;
  private final KeyId keyId;

  @AccessesPartialKey
  Ed25519Signer(KeysetHandle keyset) throws GeneralSecurityException {
    this.primitive = keyset.getPrimitive(CryptoProvider.configuration(), PublicKeySign.class);
    Ed25519PublicKey key = (Ed25519PublicKey) keyset.getPublicKeysetHandle().getPrimary().getKey();
    this.publicKey = new Bytes(key.getPublicKeyBytes().toByteArray());
    this.keyId = KeyId.ofPublicKey(publicKey.toByteArray());
  }

  @Override
  public KeyId keyId() {
    return keyId;
  }

  @Override
  public Bytes publicKey() {
    return publicKey;
  }

  @Override
  public SignatureBytes sign(byte[] statement) {
    try {
      return new SignatureBytes(primitive.sign(statement));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("signing failed: " + e.getMessage(), e);
    }
  }
}
