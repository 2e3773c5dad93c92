package dev.custody.admission;

import dev.custody.digest.Bytes;
import dev.custody.digest.Digest;
import dev.custody.digest.HashDomain;
import dev.custody.digest.KeyId;
import dev.custody.digest.SignatureBytes;
import dev.custody.identity.Certificate;
import dev.custody.identity.CertificateRole;
import dev.custody.identity.SignedCertificate;
import dev.custody.signing.PublicKeys;
import dev.custody.wire.Formats;
import dev.custody.wire.WireException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The organisation's root keys: what they did not sign is not trusted. Immutable. */
public final class TrustedRoots {
  /** Root keys of one organisation, in one file. */
  public static final int MAX_KEYS = 16;

  private static final String KEY = "custody-root-v1 ";
  private static final String CROSS = "custody-cross-v1 ";
  private static final int MAX_FILE_BYTES = 64 << 10;

  private final Map<KeyId, Bytes> keys;
  private final List<Bytes> crosses;

  /** Trusts the given Ed25519 public keys, 32 raw bytes each. */
  public TrustedRoots(List<Bytes> publicKeys) {
    this(publicKeys, List.of());
  }

  /**
   * Trusts the given keys, and offers cross-certificates to those who trust one of them.
   *
   * @param publicKeys Ed25519, 32 raw bytes each
   * @param crosses signed certificates of one root by another
   */
  public TrustedRoots(List<Bytes> publicKeys, List<Bytes> crosses) {
    Map<KeyId, Bytes> known = new LinkedHashMap<>();
    for (Bytes key : publicKeys) {
      known.put(KeyId.ofPublicKey(key.toByteArray()), key);
    }
    this.keys = known;
    this.crosses = List.copyOf(crosses);
  }

  /** The line of a root file for {@code publicKey}. */
  public static String fileText(Bytes publicKey) {
    return line(KEY, publicKey);
  }

  /** A whole root file: every key, newest last, and the cross-certificates. */
  public String fileText() {
    StringBuilder text = new StringBuilder();
    keys.values().forEach(key -> text.append(line(KEY, key)));
    crosses.forEach(cross -> text.append(line(CROSS, cross)));
    return text.toString();
  }

  private static String line(String header, Bytes value) {
    return header + Base64.getEncoder().encodeToString(value.toByteArray()) + "\n";
  }

  /**
   * Reads a root file: lines {@code custody-root-v1 BASE64}, each a key, and {@code
   * custody-cross-v1 BASE64}, each a certificate of one root by another; lines that start with #
   * are comments. Every key in it is trusted, so it must come from somebody who is.
   *
   * @throws IOException when it cannot be read, or has a line of another form, which the message
   *     names
   */
  public static TrustedRoots read(Path file) throws IOException {
    if (Files.size(file) > MAX_FILE_BYTES) {
      throw new IOException(file + ": expected at most " + MAX_FILE_BYTES + " bytes of root keys");
    }
    return parse(file.toString(), Files.readString(file));
  }

  /**
   * Reads the text of a root file.
   *
   * @param file what messages call it
   * @throws IOException when it has a line of another form, which the message names
   */
  public static TrustedRoots parse(String file, String text) throws IOException {
    List<Bytes> keys = new ArrayList<>();
    List<Bytes> crosses = new ArrayList<>();
    int number = 0;
    for (String line : text.lines().toList()) {
      number++;
      if (line.startsWith(CROSS)) {
        crosses.add(cross(file, number, line));
      } else if (!line.isBlank() && !line.startsWith("#")) {
        keys.add(key(file, number, line));
      }
    }
    if (keys.isEmpty()) {
      throw new IOException(file + ": expected a line '" + KEY + "BASE64', found none");
    }
    if (keys.size() > MAX_KEYS || crosses.size() > MAX_KEYS * MAX_KEYS) {
      throw new IOException(
          "%s: expected at most %d root keys, found %d".formatted(file, MAX_KEYS, keys.size()));
    }
    return new TrustedRoots(keys, crosses);
  }

  private static Bytes key(String file, int number, String line) throws IOException {
    Bytes key = decode(file, number, KEY, line);
    if (key.size() == 32) {
      return key;
    }
    throw new IOException(file + ":" + number + ": expected '" + KEY + "' and 32 bytes in base64");
  }

