package dev.custody.source.git;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SignatureException;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * A signature as {@code ssh-keygen -Y sign} writes it (OpenSSH's PROTOCOL.sshsig). It brings its
 * key along: that it verifies says nothing of who made it.
 */
final class SshSignature {
  static final String BEGIN = "-----BEGIN SSH SIGNATURE-----";

  private static final String END = "-----END SSH SIGNATURE-----";
  private static final byte[] MAGIC = "SSHSIG".getBytes(StandardCharsets.US_ASCII);
  private static final int LONGEST = 16 << 10;

  private final byte[] key;
  private final String namespace;
  private final byte[] reserved;
  private final String hash;
  private final String algorithm;
  private final byte[] signature;

  private SshSignature(SshReader outer) throws SignatureException {
    if (!Arrays.equals(outer.raw(MAGIC.length), MAGIC) || outer.number() != 1) {
      throw new SignatureException("expected a signature of the first version");
    }
    this.key = outer.part();
    this.namespace = outer.text();
    this.reserved = outer.part();
    this.hash = outer.text();
    SshReader inner = new SshReader(outer.part());
    outer.end();
    this.algorithm = inner.text();
    this.signature = inner.part();
    inner.end();
  }

  /**
   * Reads the armoured form.
   *
   * @throws SignatureException when it is none
   */
  static SshSignature parse(String armoured) throws SignatureException {
    String text = armoured.strip();
    if (text.length() > LONGEST || !text.startsWith(BEGIN) || !text.endsWith(END)) {
      throw new SignatureException("expected an armoured signature of at most 16 KiB");
    }
    String body = text.substring(BEGIN.length(), text.length() - END.length());
    try {
      byte[] blob = Base64.getDecoder().decode(body.replaceAll("[\r\n]", ""));
      return new SshSignature(new SshReader(blob));
    } catch (IllegalArgumentException e) {
      throw new SignatureException("expected base64", e);
    }
  }

  byte[] key() {
    return key.clone();
  }

  /**
   * Whether it is a signature of {@code message} for {@code purpose} by its own key; null when its
   * kind isn't checked here.
   */
  @Nullable Boolean verifies(byte[] message, String purpose) throws GeneralSecurityException {
    if (!namespace.equals(purpose)) {
      return false;
    }
    String digest =
        switch (hash) {
          case "sha256" -> "SHA-256";
          case "sha512" -> "SHA-512";
          default -> throw new SignatureException("expected sha256 or sha512");
        };
    return SshKey.verifies(
        key, algorithm, signature, signed(MessageDigest.getInstance(digest).digest(message)));
  }

  private byte[] signed(byte[] digest) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.write(MAGIC);
      for (byte[] part :
          new byte[][] {
            namespace.getBytes(StandardCharsets.ISO_8859_1),
            reserved,
            hash.getBytes(StandardCharsets.ISO_8859_1),
            digest
          }) {
        out.writeInt(part.length);
        out.write(part);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    }
    return bytes.toByteArray();
  }
}
