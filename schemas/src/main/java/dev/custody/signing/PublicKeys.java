package dev.custody.signing;

import com.google.crypto.tink.AccessesPartialKey;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.PublicKeyVerify;
import com.google.crypto.tink.signature.Ed25519Parameters;
import com.google.crypto.tink.signature.Ed25519PublicKey;
import dev.custody.digest.Bytes;
import dev.custody.digest.SignatureBytes;
import java.security.GeneralSecurityException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Verifies raw Ed25519 signatures (RFC 8032) under raw public keys. Safe for use by several
 * threads.
 */
public final class PublicKeys {
  private static final int CACHED = 1024;

  private static final Map<Bytes, PublicKeyVerify> PRIMITIVES =
      Collections.synchronizedMap(
          new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<Bytes, PublicKeyVerify> eldest) {
              return size() > CACHED;
            }
          });

  private PublicKeys() {}

  /**
   * Whether {@code signature} is {@code publicKey}'s over {@code statement}.
   *
   * @param publicKey 32 raw bytes; any other length verifies nothing
   */
  public static boolean verifies(Bytes publicKey, SignatureBytes signature, byte[] statement) {
    try {
      primitive(publicKey).verify(signature.toByteArray(), statement);
      return true;
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  @AccessesPartialKey
  private static PublicKeyVerify primitive(Bytes publicKey) throws GeneralSecurityException {
    PublicKeyVerify known = PRIMITIVES.get(publicKey);
    if (known != null) {
      return known;
    }
    Ed25519PublicKey key =
        Ed25519PublicKey.create(
            Ed25519Parameters.Variant.NO_PREFIX,
            com.google.crypto.tink.util.Bytes.copyFrom(publicKey.toByteArray()),
            null);
    PublicKeyVerify made =
        KeysetHandle.newBuilder()
            .addEntry(KeysetHandle.importKey(key).withRandomId().makePrimary())
            .build()
            .getPrimitive(CryptoProvider.configuration(), PublicKeyVerify.class);
    PRIMITIVES.put(publicKey, made);
    return made;
  }
}
