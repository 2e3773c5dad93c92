package dev.custody.note;

import dev.custody.digest.Bytes;
import dev.custody.digest.Digest;
import dev.custody.digest.StrictText;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * A public key by which a note is verified; as text a "vkey", {@code name+id+base64(type || key)}.
 *
 * @param name who signs, without spaces and plus; of a log its origin
 * @param type what it signs
 * @param publicKey raw: 32 bytes (RFC 8032), or 1,312 (FIPS 204)
 */
public record VerifierKey(String name, KeyType type, Bytes publicKey) {
  private static final int MAX_CHARS = KeyNames.MAX_CHARS + 2048;
  private static final int ID_DIGITS = 8;

  /**
   * @throws IllegalArgumentException for a name or a key that a vkey cannot hold
   */
  public VerifierKey {
    String defect = KeyNames.defect(name);
    if (defect != null) {
      throw new IllegalArgumentException(defect);
    }
    if (publicKey.size() != type.keyBytes()) {
      throw new IllegalArgumentException(
          "expected a public key of %d bytes, found %d"
              .formatted(type.keyBytes(), publicKey.size()));
    }
    // Bytes are equal to their own kind only; a vkey knows no kinds.
    publicKey = new Bytes(publicKey.toByteArray());
  }

  /** The key of a log. */
  public static VerifierKey ed25519(String name, Bytes publicKey) {
    return new VerifierKey(name, KeyType.ED25519, publicKey);
  }

  /** The key of a witness. */
  public static VerifierKey cosigner(String name, Bytes publicKey) {
    return new VerifierKey(name, KeyType.COSIGNATURE, publicKey);
  }

  /**
   * Parses a vkey.
   *
   * @throws NoteException saying what is wrong; another type than those of {@link KeyType} is
   */
  public static VerifierKey parse(String vkey) throws NoteException {
    try {
      return read(vkey);
    } catch (IllegalArgumentException e) {
      throw new NoteException("not a verifier key: " + e.getMessage(), e);
    }
  }

  private static VerifierKey read(String vkey) {
    if (vkey.length() > MAX_CHARS) {
      throw new IllegalArgumentException(
          "expected at most %d characters, found %d".formatted(MAX_CHARS, vkey.length()));
    }
    // Only the first two: base64 may hold more of them.
    String[] parts = vkey.split("\\+", 3);
    if (parts.length != 3) {
      throw new IllegalArgumentException("expected name+id+key, found " + StrictText.shown(vkey));
    }
    byte[] typed = StrictText.base64(parts[2]);
    KeyType type = typed.length == 0 ? null : KeyType.of(typed[0] & 0xff);
    if (type == null) {
      throw new IllegalArgumentException(unknownType(typed));
    }
    VerifierKey key =
        new VerifierKey(parts[0], type, new Bytes(Arrays.copyOfRange(typed, 1, typed.length)));
    if (!parts[1].equals(key.hexId())) {
      throw new IllegalArgumentException(
          "expected key id %s, found %s".formatted(key.hexId(), StrictText.shown(parts[1])));
    }
    return key;
  }

  private static String unknownType(byte[] typed) {
    return "expected a key of type 1 (of a log), 4 or 6 (of a witness), found "
        + (typed.length == 0 ? "no bytes" : "type " + (typed[0] & 0xff));
  }

  /** First four bytes of SHA-256(name || newline || type || key): with the name, who signed. */
  public int id() {
    byte[] digest =
        Digest.sha256(
                (name + "\n").getBytes(StandardCharsets.UTF_8),
                new byte[] {(byte) type.code()},
                publicKey.toByteArray())
            .toByteArray();
    return ByteBuffer.wrap(digest).getInt();
  }

  private String hexId() {
    return HexFormat.of().toHexDigits(id(), ID_DIGITS);
  }

  boolean made(NoteSignature signature) {
    return signature.keyId() == id() && signature.name().equals(name);
  }

  /** The vkey. */
  @Override
  public String toString() {
    byte[] typed = new byte[1 + publicKey.size()];
    typed[0] = (byte) type.code();
    publicKey.copyTo(typed, 1);
    return name + "+" + hexId() + "+" + new Bytes(typed).base64();
  }
}
