package dev.custody.signing;

import com.google.crypto.tink.AccessesPartialKey;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.PublicKeyVerify;
import com.google.crypto.tink.signature.Ed25519Parameters;
import com.google.crypto.tink.signature.Ed25519PublicKey;
import dev.custody.digest.Bytes;
import dev.custody.digest.SignatureBytes;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.NoSuchProviderException;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Verifies raw signatures under raw public keys: Ed25519 (RFC 8032) and ML-DSA-44 (FIPS 204). Safe
 * for use by several threads.
 */
public final class PublicKeys {
  /** Length of an ML-DSA-44 signature. */
  public static final int ML_DSA_44_BYTES = 2420;

  private static final int ML_DSA_44_KEY_BYTES = 1312;

  // SubjectPublicKeyInfo up to the raw key: id-ml-dsa-44 is 2.16.840.1.101.3.4.3.17.
  private static final byte[] ML_DSA_44_SPKI =
      HexFormat.of().parseHex("30820532300b06096086480165030403110382052100");

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

  /**
   * Whether {@code signature} is {@code publicKey}'s over {@code statement}, by ML-DSA-44 (FIPS
   * 204, pure, empty context). The JDK has it, Tink's stable interface has not.
   *
   * @param publicKey 1,312 raw bytes; any other length verifies nothing
   */
  public static boolean verifiesMlDsa44(Bytes publicKey, Bytes signature, byte[] statement) {
    if (publicKey.size() != ML_DSA_44_KEY_BYTES || signature.size() != ML_DSA_44_BYTES) {
      return false;
    }
    byte[] encoded = Arrays.copyOf(ML_DSA_44_SPKI, ML_DSA_44_SPKI.length + ML_DSA_44_KEY_BYTES);
    publicKey.copyTo(encoded, ML_DSA_44_SPKI.length);
    try {
      Signature mlDsa = Signature.getInstance("ML-DSA-44", "SUN");
      mlDsa.initVerify(
          KeyFactory.getInstance("ML-DSA-44", "SUN")
              .generatePublic(new X509EncodedKeySpec(encoded)));
      mlDsa.update(statement);
      return mlDsa.verify(signature.toByteArray());
    } catch (InvalidKeySpecException | InvalidKeyException | SignatureException e) {
      return false;
    } catch (NoSuchAlgorithmException | NoSuchProviderException e) {
      throw new IllegalStateException("this JDK has no ML-DSA-44 of its own", e);
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
