package dev.custody.delegation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.custody.digest.Digest;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.spec.ECFieldFp;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Signs tokens with a published key of P-256, the same each time (RFC 6979, section 3.2), so that
 * files of them can be made again. Everybody knows these keys, so they protect nothing.
 *
 * @param kid what the key is called
 * @param secret its secret number, hexadecimal
 * @param x of the public point, base64url
 * @param y of the public point, base64url
 */
record KnownEs256(String kid, String secret, String x, String y) {
  /** RFC 6979, section A.2.5. */
  static final KnownEs256 HUMAN =
      new KnownEs256(
          "dana-1",
          "c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721",
          "YP7UuiVanTHJYet0xjVtaMBJuJI7Yfps5mliLmDyn7Y",
          "eQP-EAi4vJmkGunpVii8ZPLxsgwtfp9Rd6PClNRGIpk");

  /** RFC 7515, section A.3.1: the collector's for hops. */
  static final KnownEs256 AGENTS =
      new KnownEs256(
          "laptop-1",
          "8e9b109e719098bf980487df1f5d77e9cb29606ebed2263b5f57c213df84f4b2",
          "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
          "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0");

  private static final ECParameterSpec CURVE = curve();
  private static final BigInteger PRIME = ((ECFieldFp) CURVE.getCurve().getField()).getP();
  private static final BigInteger ORDER = CURVE.getOrder();
  private static final int SIZE = 32;

  private record Point(BigInteger x, BigInteger y) {}

  private static ECParameterSpec curve() {
    try {
      AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
      parameters.init(new ECGenParameterSpec("secp256r1"));
      return parameters.getParameterSpec(ECParameterSpec.class);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The public key as a JSON Web Key Set. */
  String jwks() {
    return """
    {"keys":[{"kty":"EC","crv":"P-256","x":"%s","y":"%s","use":"sig","alg":"ES256","key_ops":["verify"],"kid":"%s"}]}\
    """
        .formatted(x, y, kid);
  }

  /** The compact token of {@code claims}. */
  String token(String type, ObjectNode claims) {
    return token(type, claims.toString());
  }

  /** The compact token of a payload that may be anything. */
  String token(String type, String payload) {
    return signed(
        base64("{\"kid\":\"%s\",\"alg\":\"ES256\",\"typ\":\"%s\"}".formatted(kid, type)),
        base64(payload));
  }

  /** The compact token of two parts that are encoded already. */
  String signed(String header, String payload) {
    String parts = header + "." + payload;
    return parts + "." + base64(sign(parts.getBytes(StandardCharsets.US_ASCII)));
  }

  /** r and s, 32 bytes each. */
  byte[] sign(byte[] message) {
    BigInteger d = new BigInteger(secret, 16);
    BigInteger hash = new BigInteger(1, Digest.sha256(message).toByteArray());
    BigInteger k = nonce(d, hash.mod(ORDER));
    BigInteger r = generatorTimes(k).x().mod(ORDER);
    BigInteger s = k.modInverse(ORDER).multiply(hash.add(r.multiply(d))).mod(ORDER);
    return joined(octets(r), octets(s));
  }

  /** The other signature that verifies whenever {@code signature} does. */
  static byte[] twin(byte[] signature) {
    BigInteger s = new BigInteger(1, Arrays.copyOfRange(signature, SIZE, 2 * SIZE));
    return joined(Arrays.copyOf(signature, SIZE), octets(ORDER.subtract(s)));
  }

  private static BigInteger nonce(BigInteger secret, BigInteger hash) {
    byte[] v = new byte[SIZE];
    Arrays.fill(v, (byte) 1);
    byte[] key = new byte[SIZE];
    for (byte round = 0; round < 2; round++) {
      key = hmac(key, v, new byte[] {round}, octets(secret), octets(hash));
      v = hmac(key, v);
    }
    while (true) {
      v = hmac(key, v);
      BigInteger k = new BigInteger(1, v);
      if (k.signum() > 0 && k.compareTo(ORDER) < 0) {
        return k;
      }
      key = hmac(key, v, new byte[1]);
      v = hmac(key, v);
    }
  }

  private static byte[] hmac(byte[] key, byte[]... parts) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      for (byte[] part : parts) {
        mac.update(part);
      }
      return mac.doFinal();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Point generatorTimes(BigInteger factor) {
    Point generator =
        new Point(CURVE.getGenerator().getAffineX(), CURVE.getGenerator().getAffineY());
    @Nullable Point sum = null;
    for (int bit = factor.bitLength() - 1; bit >= 0; bit--) {
      sum = sum == null ? null : sum(sum, sum);
      if (factor.testBit(bit)) {
        sum = sum == null ? generator : sum(sum, generator);
      }
    }
    if (sum == null) {
      throw new IllegalArgumentException("expected a factor above 0");
    }
    return sum;
  }

  // No intermediate sum of a factor below the order is the point at infinity.
  private static Point sum(Point a, Point b) {
    BigInteger slope =
        a.equals(b)
            ? a.x()
                .pow(2)
                .multiply(BigInteger.valueOf(3))
                .add(CURVE.getCurve().getA())
                .multiply(a.y().shiftLeft(1).modInverse(PRIME))
            : b.y().subtract(a.y()).multiply(b.x().subtract(a.x()).modInverse(PRIME));
    BigInteger x = slope.pow(2).subtract(a.x()).subtract(b.x()).mod(PRIME);
    return new Point(x, slope.multiply(a.x().subtract(x)).subtract(a.y()).mod(PRIME));
  }

  private static byte[] octets(BigInteger number) {
    return HexFormat.of().parseHex("%064x".formatted(number));
  }

  private static byte[] joined(byte[] one, byte[] other) {
    byte[] both = Arrays.copyOf(one, one.length + other.length);
    System.arraycopy(other, 0, both, one.length, other.length);
    return both;
  }

  static String base64(String text) {
    return base64(text.getBytes(StandardCharsets.UTF_8));
  }

  static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
