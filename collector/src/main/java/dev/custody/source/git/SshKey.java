package dev.custody.source.git;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Public keys of SSH, as RFC 4253, 5656 and 8709 write them, and what they sign. */
final class SshKey {
  private static final byte[] ED25519 = HexFormat.of().parseHex("302a300506032b6570032100");
  private static final int ED25519_BYTES = 32;
  private static final int LONGEST_MODULUS = 16_384;
  private static final int LONGEST_EXPONENT = 64;

  private SshKey() {}

  /**
   * Whether {@code signature} is one of {@code data} by the key in {@code blob}; null when the key
   * or the algorithm is of a kind that isn't checked here: a certificate, a security key, SHA-1.
   *
   * @throws GeneralSecurityException when key or signature are none
   */
  static @Nullable Boolean verifies(byte[] blob, String algorithm, byte[] signature, byte[] data)
      throws GeneralSecurityException {
    SshReader key = new SshReader(blob);
    String type = key.text();
    return switch (type) {
      case "ssh-ed25519" ->
          algorithm.equals(type) ? check("Ed25519", ed25519(key), signature, data) : null;
      case "ecdsa-sha2-nistp256" ->
          ecdsa(type, "secp256r1", "SHA256", key, algorithm, signature, data);
      case "ecdsa-sha2-nistp384" ->
          ecdsa(type, "secp384r1", "SHA384", key, algorithm, signature, data);
      case "ecdsa-sha2-nistp521" ->
          ecdsa(type, "secp521r1", "SHA512", key, algorithm, signature, data);
      case "ssh-rsa" ->
          switch (algorithm) {
            case "rsa-sha2-256" -> check("SHA256withRSA", rsa(key), signature, data);
            case "rsa-sha2-512" -> check("SHA512withRSA", rsa(key), signature, data);
            default -> null;
          };
      default -> null;
    };
  }

  private static boolean check(String algorithm, PublicKey key, byte[] signature, byte[] data)
      throws GeneralSecurityException {
    Signature verifier = Signature.getInstance(algorithm);
    verifier.initVerify(key);
    verifier.update(data);
    return verifier.verify(signature);
  }

  private static PublicKey ed25519(SshReader key) throws GeneralSecurityException {
    byte[] point = key.part();
    key.end();
    if (point.length != ED25519_BYTES) {
      throw new SignatureException("an Ed25519 key has 32 bytes");
    }
    byte[] encoded = Arrays.copyOf(ED25519, ED25519.length + ED25519_BYTES);
    System.arraycopy(point, 0, encoded, ED25519.length, ED25519_BYTES);
    return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
  }

  private static PublicKey rsa(SshReader key) throws GeneralSecurityException {
    BigInteger exponent = key.integer();
    BigInteger modulus = key.integer();
    key.end();
    // Whoever may write a commit may write a key that takes for ever.
    if (modulus.bitLength() > LONGEST_MODULUS || exponent.bitLength() > LONGEST_EXPONENT) {
      throw new SignatureException("an RSA key is beyond what SSH takes");
    }
    return KeyFactory.getInstance("RSA").generatePublic(new RSAPublicKeySpec(modulus, exponent));
  }

  private static @Nullable Boolean ecdsa(
      String type,
      String curve,
      String hash,
      SshReader key,
      String algorithm,
      byte[] signature,
      byte[] data)
      throws GeneralSecurityException {
    if (!algorithm.equals(type)) {
      return null;
    }
    key.part(); // The curve's name, once more.
    byte[] point = key.part();
    key.end();
    AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
    parameters.init(new ECGenParameterSpec(curve));
    ECParameterSpec spec = parameters.getParameterSpec(ECParameterSpec.class);
    int size = (spec.getCurve().getField().getFieldSize() + 7) / 8;
    if (point.length != 1 + 2 * size || point[0] != 4) {
      throw new SignatureException("a point has two coordinates");
    }
    ECPoint at =
        new ECPoint(
            new BigInteger(1, Arrays.copyOfRange(point, 1, 1 + size)),
            new BigInteger(1, Arrays.copyOfRange(point, 1 + size, point.length)));
    PublicKey read = KeyFactory.getInstance("EC").generatePublic(new ECPublicKeySpec(at, spec));
    return check(hash + "withECDSA", read, der(signature, size), data);
  }

  /** The two numbers as Java wants them. */
  private static byte[] der(byte[] signature, int size) throws SignatureException {
    SshReader numbers = new SshReader(signature);
    ByteArrayOutputStream both = new ByteArrayOutputStream();
    for (int i = 0; i < 2; i++) {
      byte[] number = numbers.integer().toByteArray();
      if (number.length > size + 1) {
        throw new SignatureException("a number is longer than the curve's");
      }
      both.write(2);
      both.write(number.length);
      both.writeBytes(number);
    }
    numbers.end();
    ByteArrayOutputStream der = new ByteArrayOutputStream();
    der.write(0x30);
    if (both.size() > 127) {
      der.write(0x81);
    }
    der.write(both.size());
    der.writeBytes(both.toByteArray());
    return der.toByteArray();
  }
}