  private static Bytes cross(String file, int number, String line) throws IOException {
    Bytes signed = decode(file, number, CROSS, line);
    try {
      SignedCertificate outer = Formats.SIGNED_CERTIFICATE.decode(signed.toByteArray());
      Certificate inner = Formats.CERTIFICATE.decode(outer.certificate().toByteArray());
      if (isRoot(inner)) {
        return signed;
      }
      throw new IOException(
          "%s:%d: expected the certificate of an Ed25519 ROOT, found %s %s"
              .formatted(file, number, inner.algorithm(), inner.role()));
    } catch (WireException e) {
      throw new IOException(file + ":" + number + ": not a certificate: " + e.getMessage(), e);
    }
  }

  private static Bytes decode(String file, int number, String header, String line)
      throws IOException {
    try {
      String encoded = line.substring(Math.min(header.length(), line.length()));
      byte[] value = Base64.getDecoder().decode(encoded);
      boolean canonical = Base64.getEncoder().encodeToString(value).equals(encoded);
      if (line.startsWith(header) && canonical) {
        return new Bytes(value);
      }
    } catch (IllegalArgumentException e) {
      throw new IOException(file + ":" + number + ": not base64: " + e.getMessage(), e);
    }
    throw new IOException(file + ":" + number + ": expected '" + KEY + "' and 32 bytes in base64");
  }

  private static boolean isRoot(Certificate certificate) {
    return certificate.role() == CertificateRole.ROOT
        && certificate.algorithm().equals("Ed25519")
        && certificate.publicKey().size() == 32;
  }

  /**
   * These roots and those of {@code offered} that are cross-signed with one of them, at any remove:
   * a root is taken in only when a trusted one signed a certificate of it, and it signed one of
   * that trusted one. So neither a stolen old root nor a made-up new one suffices.
   */
  public TrustedRoots extendedBy(TrustedRoots offered) {
    List<Bytes> trusted = new ArrayList<>(keys.values());
    List<Bytes> candidates = new ArrayList<>(offered.keys.values());
    candidates.removeAll(trusted);
    // Each round takes in at least one of at most MAX_KEYS candidates, or is the last.
    boolean grown = true;
    while (grown) {
      List<Bytes> taken =
          candidates.stream()
              .filter(c -> trusted.stream().anyMatch(t -> crossSigned(t, c, offered.crosses)))
              .toList();
      trusted.addAll(taken);
      candidates.removeAll(taken);
      grown = !taken.isEmpty();
    }
    return new TrustedRoots(trusted, offered.crosses);
  }

  private static boolean crossSigned(Bytes one, Bytes other, List<Bytes> crosses) {
    return crosses.stream().anyMatch(c -> vouches(one, other, c))
        && crosses.stream().anyMatch(c -> vouches(other, one, c));
  }

  private static boolean vouches(Bytes issuer, Bytes subject, Bytes signed) {
    try {
      Certificate certificate = new TrustedRoots(List.of(issuer)).verify(signed);
      return isRoot(certificate) && certificate.publicKey().equals(subject);
    } catch (UntrustedException e) {
      return false;
    }
  }

  /** The cross-certificates that were read with the keys. */
  public List<Bytes> crosses() {
    return crosses;
  }

  /** The keys, 32 raw bytes each, in the order of the file. */
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
      verify(outer.rootKey(), outer.signature(), statement(outer.certificate()));
      return Formats.CERTIFICATE.decode(outer.certificate().toByteArray());
    } catch (WireException e) {
      throw new UntrustedException("not a certificate: " + e.getMessage());
    }
  }

  /**
   * Checks that a trusted root signed {@code statement}, which begins with its hash domain.
   *
   * @throws UntrustedException naming the root that is unknown, or whose signature does not verify
   */
  public void verify(KeyId rootKey, SignatureBytes signature, byte[] statement)
      throws UntrustedException {
    Bytes root = keys.get(rootKey);
    if (root == null) {
      throw new UntrustedException("signed by root " + rootKey + ", trusted: " + keys.keySet());
    }
    if (!PublicKeys.verifies(root, signature, statement)) {
      throw new UntrustedException("the signature of root " + rootKey + " does not verify");
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
