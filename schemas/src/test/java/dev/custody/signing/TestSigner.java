package dev.custody.signing;

import dev.custody.digest.Bytes;
import dev.custody.digest.Digest;
import dev.custody.digest.KeyId;
import dev.custody.digest.SignatureBytes;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import java.util.Arrays;

/** A key that everybody can compute from its name, so that vectors stay the same. */
public final class TestSigner implements Signer {
  private static final int RAW = 32;

  private final KeyPair pair;
  private final Bytes publicKey;

  private TestSigner(KeyPair pair) {
    this.pair = pair;
    byte[] encoded = pair.getPublic().getEncoded();
    this.publicKey = new Bytes(Arrays.copyOfRange(encoded, encoded.length - RAW, encoded.length));
  }

  /** The key whose RFC 8032 seed is the SHA-256 of {@code name}. */
  public static TestSigner named(String name) {
    byte[] seed = Digest.sha256(name.getBytes(StandardCharsets.UTF_8)).toByteArray();
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("Ed25519", "SunEC");
      generator.initialize(255, new Fixed(seed));
      return new TestSigner(generator.generateKeyPair());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public KeyId keyId() {
    return KeyId.ofPublicKey(publicKey.toByteArray());
  }

  @Override
  public Bytes publicKey() {
    return publicKey;
  }

  @Override
  public SignatureBytes sign(byte[] statement) {
    try {
      Signature ed25519 = Signature.getInstance("Ed25519", "SunEC");
      ed25519.initSign(pair.getPrivate());
      ed25519.update(statement);
      return new SignatureBytes(ed25519.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Not random at all: it answers the seed. */
  private static final class Fixed extends SecureRandom {
    private static final long serialVersionUID = 1L;

    private final byte[] seed;

    Fixed(byte[] seed) {
      this.seed = seed;
    }

    @Override
    public void nextBytes(byte[] bytes) {
      System.arraycopy(seed, 0, bytes, 0, bytes.length);
    }
  }
}
