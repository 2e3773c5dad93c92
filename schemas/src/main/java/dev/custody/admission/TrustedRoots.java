package dev.custody.admission;

import dev.custody.digest.Bytes;
import dev.custody.digest.Digest;
import dev.custody.digest.HashDomain;
import dev.custody.digest.KeyId;
import dev.custody.identity.Certificate;
import dev.custody.identity.SignedCertificate;
import dev.custody.signing.PublicKeys;
import dev.custody.wire.Formats;
import dev.custody.wire.WireException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The organisation's root keys: what they did not sign is not trusted. Immutable. */
public final class TrustedRoots {
  private static final String HEADER = "custody-root-v1 ";
  private static final int MAX_FILE_BYTES = 64 << 10;

  private final Map<KeyId, Bytes> keys = new HashMap<>();

  /** Trusts the given Ed25519 public keys, 32 raw bytes each. */
  public TrustedRoots(List<Bytes> publicKeys) {
    for (Bytes key : publicKeys) {
      keys.put(KeyId.ofPublicKey(key.toByteArray()), key);
    }
  }

  /** The line of a root file for {@code publicKey}. */
  public static String fileText(Bytes publicKey) {
    return HEADER + Base64.getEncoder().encodeToString(publicKey.toByteArray()) + "\n";
  }

  /**
   * Reads a file of root keys, a line each: {@code custody-root-v1 BASE64}; lines that start with #
   * are comments.
   *
   * @throws IOException when it cannot be read, or has a line of another form, which the message
   *     names
   */
  public static TrustedRoots read(Path file) throws IOException {
    if (Files.size(file) > MAX_FILE_BYTES) {
      throw new IOException(file + ": expected at most " + MAX_FILE_BYTES + " bytes of root keys");
    }
    List<Bytes> keys = new java.util.ArrayList<>();
    int number = 0;
    for (String line : Files.readAllLines(file)) {
      number++;
      if (!line.isBlank() && !line.startsWith("#")) {
        keys.add(parse(file, number, line));
      }
    }
    if (keys.isEmpty()) {
      throw new IOException(file + ": expected a line '" + HEADER + "BASE64', found none");
    }
    return new TrustedRoots(keys);
  }

  private static Bytes parse(Path file, int number, String line) throws IOException {
    try {
      String encoded = line.substring(Math.min(HEADER.length(), line.length()));
      byte[] key = Base64.getDecoder().decode(encoded);
      boolean canonical = Base64.getEncoder().encodeToString(key).equals(encoded);
      if (line.startsWith(HEADER) && canonical && key.length == 32) {
        return new Bytes(key);
      }
    } catch (IllegalArgumentException e) {
      throw new IOException(file + ":" + number + ": not base64: " + e.getMessage(), e);
    }
    throw new IOException(
        file + ":" + number + ": expected '" + HEADER + "' and 32 bytes in base64");
  }

  /** The keys, 32 raw bytes each. */
  public List<Bytes> publicKeys() {
    return List.copyOf(keys.values());
  }

  /** SHA-256 fingerprints of the keys, hex, for people to compare. */
  public List<String> fingerprints() {
    return keys.values().stream().map(k -> Digest.sha256(k.toByteArray()).hex()).sorted().toList();
  }

  /**
   * The certificate in {@code signed}, once a trusted root's signature over it verifies. Validity
   * is judged by the caller, who knows the moment.
   *
   * @throws UntrustedException naming the root that is unknown, or what does not verify
   */
  public Certificate verify(Bytes signed) throws UntrustedException {
    try {
      SignedCertificate outer = Formats.SIGNED_CERTIFICATE.decode(signed.toByteArray());
      Bytes root = keys.get(outer.rootKey());
      if (root == null) {
        throw new UntrustedException(
            "signed by root " + outer.rootKey() + ", trusted: " + keys.keySet());
      }
      if (!PublicKeys.verifies(root, outer.signature(), statement(outer.certificate()))) {
        throw new UntrustedException(
            "the signature of root " + outer.rootKey() + " does not verify");
      }
      return Formats.CERTIFICATE.decode(outer.certificate().toByteArray());
    } catch (WireException e) {
      throw new UntrustedException("not a certificate: " + e.getMessage());
    }
  }

  /** What a root signs: the domain and the encoded certificate. */
  static byte[] statement(Bytes certificate) {
    byte[] prefix = HashDomain.CERTIFICATE.prefix();
    byte[] body = certificate.toByteArray();
    byte[] statement = java.util.Arrays.copyOf(prefix, prefix.length + body.length);
    System.arraycopy(body, 0, statement, prefix.length, body.length);
    return statement;
  }
}
